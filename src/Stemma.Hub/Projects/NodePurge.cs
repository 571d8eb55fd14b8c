using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;

namespace Stemma.Hub.Projects;

/// <summary>
/// Makes tombstones of nodes that have been in the trash for longer than its grace period. One transaction decides and records the end of what was thrown away together;
/// the content of its datasets goes afterwards, in pieces (<c>clearings</c>).
/// </summary>
internal sealed class NodePurge(NpgsqlDataSource database, EventWriter events, HubOptions options, TimeProvider clock)
{
    private sealed record RootRow
    {
        public Guid Id { get; init; }
        public NodeKind Kind { get; init; }
        public Guid? ParentId { get; init; }
        public string Name { get; init; } = "";
        public DateTime TrashedAt { get; init; }
        public Guid TrashId { get; init; }
    }

    private sealed record Contents
    {
        public Guid[] Ids { get; init; } = [];
        public long FileSets { get; init; }
        public long Bytes { get; init; }
        public long Samples { get; init; }
    }

    // The uppermost of what was thrown away together, due and bound by nothing.
    private const string Due = """
        from nodes n left join nodes p on p.id = n.parent_id
        where n.trashed_at <= @due and n.purged_at is null and p.trash_id is distinct from n.trash_id and not must_be_kept(n.id, @now)
        """;

    /// <summary>Ends all that is due. What a hold or a keeping duty binds, itself or from above, stays in the trash until that ends.</summary>
    /// <returns>How many things that were thrown away together ended.</returns>
    public Task<int> PurgeDueAsync(CancellationToken cancellationToken) => Overdue.EndEachAsync(
        database, "n", "parent_id", Due, options, clock, (connection, overdue) => PurgeAsync(connection, overdue, cancellationToken), cancellationToken);

    private async Task<bool> PurgeAsync(NpgsqlConnection connection, Overdue overdue, CancellationToken cancellationToken)
    {
        var (due, now) = Overdue.Limits(options, clock);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Nothing is put back or moved meanwhile, and no other hub ends it.
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        await TreeLock.HoldWithAllAboveAsync(connection, overdue.HomeId, cancellationToken);
        var root = await connection.RowAsync<RootRow>($"select n.id, n.kind, n.parent_id, n.name, n.trashed_at, n.trash_id {Due} and n.id = @Id", new { overdue.Id, due, now }, cancellationToken);
        if (root is null)
            return false;
        var contents = (await connection.RowAsync<Contents>("""
            with gone as (
                update nodes set purged_at = @now, description = '', tags = '{}', version = version + 1 where trash_id = @TrashId and purged_at is null returning id, kind),
            cleared as (
                insert into clearings (object_id) select id from gone where kind = 'dataset'),
            unwritten as (
                delete from field_values v using gone where v.object_id = gone.id),
            forgotten as (
                update samples s set description = '', properties = '{}', preparation = '[]', version = s.version + 1 from gone where s.project_id = gone.id returning s.id),
            unsaid as (
                delete from remarks r using gone where r.object_id = gone.id)
            select (select array_agg(id) from gone) as ids, count(*) as file_sets, coalesce(sum(f.size), 0)::bigint as bytes, (select count(*) from forgotten) as samples
            from file_sets f where f.dataset_id in (select id from gone) and f.trashed_at is null
            """, new { root.TrashId, now }, cancellationToken))!;
        await events.WriteAsync(connection, Actor.Hub, new Happening("node.purged", root.Kind.Word(), root.Id, new JsonObject
        {
            ["name"] = root.Name, ["trashId"] = root.TrashId.ToString(), ["trashedAt"] = EventText.Time(root.TrashedAt), ["graceDays"] = options.TrashDays,
            ["nodes"] = contents.Ids.Length, ["fileSets"] = contents.FileSets, ["bytes"] = contents.Bytes, ["samples"] = contents.Samples,
        }, [.. root.ParentId is { } parent ? contents.Ids.Append(parent) : contents.Ids]), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
