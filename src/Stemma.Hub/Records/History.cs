using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Records;

/// <summary>The history of one object in words, newest first. Names are looked up now; what the reader may not see is not named.</summary>
internal sealed class History(NpgsqlDataSource database)
{
    private sealed record EventRow(Guid Id, string Type, DateTime OccurredAt, Guid ActorId, Guid ObjectId, string ObjectKind, long ObjectSequence, byte[] Body);

    private sealed record Mentioned(EventRow Row, JsonObject Data);

    public async Task<Page<HistoryEntry>> OfNodeAsync(Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NodeAccess.RequireAsync(connection, actor, id, Capabilities.See, NodeLock.None, cancellationToken);
        return await ListAsync(connection, actor, id, limit, cursor, cancellationToken);
    }

    public async Task<Page<HistoryEntry>> OfFileSetAsync(Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.RowAsync<bool>("""
            select exists (
                select from file_sets f join nodes n on n.id = f.dataset_id
                where f.id = @FileSetId and f.trashed_at is null and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0)
            """, new { FileSetId = id, actor.Id, actor.Mask }, cancellationToken))
            throw NodeAccess.Missing(actor, "such file set");
        return await ListAsync(connection, actor, id, limit, cursor, cancellationToken);
    }

    private static async Task<Page<HistoryEntry>> ListAsync(
        NpgsqlConnection connection, Actor actor, Guid objectId, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var before = KeysetByName.ParseId(cursor);
        // Event ids are numbered by time, and the index of event_objects has them in this order.
        var rows = await connection.RowsAsync<EventRow>("""
            select e.id, e.type, e.occurred_at, e.actor_id, e.object_id, e.object_kind, e.object_sequence, e.body
            from event_objects o join events e on e.id = o.event_id
            where o.object_id = @objectId and (@before::uuid is null or o.event_id < @before::uuid)
            order by o.event_id desc limit @Take
            """, new { objectId, before, Take = take + 1 }, cancellationToken);
        var events = rows.ConvertAll(row => new Mentioned(row, JsonNode.Parse(row.Body)?["data"] as JsonObject ?? []));
        var names = await NamesAsync(connection, events, cancellationToken);
        var visible = await VisibleAsync(connection, actor, events, cancellationToken);
        var page = Page.From([.. events.Select(entry => Describe(entry, names, visible))], take, entry => entry.Id.ToString());
        // Within one millisecond ids are in no order, but the numbers of an object are.
        return page with { Items = [.. page.Items.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Sequence)] };
    }

    private static HistoryEntry Describe(Mentioned entry, Dictionary<Guid, string> names, HashSet<Guid> visible)
    {
        var row = entry.Row;
        return new HistoryEntry(row.Id, row.Type, row.OccurredAt, new PrincipalName(row.ActorId, names.GetValueOrDefault(row.ActorId, "")), row.ObjectId, row.ObjectKind,
            row.ObjectSequence, EventWords.Describe(row.Type, new EventFacts(row.ObjectKind, entry.Data, names, visible)));
    }

    private static async Task<Dictionary<Guid, string>> NamesAsync(NpgsqlConnection connection, List<Mentioned> events, CancellationToken cancellationToken)
    {
        // Members whose value is an id may name a principal; those that name something else find nothing.
        Guid[] ids = [.. events.SelectMany(entry => entry.Data.Select(member => Id(member.Value)).OfType<Guid>().Append(entry.Row.ActorId)).Distinct()];
        return (await connection.RowsAsync<PrincipalName>("select id, name from principal_names where id = any (@ids)", new { ids }, cancellationToken))
            .ToDictionary(row => row.Id, row => row.Name);
    }

    private static async Task<HashSet<Guid>> VisibleAsync(NpgsqlConnection connection, Actor actor, List<Mentioned> events, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. events.SelectMany(entry => entry.Data.Select(member => Id((member.Value as JsonObject)?["id"])).OfType<Guid>()).Distinct()];
        return ids.Length == 0 ? [] : [.. await connection.RowsAsync<Guid>(
            "select id from nodes where id = any (@ids) and capabilities_on(@Id, @Mask, scope_id) & 1 <> 0", new { ids, actor.Id, actor.Mask }, cancellationToken)];
    }

    private static Guid? Id(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && Guid.TryParse(text, out var id) ? id : null;
}
