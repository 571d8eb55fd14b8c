using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Extraction;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>A hub with files of which everything is known, put into the catalog as a worker's results would be.</summary>
internal sealed class SearchStage : IAsyncDisposable
{
    private SearchStage(TestHub hub, TestActor administrator)
    {
        Hub = hub;
        Administrator = administrator;
    }

    public TestHub Hub { get; }

    public TestActor Administrator { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SearchStage> SetAsync(TestDatabase database)
    {
        var hub = await TestHub.StartAsync(database);
        return new SearchStage(hub, await hub.AccountAsync("anton", administrator: true));
    }

    /// <param name="acquisition">Term → value: text or number.</param>
    /// <param name="original">The vendor's tree.</param>
    public async Task<Guid> FileAsync(Guid dataset, string name, object? acquisition = null, JsonNode? original = null, string[]? tags = null, string? format = "TIFF", JsonArray? axes = null)
    {
        var (set, extraction) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var terms = new JsonObject(JsonSerializer.SerializeToNode(acquisition ?? new { })!.AsObject().Select(term =>
            KeyValuePair.Create(term.Key, (JsonNode?)new JsonObject { ["value"] = term.Value!.DeepClone(), ["source"] = "test" })));
        await using var connection = await Hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync("insert into file_sets (id, dataset_id, name, grouping_key, tags, size) values (@set, @dataset, @name, @name, @tags, 1000)", new { set, dataset, name, tags = tags ?? [] });
        await connection.ExecuteAsync("insert into files (id, file_set_id, dataset_id, path, role, size, sha256, deposited_by, deposited_via) values (gen_random_uuid(), @set, @dataset, @name, 'primary', 1000, sha256(@set::text::bytea), @Id, 'upload')",
            new { set, dataset, name, Administrator.Id });
        if (format is null)
            return set;
        await connection.ExecuteAsync("insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds) values (@extraction, @set, 1, 'test', @format, '1', '1', @terms::jsonb, 0)",
            new { extraction, set, format, terms = terms.ToJsonString() });
        if (axes is not null)
            await connection.ExecuteAsync("insert into images (id, extraction_id, file_set_id, index, shape, pixel_type, axes) values (gen_random_uuid(), @extraction, @set, 0, '{8,8}', 'uint8', @axes::jsonb)", new { extraction, set, axes = axes.ToJsonString() });
        if (original is not null)
        {
            using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(original.ToJsonString()));
            var (sha256, size) = await Hub.Services.GetRequiredService<ArtifactStore>().WriteAsync(bytes, Cancelled);
            await connection.ExecuteAsync("insert into artifacts (extraction_id, name, media_type, sha256, size) values (@extraction, 'original', 'application/json', @sha256, @size)", new { extraction, sha256, size });
        }

        await connection.ExecuteAsync("update file_sets set extraction_id = @extraction, reading = 'read' where id = @set", new { set, extraction });
        return set;
    }

    /// <summary>Waits until the index has taken in all that changed.</summary>
    public async Task IndexedAsync()
    {
        await using var connection = await Hub.Database.OpenConnectionAsync(Cancelled);
        var indexer = Hub.Services.GetRequiredService<SearchIndexer>();
        do
            await indexer.TakeAsync(Cancelled);
        while (await connection.ExecuteScalarAsync<bool>("select exists (select from search_changes)"));
    }

    public async Task RunAsync(string sql, object parameters)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(sql, parameters);
    }

    public Task<JsonNode> SearchAsync(string query, TestActor? actor = null, string more = "") => (actor ?? Administrator).MustAsync("GET", $"search?q={Uri.EscapeDataString(query)}{more}");

    public Task<JsonNode> FacetsAsync(string query, TestActor? actor = null) => (actor ?? Administrator).MustAsync("GET", $"search/facets?q={Uri.EscapeDataString(query)}");

    /// <summary>Names of all files found, over all pages, in the order in which they come.</summary>
    public async Task<List<string>> NamesAsync(string query, TestActor? actor = null, string more = "", int limit = 100)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await SearchAsync(query, actor, $"{more}&limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["file"]!["name"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return names;
    }

    /// <summary>The problem of a query that is refused.</summary>
    public async Task<JsonObject> RefusedAsync(string query)
    {
        using var answer = await Administrator.Client.GetAsync($"search?q={Uri.EscapeDataString(query)}", Cancelled);
        ((int)answer.StatusCode).ShouldBe(400, query);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
