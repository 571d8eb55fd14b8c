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
    private const int PageRows = 100;

    private sealed record DueRow
    {
        public Guid Id { get; init; }
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
    public async Task<int> PurgeDueAsync(CancellationToken cancellationToken)
    {
        var purged = 0;
        var (afterTime, after) = (DateTime.MinValue.ToUniversalTime(), Guid.Empty);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var page = await connection.RowsAsync<DueRow>(
                $"select s.id, s.dataset_id, s.trashed_at {Due} and (s.trashed_at, s.id) > (@afterTime, @after) order by s.trashed_at, s.id limit {PageRows}", Parameters(), cancellationToken);
            foreach (var row in page)
                if (await PurgeAsync(connection, row.Id, row.DatasetId, cancellationToken))
                    purged++;
            if (page.Count < PageRows)
                return purged;
            (afterTime, after) = (page[^1].TrashedAt, page[^1].Id);
        }

        object Parameters() => new { due = clock.GetUtcNow().AddDays(-options.TrashDays), now = clock.GetUtcNow(), afterTime, after };
    }

    private async Task<bool> PurgeAsync(NpgsqlConnection connection, Guid id, Guid dataset, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Whoever puts something back has the tree for itself. Places above are held still, so that no hold is laid upon them unseen.
        await TreeLock.SharedAsync(connection, cancellationToken);
        await connection.RunAsync("""
            select 1 from nodes where id in (
                with recursive up(id, parent_id) as (
                    select n.id, n.parent_id from nodes n where n.id = @dataset
                    union all
                    select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
                select up.id from up)
            for share
            """, new { dataset }, cancellationToken);
        // Another hub that ends it now has its row.
        await connection.RunAsync("select 1 from file_sets where id = @id for no key update", new { id }, cancellationToken);
        var set = await connection.RowAsync<DueRow>($"""
            select s.id, s.dataset_id, s.name, s.trashed_at, s.trash_id,
                   (select count(*) from files f where f.file_set_id = s.id) as files, (select coalesce(sum(f.size), 0)::bigint from files f where f.file_set_id = s.id) as bytes
            {Due} and s.id = @id
            """, new { id, due = now.AddDays(-options.TrashDays), now }, cancellationToken);
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
