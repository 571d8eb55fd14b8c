using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;

namespace Stemma.Hub.Files;

/// <summary>Makes tombstones of file sets that were thrown away by themselves and have been in the trash for longer than its grace period, as <see cref="NodePurge"/> does of nodes.</summary>
internal sealed class FileSetPurge(NpgsqlDataSource database, EventWriter events, HubOptions options, TimeProvider clock)
{
    private sealed record SetRow
    {
        public Guid DatasetId { get; init; }
        public string Name { get; init; } = "";
        public DateTime TrashedAt { get; init; }
        public Guid TrashId { get; init; }
        public long Files { get; init; }
        public long Bytes { get; init; }
    }

    private const string Due = """
        from file_sets s cross join lateral duties_above(s.dataset_id) above
        where s.trashed_at <= @due and s.purged_at is null and not s.legal_hold and not above.legal_hold
          and (s.retain_until is null or s.retain_until <= @now) and (above.retain_until is null or above.retain_until <= @now)
        """;

    /// <summary>Ends all that is due and bound by nothing.</summary>
    /// <returns>How many file sets ended.</returns>
    public Task<int> PurgeDueAsync(CancellationToken cancellationToken) => Overdue.EndEachAsync(
        database, "s", "dataset_id", Due, options, clock, (connection, overdue) => PurgeAsync(connection, overdue, cancellationToken), cancellationToken);

    private async Task<bool> PurgeAsync(NpgsqlConnection connection, Overdue overdue, CancellationToken cancellationToken)
    {
        var id = overdue.Id;
        var (due, now) = Overdue.Limits(options, clock);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever puts something back has the tree for itself.
        await TreeLock.SharedAsync(connection, cancellationToken);
        await TreeLock.HoldWithAllAboveAsync(connection, overdue.HomeId, cancellationToken);
        // Another hub that ends it now has its row.
        await connection.RunAsync("select 1 from file_sets where id = @id for no key update", new { id }, cancellationToken);
        var set = await connection.RowAsync<SetRow>($"""
            select s.dataset_id, s.name, s.trashed_at, s.trash_id,
                   (select count(*) from files f where f.file_set_id = s.id) as files, (select coalesce(sum(f.size), 0)::bigint from files f where f.file_set_id = s.id) as bytes
            {Due} and s.id = @id
            """, new { id, due, now }, cancellationToken);
        if (set is null)
            return false;
        await connection.RunAsync("""
            update file_sets set purged_at = @now, tags = '{}', reading_note = null, version = version + 1 where id = @id;
            insert into clearings (object_id) values (@id);
            """, new { id, now }, cancellationToken);
        await events.WriteAsync(connection, Actor.Hub, new Happening("file-set.purged", "file-set", id, new JsonObject
        {
            ["name"] = set.Name, ["dataset"] = set.DatasetId.ToString(), ["trashId"] = set.TrashId.ToString(), ["trashedAt"] = EventText.Time(set.TrashedAt),
            ["graceDays"] = options.TrashDays, ["files"] = set.Files, ["bytes"] = set.Bytes,
        }, set.DatasetId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
