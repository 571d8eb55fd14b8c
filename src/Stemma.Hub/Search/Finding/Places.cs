using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search.Finding;

/// <summary>Projects, collections, datasets and spaces as a search sees them.</summary>
internal sealed class Places(Reach reach)
{
    // Projects, collections and datasets below some nodes that the actor sees, and what is placed in spaces: whoever sees a node sees all below it. Row by row, since the planner takes
    // them for many and would read all nodes; and each once, since what is called so may lie in what is called so.
    private const string Down = """
        top(word, id) as (
            select word, id from meant
            union
            select m.word, p.node_id from meant m cross join lateral (select p.node_id from placements p where p.space_id = m.id offset 0) p),
        down(word, id, kind, number) as (
            select t.word, n.id, n.kind, n.number from top t cross join lateral (select n.* from nodes n where n.id = t.id and n.trashed_at is null offset 0) n
            union all
            select d.word, c.id, c.kind, c.number from down d cross join lateral (select c.* from nodes c where c.parent_id = d.id and c.trashed_at is null offset 0) c
            where d.kind <> 'dataset' and (d.word, c.id) not in (select word, id from top))
        """;

    /// <summary>What was looked up: a query is bound more than once.</summary>
    private readonly Dictionary<string, int[]> _matching = [];

    private sealed record Matched
    {
        public string Words { get; init; } = "";
        public int[] Datasets { get; init; } = [];
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
        foreach (var asked in words)
            _matching[asked] = [];
        foreach (var found in await connection.RowsAsync<Matched>($"""
            with recursive {Reach.Mine},
            meant(word, id) as (
                select a.words, n.id from unnest(@words) as a(words) join search_places p on p.words @@ a.words::tsquery join nodes n on n.number = p.number
                where n.trashed_at is null and {reach.Sees("n.scope_id")}),
            {Down}
            select word as words, array_agg(number) as datasets from down where kind = 'dataset' group by word
            """, new { words, reach.Scopes }, cancellationToken))
            _matching[found.Words] = found.Datasets;
    }

    /// <summary>Datasets into whose fields, or into those of something above that the actor sees, people wrote such a value.</summary>
    /// <param name="test">SQL of a row v of <c>field_values</c>.</param>
    /// <param name="parameters">The fields, and those of the test: <c>{0}</c>, <c>{1}</c> ….</param>
    public async Task<int[]> HoldingAsync(NpgsqlConnection connection, string test, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with recursive meant(word, id) as (
                select distinct '', n.id from field_values v join nodes n on n.id = v.object_id
                where v.field_id = any ($1) and v.ended_at is null and {string.Format(System.Globalization.CultureInfo.InvariantCulture, test, [.. parameters.Select((_, place) => $"${place + 1}")])}
                  and n.trashed_at is null and n.scope_id in (select unnest(${parameters.Length + 1}::uuid[]))),
            {Down}
            select coalesce(array_agg(number), '{"{}"}') from down where kind = 'dataset'
            """, connection);
        foreach (var value in parameters.Append(reach.Scopes))
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (int[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record Tagged
    {
        public int Number { get; init; }
        public int[] Tags { get; init; } = [];
        public int[] Datasets { get; init; } = [];
    }

    /// <summary>Tags of datasets that the actor sees: their own, and those of what they lie in, as far as the actor sees that.</summary>
    public async Task<Dictionary<int, HashSet<int>>> TagsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<int, HashSet<int>>();
        void Add(int dataset, int[] added) => (tags.TryGetValue(dataset, out var known) ? known : tags[dataset] = []).UnionWith(added);
        // Most that are tagged are datasets, for which nothing is walked.
        var above = new List<int>();
        foreach (var tagged in await connection.RowsAsync<Tagged>("select number, tags from search_places where tags <> '{}'", null, cancellationToken))
            if (reach.RootOf(tagged.Number) is not null)
                Add(tagged.Number, tagged.Tags);
            else
                above.Add(tagged.Number);
        foreach (var tagged in await connection.RowsAsync<Tagged>($"""
            with recursive {Reach.Mine},
            down(place, id, kind, number) as (
                select n.number, n.id, n.kind, n.number from nodes n where n.number = any (@above) and n.kind <> 'dataset' and n.trashed_at is null and {reach.Sees("n.scope_id")}
                union all
                select d.place, c.id, c.kind, c.number from down d cross join lateral (select c.* from nodes c where c.parent_id = d.id and c.trashed_at is null offset 0) c where d.kind <> 'dataset')
            select p.number, p.tags, array_agg(down.number) as datasets from down join search_places p on p.number = down.place where down.kind = 'dataset' group by p.number
            """, new { above, reach.Scopes }, cancellationToken))
            foreach (var dataset in tagged.Datasets)
                Add(dataset, tagged.Tags);
        return tags;
    }

    /// <summary>Nodes whose own words match, those of that name first.</summary>
    public async Task<IReadOnlyList<NodeName>> NamedAsync(NpgsqlConnection connection, Lexemes lexemes, int most, CancellationToken cancellationToken) =>
        await connection.RowsAsync<NodeName>($"""
            with {Reach.Mine}
            select n.id, n.kind, n.name from search_places p join nodes n on n.number = p.number
            where p.words @@ @words::tsquery and n.trashed_at is null and {reach.Sees("n.scope_id")}
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
                select n.id, w.depth + 1 from walk w join nodes n on n.parent_id = w.id where lower(n.name) = lower((@names::text[])[w.depth + 1]) and n.trashed_at is null and {reach.Sees("n.scope_id")}),
            meant(word, id) as (
                select '', n.id from nodes n join walk w on w.id = n.id where w.depth = cardinality(@names::text[])
                union
                select '', n.id from nodes n where n.id = @asId and n.trashed_at is null and {reach.Sees("n.scope_id")}),
            {Down}
            select number from down
            """, new { reach.Scopes, names, asId = Guid.TryParse(path, out var id) ? id : (Guid?)null }, cancellationToken);
        if (found.Count == 0)
            throw new QueryException(where, $"You see no project, collection, dataset or space called \"{path}\". Write its name, or its path of names: in:\"Steel 2017/EELS\".");
        return [.. found.Intersect(reach.Datasets)];
    }
}
