using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search;

/// <summary>
/// Counts how hits are spread over the values of some fields. What the query asks of a counted field at its top narrows all others, but not that field itself:
/// beside a chosen instrument stand the counts of those that could be chosen too.
/// </summary>
internal sealed class FacetQueries(SearchSessions sessions)
{
    private const int MostValues = 50;

    private sealed record ValueRow(int Code, string Value);

    private sealed record RootRow
    {
        public int Number { get; init; }
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
    }

    /// <summary>A field that the query asks of at its top, and what that means for a row.</summary>
    private sealed record Chosen(Field Asked, SearchField Field, Condition Condition);

    /// <summary>Counts of one facet: group → hits.</summary>
    private sealed record Counts(Dictionary<double, long> ByKey);

    /// <exception cref="Web.Problem">400: the query cannot be understood.</exception>
    public async Task<SearchFacets> CountAsync(Actor actor, string? text, CancellationToken cancellationToken)
    {
        await using var session = await sessions.OpenAsync(actor, text, cancellationToken);
        var chosen = new List<Chosen>();
        var rest = new List<Query>();
        foreach (var term in session.Query.Conjuncts())
            if (term is Field asked && SearchFields.Find(asked.Name) is { } field && IsCounted(field))
                chosen.Add(new Chosen(asked, field, await OfChosenAsync(session, asked, field, cancellationToken)));
            else
                rest.Add(term);
        var others = await session.BindAsync(QueryParser.AllOf(rest), cancellationToken);
        var inherited = await session.Places.TagsAsync(session.Connection, cancellationToken);
        var (total, byShape, byPlace) = await CountAsync(session, others, chosen, inherited, cancellationToken);
        var tags = byPlace.ForTags.Tags();
        var facets = new List<Facet>();
        var values = await ValuesAsync(session.Connection, byShape, tags, cancellationToken);
        foreach (var (shape, counts) in FacetShape.All.Zip(byShape))
            facets.Add(ToFacet(shape, counts, values, chosen.Find(selected => selected.Field == shape.Field)?.Asked));
        facets.Add(TagsFacet(tags, values, chosen));
        facets.Add(await ProjectsAsync(session, byPlace.ForProjects.Files, chosen, cancellationToken));
        return new SearchFacets(total, [.. facets.Where(facet => facet.Values.Count > 0)]);
    }

    private static bool IsCounted(SearchField field) => field.Name is SearchFields.Tag or SearchFields.In || FacetShape.All.Any(shape => shape.Field == field);

    /// <summary>By the columns of the row alone: nothing is looked for in its words.</summary>
    private static async Task<Condition> OfChosenAsync(SearchSession session, Field asked, SearchField field, CancellationToken cancellationToken)
    {
        if (field.Kind != SearchFieldKind.Value || asked.Values.Any(value => value is AnyValue))
            return await session.BindAsync(asked, cancellationToken);
        // Understood as in a search, then translated into the codes of the values that it means.
        var bound = await session.BindAsync(asked, cancellationToken);
        var (lexemes, datasets) = bound switch
        {
            Condition.Words words => (words.Lexemes, Array.Empty<int>()),
            Condition.WordsOrPlaces either => (either.Lexemes, either.Datasets),
            _ => (null, []),
        };
        if (lexemes is null)
            return bound;
        var codes = await session.Connection.RowsAsync<int>("""
            select v.code from search_values v
            where v.field = @Name and (select array_to_tsvector(array_agg(@Name || '/' || w) || array[@Name || '=' || v.folded] || array_agg(w)) from unnest(tsvector_to_array(v.words)) w) @@ @lexemes::tsquery
            """, new { field.Name, lexemes = lexemes.ToString() }, cancellationToken);
        var own = new Condition.Sql(field.Name == SearchFields.Tag ? "d.tags && {0}" : $"d.{field.Column} = any ({{0}})", codes.ToArray());
        return datasets.Length == 0 ? own : Condition.AnyOf([own, new Condition.Sql("d.dataset = any ({0})", datasets)]);
    }

    /// <summary>Hits in each dataset, and with each tag: their own, and those that they have from what they lie in. A hit counts once for each.</summary>
    /// <param name="inherited">Tags that the hits in a dataset have from what they lie in.</param>
    private sealed class PlaceCounts(Func<int, HashSet<int>> inherited)
    {
        private readonly Dictionary<int, long> _own = [];

        public Dictionary<int, long> Files { get; } = [];

        public void Add(int dataset, long hits) => CollectionsMarshal.GetValueRefOrAddDefault(Files, dataset, out _) += hits;

        /// <summary>Hits that have a tag themselves: it may be inherited as well.</summary>
        public void AddTag(int dataset, int code, long hits)
        {
            if (!inherited(dataset).Contains(code))
                CollectionsMarshal.GetValueRefOrAddDefault(_own, code, out _) += hits;
        }

        public Dictionary<int, long> Tags()
        {
            var totals = new Dictionary<int, long>(_own);
            foreach (var (dataset, hits) in Files)
                foreach (var code in inherited(dataset))
                    CollectionsMarshal.GetValueRefOrAddDefault(totals, code, out _) += hits;
            return totals;
        }
    }

    /// <param name="ForTags">Without what the query asks of tags.</param>
    /// <param name="ForProjects">Without what it asks of places.</param>
    private sealed record ByPlace(PlaceCounts ForTags, PlaceCounts ForProjects);

    /// <param name="others">What the query asks besides the chosen fields.</param>
    /// <param name="inherited">Tags that the hits in a dataset have from what they lie in.</param>
    private static async Task<(long Total, List<Counts> ByShape, ByPlace ByPlace)> CountAsync(
        SearchSession session, Condition others, List<Chosen> chosen, Func<int, HashSet<int>> inherited, CancellationToken cancellationToken)
    {
        Condition Asked(SearchField? but) => Condition.AllOf([others, .. chosen.Where(selected => selected.Field != but).Select(selected => selected.Condition)]);
        var byShape = FacetShape.All.Select(_ => new Counts([])).ToList();
        var all = new PlaceCounts(inherited);
        var byPlace = new ByPlace(all, all);
        // All counts from one reading of the hits; those of a field that is asked for come from rows of their own, which may be many: without the field.
        var asked = chosen.Select(selected => selected.Field).Distinct().ToList();
        var total = await CountShapesAsync(session, Asked(null), [.. FacetShape.All.Where(shape => !asked.Contains(shape.Field))], byShape, all, cancellationToken);
        foreach (var field in asked)
            if (FacetShape.All.FirstOrDefault(shape => shape.Field == field) is { } shape)
                await CountShapesAsync(session, Asked(field), [shape], byShape, null, cancellationToken);
            else
            {
                var places = new PlaceCounts(inherited);
                await CountShapesAsync(session, Asked(field), [], byShape, places, cancellationToken);
                byPlace = field.Name == SearchFields.Tag ? byPlace with { ForTags = places } : byPlace with { ForProjects = places };
            }

        return (total, byShape, byPlace);
    }

    /// <summary>From counts that are kept where all files are meant and there are such; the rest from the rows.</summary>
    /// <returns>How many rows there were; 0 without places.</returns>
    private static async Task<long> CountShapesAsync(
        SearchSession session, Condition condition, IReadOnlyList<FacetShape> shapes, List<Counts> byShape, PlaceCounts? byPlace, CancellationToken cancellationToken)
    {
        if (condition is not Condition.All { Terms.IsEmpty: true })
            return await CountRowsAsync(session, condition, shapes, byShape, byPlace, cancellationToken);
        if (byPlace is not null)
            await CountPlacesAsync(session, byPlace, cancellationToken);
        foreach (var shape in shapes.Where(shape => shape.Kind == "values"))
            await CountValuesAsync(session, shape.Field, byShape[FacetShape.All.Index().First(pair => pair.Item == shape).Index], cancellationToken);
        var others = shapes.Where(shape => shape.Kind != "values").ToList();
        if (others.Count > 0)
            await CountRowsAsync(session, condition, others, byShape, null, cancellationToken);
        return byPlace?.Files.Values.Sum() ?? 0;
    }

    /// <summary>How often each value of a field occurs where the actor sees it.</summary>
    private static async Task CountValuesAsync(SearchSession session, SearchField field, Counts counts, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { field.Name };
        await using var command = session.Command(session.Reach.Hidden.Length == 0 ? "select v.code, v.count from search_values v where v.field = $1 and v.count > 0" : $"""
            select d.code, sum(d.count)::bigint from search_dataset_values d
            where d.code in (select v.code from search_values v where v.field = $1) and d.count > 0 and {session.Reach.ToCondition().ToSql(parameters)} group by d.code
            """, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counts.ByKey[reader.GetInt32(0)] = reader.GetInt64(1);
    }

    /// <summary>How many files each dataset has, and of these how many each tag: these counts are kept as well.</summary>
    private static async Task CountPlacesAsync(SearchSession session, PlaceCounts counts, CancellationToken cancellationToken)
    {
        var parameters = new List<object> { SearchFields.Tag };
        await using var command = session.Command($"""
            select d.dataset, d.code, d.count from search_dataset_values d
            where d.code in (select {DocumentWriter.AnyFile} union all select v.code from search_values v where v.field = $1) and d.count > 0 and {session.Reach.ToCondition().ToSql(parameters)}
            """, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            if (reader.GetInt32(1) is var code && code == DocumentWriter.AnyFile)
                counts.Add(reader.GetInt32(0), reader.GetInt32(2));
            else
                counts.AddTag(reader.GetInt32(0), code, reader.GetInt32(2));
    }

    /// <summary>
    /// Reads the rows of a condition once, and adds what is counted of some shapes, and of datasets and tags, to what is given. They are counted here: PostgreSQL takes half again as long to
    /// group them in as many ways, and then tells nearly a group a row.
    /// </summary>
    /// <returns>How many rows there were.</returns>
    private static async Task<long> CountRowsAsync(
        SearchSession session, Condition condition, IReadOnlyList<FacetShape> shapes, List<Counts> byShape, PlaceCounts? byPlace, CancellationToken cancellationToken)
    {
        var asked = FacetShape.All.Index().Where(pair => shapes.Contains(pair.Item)).ToList();
        string[] columns = [.. asked.Select(pair => $"d.{pair.Item.Field.Column}"), .. byPlace is null ? Array.Empty<string>() : ["d.dataset", "d.tags"]];
        await using var command = session.Command($"select {string.Join(", ", columns)} from search_documents d where ", Condition.AllOf([condition, session.Reach.ToCondition()]), "");
        long total = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (; await reader.ReadAsync(cancellationToken); total++)
        {
            for (var column = 0; column < asked.Count; column++)
                if (!reader.IsDBNull(column) && asked[column].Item.KeyOf(reader, column) is var key && !double.IsNaN(key))
                    CollectionsMarshal.GetValueRefOrAddDefault(byShape[asked[column].Index].ByKey, key, out _)++;
            if (byPlace is null)
                continue;
            var dataset = reader.GetInt32(asked.Count);
            byPlace.Add(dataset, 1);
            foreach (var code in reader.IsDBNull(asked.Count + 1) ? [] : reader.GetFieldValue<int[]>(asked.Count + 1))
                byPlace.AddTag(dataset, code, 1);
        }

        return total;
    }

    private static async Task<Dictionary<int, string>> ValuesAsync(NpgsqlConnection connection, List<Counts> byShape, Dictionary<int, long> tags, CancellationToken cancellationToken)
    {
        var codes = FacetShape.All.Zip(byShape).Where(pair => pair.First.Kind == "values").SelectMany(pair => Largest(pair.Second.ByKey).Select(count => (int)count.Key))
            .Concat(Largest(tags).Select(count => count.Key)).Distinct().ToArray();
        return (await connection.RowsAsync<ValueRow>("select code, value from search_values where code = any (@codes)", new { codes }, cancellationToken)).ToDictionary(row => row.Code, row => row.Value);
    }

    private static IEnumerable<KeyValuePair<TKey, long>> Largest<TKey>(Dictionary<TKey, long> counts) where TKey : notnull => counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key).Take(MostValues);

    private static Facet ToFacet(FacetShape shape, Counts counts, Dictionary<int, string> values, Field? asked)
    {
        var field = shape.Field;
        IReadOnlyList<FacetValue> found = shape.Kind switch
        {
            "values" => [.. Largest(counts.ByKey).Where(count => values.ContainsKey((int)count.Key)).Select(count => values[(int)count.Key] is var value ? new FacetValue(value, value, count.Value, null, null, IsAsked(asked, value)) : null!)],
            "bins" => [.. counts.ByKey.OrderBy(count => count.Key).Select(count => new FacetValue("", "", count.Value, Edge(count.Key), Edge(count.Key + 1), false))],
            "numbers" => [.. Largest(counts.ByKey).OrderBy(count => count.Key).Select(count => new FacetValue(count.Key.ToString("R", CultureInfo.InvariantCulture), "", count.Value, count.Key, count.Key, IsAsked(asked, count.Key, field.Unit)))],
            _ => [.. counts.ByKey.OrderBy(count => count.Key).Select(count => Month(count.Key) is var month ? new FacetValue(month, month, count.Value, null, null, false) : null!)],
        };
        return new Facet(field.Name, field.Label, shape.Kind, field.Unit, found, Math.Max(0, counts.ByKey.Count - found.Count));
    }

    private static double Edge(double bin) => Math.Pow(10, bin / FacetShape.BinsPerDecade);

    private static string Month(double months) => string.Create(CultureInfo.InvariantCulture, $"{(int)months / 12:0000}-{((int)months % 12) + 1:00}");

    private static bool IsAsked(Field? asked, string value) => asked is not null && asked.Values.Any(form => form switch
    {
        Phrase phrase => Folding.FoldValue(phrase.Content) == Folding.FoldValue(value),
        Word word => Folding.FoldValue(word.Content) == Folding.FoldValue(value),
        Comparison { Operator: "=" } equal => Folding.FoldValue(equal.Content) == Folding.FoldValue(value),
        _ => false,
    });

    private static bool IsAsked(Field? asked, double value, string? unit) => asked is not null && asked.Values.Any(form =>
        form is Word && Bounds.OfNumber(form, unit) is var bounds && bounds.From <= value && value <= bounds.To);

    private static Facet TagsFacet(Dictionary<int, long> tags, Dictionary<int, string> values, List<Chosen> chosen)
    {
        var asked = chosen.Find(selected => selected.Field.Name == SearchFields.Tag)?.Asked;
        var found = Largest(tags).Select(total => new FacetValue(values[total.Key], values[total.Key], total.Value, null, null, IsAsked(asked, values[total.Key]))).ToList();
        return new Facet(SearchFields.Tag, "Tags", "values", null, found, Math.Max(0, tags.Count - found.Count));
    }

    /// <summary>The topmost nodes that the actor sees: projects, or what is shared out of hidden ones.</summary>
    private static async Task<Facet> ProjectsAsync(SearchSession session, Dictionary<int, long> counts, List<Chosen> chosen, CancellationToken cancellationToken)
    {
        var files = new Dictionary<int, long>();
        foreach (var (dataset, count) in counts)
            if (count > 0 && session.Reach.RootOf(dataset) is { } root)
                files[root] = files.GetValueOrDefault(root) + count;
        var roots = await session.Connection.RowsAsync<RootRow>("select number, id, name from nodes where number = any (@numbers)", new { numbers = files.Keys.ToArray() }, cancellationToken);
        var asked = chosen.Find(selected => selected.Field.Name == SearchFields.In)?.Asked;
        var found = roots.ConvertAll(root => (root.Id, root.Name, Count: files[root.Number])).OrderByDescending(root => root.Count).ThenBy(root => root.Name, StringComparer.Ordinal).ToList();
        var names = found.CountBy(root => root.Name).ToDictionary();
        return new Facet(SearchFields.In, "Project", "values", null,
            [.. found.Take(MostValues).Select(root => (names[root.Name] > 1 ? root.Id.ToString() : root.Name) is var value ? new FacetValue(value, root.Name, root.Count, null, null, IsAsked(asked, value)) : null!)], Math.Max(0, found.Count - MostValues));
    }
}
