namespace Stemma.Client;

/// <summary>Finds files by what is known of them. The query language is in docs/search.md.</summary>
public sealed class SearchClient
{
    /// <summary>How long an export may take to begin.</summary>
    private static readonly TimeSpan Begins = TimeSpan.FromMinutes(5);

    private readonly HubConnection _connection;

    internal SearchClient(HubConnection connection) => _connection = connection;

    /// <param name="sort"><c>relevance</c>, <c>newest</c> or a field's name, with a minus for the other way round.</param>
    /// <param name="limit">Of the page, 1 to 1000.</param>
    /// <param name="cursor">The page before's <see cref="SearchPage.Next"/>.</param>
    public Task<SearchPage> FindAsync(string query, string? sort = null, int limit = 100, string? cursor = null, CancellationToken cancellationToken = default) =>
        _connection.GetAsync<SearchPage>($"search?q={Uri.EscapeDataString(query)}&limit={limit}{Parameter("sort", sort)}{Parameter("cursor", cursor)}", cancellationToken);

    /// <summary>How all hits are spread.</summary>
    public Task<SearchFacets> FacetsAsync(string query, CancellationToken cancellationToken = default) =>
        _connection.GetAsync<SearchFacets>($"search/facets?q={Uri.EscapeDataString(query)}", cancellationToken);

    /// <summary>Writes chosen fields of all hits as the hub sends them.</summary>
    /// <param name="format"><c>csv</c> or <c>ndjson</c>.</param>
    /// <param name="fields">Names separated by commas; null: those that the hub chooses.</param>
    public async Task ExportAsync(string query, string format, string? fields, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"search/export?q={Uri.EscapeDataString(query)}&format={format}{Parameter("fields", fields)}");
        using var response = await _connection.SendAsync(request, Begins, cancellationToken).ConfigureAwait(false);
        await response.Content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
