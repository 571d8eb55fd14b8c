using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search.Finding;

/// <summary>Projects, collections, datasets and spaces as a search sees them.</summary>
internal sealed class Places(Reach reach)
{
    /// <summary>What was looked up: a query is bound more than once.</summary>
    private readonly Dictionary<string, int[]> _matching = [];

    private sealed record Called
    {
        public string Words { get; init; } = "";
        public int[] Numbers { get; init; } = [];
    }

    /// <summary>Datasets that are called so, or lie in something that is and that the actor sees: the name of a project that is hidden tells nothing.</summary>
    public async Task<int[]> MatchingAsync(NpgsqlConnection connection, Lexemes lexemes, CancellationToken cancellationToken)
    {
        await LookUpAsync(connection, [lexemes], cancellationToken);
        return _matching[lexemes.ToString()];
    }

    /// <summary>Asks for all of them at once, and remembers.</summary>
    public async Task LookUpAsync(NpgsqlConnection connection, IEnumerable<Lexemes> lexemes, CancellationToken cancellationToken)
    {
        var words = lexemes.Select(asked => asked.ToString()).Where(asked => !_matching.ContainsKey(asked)).Distinct().ToArray();
        if (words.Length == 0)
            return;
        foreach (var called in await connection.RowsAsync<Called>(
            "select a.words, array(select p.number from search_places p where p.words @@ a.words::tsquery) as numbers from unnest(@words) as a (words)", new { words }, cancellationToken))
            _matching[called.Words] = reach.DatasetsIn(called.Numbers);
    }

    /// <summary>Datasets into whose fields, or into those of something above that the actor sees, people wrote such a value.</summary>
    /// <param name="test">SQL of a row v of <c>field_values</c>.</param>
    /// <param name="parameters">The fields, and those of the test: <c>{0}</c>, <c>{1}</c> ….</param>
    public async Task<int[]> HoldingAsync(NpgsqlConnection connection, string test, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select coalesce(array_agg(distinct n.number), '{"{}"}') from field_values v join nodes n on n.id = v.object_id
            where v.field_id = any ($1) and v.ended_at is null and {string.Format(System.Globalization.CultureInfo.InvariantCulture, test, [.. parameters.Select((_, place) => $"${place + 1}")])}
            """, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return reach.DatasetsIn((int[])(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private sealed record Tagged
    {
        public int Number { get; init; }
        public int[] Tags { get; init; } = [];
    }

    /// <summary>What says which tags the files of a dataset have from it and from what it lies in, as far as the actor sees that.</summary>
    public async Task<Func<int, HashSet<int>>> TagsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tags = (await connection.RowsAsync<Tagged>("select number, tags from search_places where tags <> '{}'", null, cancellationToken)).ToDictionary(tagged => tagged.Number, tagged => tagged.Tags);
        var ofDatasets = new Dictionary<int, HashSet<int>>();
        return dataset =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ofDatasets.TryGetValue(dataset, out var known) ? known
                : ofDatasets[dataset] = [.. reach.Tree.Above(dataset, reach.Sees).SelectMany(place => tags.GetValueOrDefault(place) ?? [])];
        };
    }

    /// <summary>Nodes whose own words match, those of that name first.</summary>
    public async Task<IReadOnlyList<NodeName>> NamedAsync(NpgsqlConnection connection, Lexemes lexemes, int most, CancellationToken cancellationToken) =>
        await connection.RowsAsync<NodeName>($"""
            with {Reach.Mine},
            named as materialized (select n.id, n.kind, n.name, n.scope_id from search_places p join nodes n on n.number = p.number where p.words @@ @words::tsquery and n.trashed_at is null)
            select n.id, n.kind, n.name from named n where {reach.Sees("n.scope_id")}
            order by length(n.name), n.name, n.id limit @most
            """, new { words = lexemes.ToString(), reach.Scopes, most }, cancellationToken);

    /// <summary>The datasets in a place: by its id, by its path of names from the top, or by the end of that.</summary>
    /// <exception cref="QueryException">There is none that the actor sees.</exception>
    public async Task<int[]> WithinAsync(NpgsqlConnection connection, string path, Span where, CancellationToken cancellationToken)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length is 0 or > 100)
            throw new QueryException(where, "Name a project, collection, dataset or space: in:\"Steel 2017/EELS\".");
        var found = await connection.RowsAsync<int>($"""
            with recursive {Reach.Mine},
            walk(id, depth) as (
                select n.id, 1 from nodes n where lower(n.name) = lower((@names::text[])[1]) and n.trashed_at is null and {reach.Sees("n.scope_id")}
                union all
                select n.id, w.depth + 1 from walk w join nodes n on n.parent_id = w.id where lower(n.name) = lower((@names::text[])[w.depth + 1]) and n.trashed_at is null and {reach.Sees("n.scope_id")})
            select n.number from nodes n join walk w on w.id = n.id where w.depth = cardinality(@names::text[])
            union
            select n.number from nodes n where n.id = @asId and n.trashed_at is null and {reach.Sees("n.scope_id")}
            """, new { reach.Scopes, names, asId = Guid.TryParse(path, out var id) ? id : (Guid?)null }, cancellationToken);
        if (found.Count == 0)
            throw new QueryException(where, $"You see no project, collection, dataset or space called \"{path}\". Write its name, or its path of names: in:\"Steel 2017/EELS\".");
        return [.. reach.DatasetsIn(found).Where(dataset => reach.RootOf(dataset) is not null)];
    }
}
