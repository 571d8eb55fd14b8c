using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>Random catalogs with random sharing, random queries: each actor finds exactly what a naive model finds among the files that it sees.</summary>
public sealed class QueriesAgainstModelTests(TestDatabase database)
{
    private static readonly string[] Vocabulary = ["gold", "golden", "iron", "steel", "eels", "grain", "go", "2017"];
    private static readonly string[] Instruments = ["Titan", "Titan Themis", "Osiris"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="Places">Words of the nodes above it, each with the node.</param>
    private sealed record Known(string Name, string[] Words, string? Instrument, double? Voltage, double? PixelSize, string[] Tags, Guid Dataset, (Guid Node, string[] Words)[] Places);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everybody_finds_what_a_naive_model_finds(int seed)
    {
        var random = new Random(seed);
        await using var stage = await SearchStage.SetAsync(database);
        var actors = new List<TestActor> { stage.Administrator, await stage.Hub.AccountAsync("olga"), await stage.Hub.AccountAsync("viktor"), stage.Hub.Stranger() };
        var files = await FillAsync(stage, actors, random);
        await stage.IndexedAsync();
        var seen = await SeenAsync(stage, actors);
        for (var number = 0; number < 60; number++)
        {
            var query = AnyQuery(random, 0);
            var text = query.Print();
            QueryParser.TryParse(text, out var parsed, out var error).ShouldBeTrue($"{text}: {error?.Message}");
            parsed.Equals(query).ShouldBeTrue(text);
            foreach (var (place, actor) in actors.Index())
            {
                var expected = files.Where(file => seen[place].Contains(file.Dataset) && Matches(query, file, seen[place])).Select(file => file.Name).Order(StringComparer.Ordinal).ToList();
                var when = $"seed {seed}, actor {place}: {text}";
                string.Join("|", (await stage.NamesAsync(text, actor, limit: 7)).Order(StringComparer.Ordinal)).ShouldBe(string.Join("|", expected), when);
                ((long)(await stage.FacetsAsync(text, actor))["total"]!).ShouldBe(expected.Count, when);
                ((long?)(await stage.SearchAsync(text, actor, "&limit=1"))["total"]).ShouldBe(expected.Count, when);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_text_whatsoever_is_an_error_of_ours(int seed)
    {
        var random = new Random(seed);
        await using var stage = await SearchStage.SetAsync(database);
        await FillAsync(stage, [stage.Administrator], random);
        await stage.IndexedAsync();
        string[] pieces =
        [
            "gold", "\"", "(", ")", "-", "NOT ", " OR ", ":", ",", "*", "..", ">=", "<", "=", "voltage", "pixel_size:", "1e400m", "0.1nm", "date:", "9999", "0001-01", "tag:", "in:", "by:", "has:", "original.", "o1=", "'", "\\", "%", "_", "{0}",
            "$1", "--", "\u0001", "é", "\ud83d\ude00", "µm", "&", "|", "!", "<->", ":*", " ", "\t", "9".PadLeft(400, '9'), "size:", "kind:", "instrument:", "name:", "9999-12-31", "x:y", "\0",
        ];
        for (var number = 0; number < 400; number++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (var route in new[] { "search", "search/facets", "search/suggestions", "search/export" })
            {
                using var answer = await stage.Administrator.Client.GetAsync($"{route}?q={Uri.EscapeDataString(text)}", Cancelled);
                ((int)answer.StatusCode is 200 or 400).ShouldBeTrue($"{route} {text}: {await answer.Content.ReadAsStringAsync(Cancelled)}");
            }
        }
    }

    private static async Task<List<Known>> FillAsync(SearchStage stage, List<TestActor> actors, Random random)
    {
        var files = new List<Known>();
        for (var number = 0; number < 4; number++)
        {
            var projectName = $"{Any(random, Vocabulary)} p{number}";
            var project = await stage.Administrator.ProjectAsync(projectName);
            var collectionName = $"{Any(random, Vocabulary)} c{number}";
            var collection = await stage.Administrator.CollectionAsync(project, collectionName);
            for (var inner = 0; inner < 2; inner++)
            {
                var datasetName = $"{Any(random, Vocabulary)} d{inner}";
                var dataset = await stage.Administrator.DatasetAsync(collection, datasetName);
                foreach (var node in new[] { project, collection, dataset })
                    if (random.Next(4) == 0 && actors.Count > 1)
                        await stage.Administrator.MustAsync("PUT", $"nodes/{node}/grants/{Any(random, actors[1..^1]).Id}", new System.Text.Json.Nodes.JsonObject { ["role"] = "guest" });
                for (var file = 0; file < 6; file++)
                {
                    string[] words = [Any(random, Vocabulary), Any(random, Vocabulary), $"n{files.Count}"];
                    var known = new Known(string.Join('_', words) + ".dm3", [.. words, "dm3"], random.Next(3) == 0 ? null : Any(random, Instruments), random.Next(3) == 0 ? null : Any(random, [100_000.0, 200_000.0, 300_000.0]),
                        random.Next(3) == 0 ? null : random.Next(1, 40) * 1e-10, [.. Vocabulary.Where(_ => random.Next(8) == 0)], dataset,
                        [(project, projectName.Split(' ')), (collection, collectionName.Split(' ')), (dataset, datasetName.Split(' '))]);
                    var terms = new Dictionary<string, object>();
                    if (known.Instrument is { } instrument)
                        terms["instrument"] = instrument;
                    if (known.Voltage is { } voltage)
                        terms["accelerating_voltage"] = voltage;
                    if (known.PixelSize is { } size)
                        terms["pixel_size"] = size;
                    await stage.FileAsync(dataset, known.Name, terms, tags: known.Tags, format: "X9");
                    files.Add(known);
                }
            }
        }

        return files;
    }

    private static async Task<List<HashSet<Guid>>> SeenAsync(SearchStage stage, List<TestActor> actors)
    {
        await using var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        var seen = new List<HashSet<Guid>>();
        foreach (var actor in actors)
            seen.Add([.. await connection.QueryAsync<Guid>("select id from nodes where capabilities_on(@Id, 63, scope_id) & 1 <> 0", new { actor.Id })]);
        return seen;
    }

    private static Query AnyQuery(Random random, int depth) => random.Next(depth < 3 ? 10 : 6) switch
    {
        0 or 1 => new Text(AnyText(random)),
        2 => new Field("instrument", [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => (TextForm)(random.Next(2) == 0 ? new Word(Any(random, ["titan", "osi", "themis"]), default) : new Phrase(Any(random, Instruments), default)))], default),
        3 => new Field("accelerating_voltage", [Any<TextForm>(random, [new Word("200kV", default), new Comparison(">=", "200kV", default), new Comparison("<", "200kV", default), new Language("100kV", "200kV").ToRange(), new AnyValue(default)])], default),
        4 => new Field("pixel_size", [Any<TextForm>(random, [new Comparison(">", "1nm", default), new Language(null, "20Å").ToRange(), new Word($"{random.Next(1, 40).ToString(CultureInfo.InvariantCulture)}Å", default)])], default),
        5 => new Field("tag", [random.Next(2) == 0 ? new Phrase(Any(random, Vocabulary), default) : new Word(Any(random, Vocabulary), default)], default),
        6 => AnyQuery(random, depth + 1) is var inner && inner is Not not ? not.Term : new Not(inner),
        7 => Flat(Enumerable.Range(0, 2).Select(_ => AnyQuery(random, depth + 1)), all: false),
        _ => Flat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => AnyQuery(random, depth + 1)), all: true),
    };

    private sealed record Language(string? From, string? To)
    {
        public Hub.Search.Language.Range ToRange() => new(From, To, default);
    }

    private static Query Flat(IEnumerable<Query> terms, bool all)
    {
        var flat = terms.SelectMany(term => all ? term is And and ? and.Terms : [term] : term is Or or ? or.Terms : [term]).ToImmutableArray();
        return flat.Length == 1 ? flat[0] : all ? new And(flat) : new Or(flat);
    }

    private static TextForm AnyText(Random random) => Any(random, Vocabulary) is var word && random.Next(3) switch
    {
        0 => new Phrase(word, default),
        1 => new Prefix(word[..2], default),
        _ => (TextForm)new Word(word, default),
    } is var form ? form : throw new InvalidOperationException();

    private static T Any<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    // The rules of docs/search.md, said once more as simply as can be.
    private static bool Matches(Query query, Known file, HashSet<Guid> seen) => query switch
    {
        And all => all.Terms.All(term => Matches(term, file, seen)),
        Or any => any.Terms.Any(term => Matches(term, file, seen)),
        Not not => !Matches(not.Term, file, seen),
        Text text => HasWord([.. file.Words, .. file.Tags, .. Split(file.Instrument), "x9", "x", "9", .. file.Words.Where(word => word.StartsWith('n')).SelectMany(word => new[] { "n", word[1..] }), "dm", "3"], text.Form)
            || file.Places.Any(place => seen.Contains(place.Node) && HasWord([.. place.Words, .. place.Words.SelectMany(word => word.Length == 2 ? [word[..1], word[1..]] : Array.Empty<string>())], text.Form)),
        Field { Name: "instrument" } field => file.Instrument is { } instrument && field.Values.Any(value => value is Phrase phrase ? string.Equals(phrase.Content, instrument, StringComparison.OrdinalIgnoreCase) : HasWord(Split(instrument), value)),
        Field { Name: "tag" } field => field.Values.Any(value => value is Phrase phrase && Vocabulary.Contains(phrase.Content) ? file.Tags.Contains(phrase.Content) : HasWord(file.Tags, value)),
        Field { Name: "accelerating_voltage" } field => file.Voltage is { } voltage && field.Values.All(value => value switch
        {
            Word => voltage == 200_000,
            Comparison { Operator: ">=" } => voltage >= 200_000,
            Comparison => voltage < 200_000,
            Hub.Search.Language.Range => voltage is >= 100_000 and <= 200_000,
            _ => true,
        }),
        Field { Name: "pixel_size" } field => file.PixelSize is { } size && Math.Round(size * 1e10) is var angstrom && field.Values.All(value => value switch
        {
            Comparison => angstrom > 10,
            Word word => angstrom == int.Parse(word.Content.TrimEnd('Å'), CultureInfo.InvariantCulture),
            _ => angstrom <= 20,
        }),
        _ => throw new InvalidOperationException("The model does not know this query."),
    };

    private static string[] Split(string? text) => text?.ToLowerInvariant().Split(' ') ?? [];

    private static bool HasWord(IEnumerable<string> words, TextForm form) => form switch
    {
        Phrase phrase => words.Contains(phrase.Content),
        Prefix prefix => words.Any(word => word.StartsWith(prefix.Content, StringComparison.Ordinal)),
        Word word => words.Any(found => word.Content.Length >= 3 && !char.IsDigit(word.Content[0]) ? found.StartsWith(word.Content, StringComparison.Ordinal) : found == word.Content),
        _ => throw new InvalidOperationException("The model does not know this form."),
    };
}
