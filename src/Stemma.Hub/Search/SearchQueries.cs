using System.Text.Json;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search;

/// <summary>Files that match a query, as an actor sees them.</summary>
internal sealed class SearchQueries(SearchSessions sessions, ArtifactStore artifacts)
{
    private const int MostPlaces = 8;

    private sealed record HitRow
    {
        public int Number { get; init; }
        public Guid FileSetId { get; init; }
        public DateTime? AcquiredAt { get; init; }
        public string? Kind { get; init; }
        public string? Acquisition { get; init; }
        public byte[]? OriginalSha256 { get; init; }
        public long OriginalSize { get; init; }
    }

    private sealed record PathRow
    {
        public Guid Of { get; init; }
        public Guid Id { get; init; }
        public NodeKind Kind { get; init; }
        public string Name { get; init; } = "";
        public Guid ScopeId { get; init; }
    }

    /// <exception cref="Problem">400: the query, the order or the cursor cannot be understood.</exception>
    public async Task<SearchPage> FindAsync(Actor actor, string? text, string? sort, int? limit, string? cursor, int? offset, CancellationToken cancellationToken)
    {
        // 0: how many there are is all that is asked.
        var take = limit == 0 ? 0 : Cursor.Limit(limit);
        var order = SearchOrder.Parse(sort);
        var after = SearchCursor.Parse(cursor, order);
        var skip = Cursor.Offset(offset, cursor);
        await using var session = await sessions.OpenAsync(actor, text, cancellationToken);
        if (take == 0 && await new HitList(session, order).CountAsync(session.Query, cancellationToken) is var counted)
            return new SearchPage([], counted.Total, counted.About, [], null, session.Binder.Slow, session.Query.Print());
        var hits = await new HitList(session, order).PageAsync(session.Query, take + 1, after, skip, cancellationToken);
        var page = Page.From(hits.Items, take, hit => new SearchCursor(hit.Tier, hit.Key, hit.Number).Write(order));
        return new SearchPage(await ToHitsAsync(session, page.Items, cancellationToken), hits.Total, hits.About,
            after is null && skip == 0 ? await PlacesAsync(session, cancellationToken) : [], page.Next, session.Binder.Slow, session.Query.Print());
    }

    /// <summary>Fetched from the catalog under its access rules, whatever the index said a moment ago.</summary>
    private async Task<IReadOnlyList<SearchHit>> ToHitsAsync(SearchSession session, IReadOnlyList<HitList.Hit> hits, CancellationToken cancellationToken)
    {
        if (hits.Count == 0)
            return [];
        var rows = await session.Connection.RowsAsync<HitRow>("""
            select d.number, d.file_set_id, d.acquired_at, k.value as kind, e.acquisition::text as acquisition, o.sha256 as original_sha256, coalesce(o.size, 0) as original_size
            from search_documents d join file_sets s on s.id = d.file_set_id left join search_values k on k.code = d.kind left join extractions e on e.id = s.extraction_id
            left join artifacts o on o.extraction_id = s.extraction_id and o.name = 'original'
            where d.number = any (@numbers)
            """, new { numbers = hits.Select(hit => hit.Number).ToArray() }, cancellationToken);
        var files = (await FileSetQueries.OfAsync(session.Connection, [.. rows.Select(row => row.FileSetId)], session.Reach.Sees, cancellationToken)).ToDictionary(file => file.Id);
        var paths = await PathsAsync(session, files.Values.Select(file => file.DatasetId), cancellationToken);
        var byNumber = rows.ToDictionary(row => row.Number);
        var matches = new Matches(session.Query);
        return [.. hits.Where(hit => byNumber.ContainsKey(hit.Number)).Select(hit => byNumber[hit.Number]).Where(row => files.ContainsKey(row.FileSetId)).Select(row =>
        {
            var file = files[row.FileSetId];
            var path = paths[file.DatasetId];
            var acquisition = row.Acquisition is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(row.Acquisition);
            return new SearchHit(file, path, acquisition, row.AcquiredAt, row.Kind, matches.IsEmpty ? [] : matches.In(file, path, acquisition, () => OriginalOf(row)));
        })];
    }

    /// <summary>Nodes with the visible ones above them, root first.</summary>
    private static async Task<Dictionary<Guid, IReadOnlyList<NodeName>>> PathsAsync(SearchSession session, IEnumerable<Guid> nodes, CancellationToken cancellationToken)
    {
        var ids = nodes.Distinct().ToArray();
        var rows = await session.Connection.RowsAsync<PathRow>("""
            with recursive up(of, id, kind, name, parent_id, scope_id, depth) as (
                select n.id, n.id, n.kind, n.name, n.parent_id, n.scope_id, 0 from nodes n where n.id = any (@ids)
                union all
                select up.of, n.id, n.kind, n.name, n.parent_id, n.scope_id, up.depth + 1 from up join nodes n on n.id = up.parent_id)
            select of, id, kind, name, scope_id from up order by of, depth desc
            """, new { ids }, cancellationToken);
        var paths = rows.Where(row => session.Reach.Sees(row.ScopeId)).GroupBy(row => row.Of).ToDictionary(group => group.Key, IReadOnlyList<NodeName> (group) => [.. group.Select(row => new NodeName(row.Id, row.Kind, row.Name))]);
        return ids.ToDictionary(id => id, id => paths.GetValueOrDefault(id) ?? []);
    }

    private static async Task<IReadOnlyList<FoundPlace>> PlacesAsync(SearchSession session, CancellationToken cancellationToken)
    {
        var texts = session.Query.Conjuncts().OfType<Text>().ToList();
        if (texts.Count == 0)
            return [];
        var found = await session.Places.NamedAsync(session.Connection, Binder.Anywhere(texts), MostPlaces, cancellationToken);
        var paths = await PathsAsync(session, found.Select(place => place.Id), cancellationToken);
        return [.. found.Select(place => new FoundPlace(place.Id, place.Kind, place.Name, [.. paths[place.Id].Where(node => node.Id != place.Id)]))];
    }

    private JsonElement? OriginalOf(HitRow row)
    {
        if (row.OriginalSha256 is not { } digest || artifacts.Find(digest, row.OriginalSize) is not { } path)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path), Deep);
        }
        catch (Exception problem) when (problem is JsonException or IOException)
        {
            return null;
        }
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 320 };
}
