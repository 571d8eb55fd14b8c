using System.Globalization;
using System.Text.Json;
using Stemma.Cli.Terminal;
using Stemma.Client;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Cli.Search;

/// <summary>Asks, and writes what was found.</summary>
/// <param name="limit">Null: 50 for people, all for programs.</param>
internal sealed class SearchRun(SearchClient search, string query, string? sort, int? limit)
{
    private const int ForPeople = 50;
    private const int PageSize = 500;

    /// <summary>What is told of a file after its name, as far as it is known.</summary>
    private static readonly string[] Facts = ["accelerating_voltage", "nominal_magnification", "pixel_size", "instrument", "operator"];

    public async Task ListAsync(bool json, CancellationToken cancellationToken)
    {
        var most = limit ?? (json ? int.MaxValue : ForPeople);
        var shown = 0;
        string? cursor = null;
        do
        {
            var page = await search.FindAsync(query, sort, Math.Min(PageSize, most - shown), cursor, cancellationToken).ConfigureAwait(false);
            if (cursor is null && page.Notice is { } notice)
                Say.Line(notice);
            foreach (var hit in page.Items)
                if (json)
                    JsonOutput.Write(hit);
                else
                    Console.Out.WriteLine(Line(hit));
            shown += page.Items.Count;
            if (!json && page.Next is not null && shown >= most)
                Say.Line($"{shown} of {(page.Total is { } total ? total.ToString(CultureInfo.InvariantCulture) : $"about {page.About}")}; more with --limit.");
            cursor = page.Next;
        }
        while (cursor is not null && shown < most);
        if (shown == 0 && !json)
            Say.Line("Nothing found.");
    }

    public async Task FacetsAsync(bool json, CancellationToken cancellationToken)
    {
        var found = await search.FacetsAsync(query, cancellationToken).ConfigureAwait(false);
        if (json)
        {
            JsonOutput.Write(found);
            return;
        }

        Console.Out.WriteLine($"{found.Total} file{(found.Total == 1 ? "" : "s")}");
        foreach (var facet in found.Facets)
        {
            Console.Out.WriteLine(facet.Label);
            foreach (var value in facet.Values)
                Console.Out.WriteLine($"  {value.Count,8}  {Say.OneLine(FacetText.Of(facet, value))}");
            if (facet.More > 0)
                Console.Out.WriteLine($"  {"",8}  and {facet.More} more");
        }
    }

    public async Task ExportAsync(string format, string? fields, CancellationToken cancellationToken)
    {
        var output = Console.OpenStandardOutput();
        await using (output.ConfigureAwait(false))
            await search.ExportAsync(query, format, fields, output, cancellationToken).ConfigureAwait(false);
    }

    private static string Line(SearchHit hit)
    {
        var path = string.Join('/', hit.Path.Select(place => place.Name).Append(hit.File.Name));
        string?[] facts = [hit.Kind, .. Facts.Select(name => Fact(hit.Acquisition, name)), hit.AcquiredAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)];
        var known = string.Join(" · ", facts.OfType<string>());
        return Say.OneLine(known.Length == 0 ? path : $"{path}  ({known})");
    }

    private static string? Fact(JsonElement? acquisition, string name)
    {
        if (acquisition is not { ValueKind: JsonValueKind.Object } terms || !terms.TryGetProperty(name, out var term) || !term.TryGetProperty("value", out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            return value.ToString();
        return name == "nominal_magnification" ? FacetText.Times(value.GetDouble(), 4) : QuantityText.Of(value.GetDouble(), term.TryGetProperty("unit", out var unit) ? unit.GetString() : null);
    }
}
