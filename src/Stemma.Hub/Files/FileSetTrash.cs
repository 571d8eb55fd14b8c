using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Projects;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>Throwing file sets away, which frees the paths of their files, and putting them back.</summary>
internal sealed class FileSetTrash(NpgsqlDataSource database, EventWriter events, TaskQueue queue, TimeProvider clock) : ITrashed
{
    public async Task<Trashed> TrashAsync(Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var dataset = (await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: false, cancellationToken)).DatasetId;
        // No file joins the set while it goes.
        await FileSetGathering.OwnAsync(connection, dataset, cancellationToken);
        await TaskQueue.LockBeforeSetsAsync(connection, [id], cancellationToken);
        var set = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, set.Version);
        await RequireNoDutyAsync(connection, actor, set, cancellationToken);
        var trashId = Guid.CreateVersion7(clock.GetUtcNow());
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("update tasks set state = 'cancelled', note = 'the files were thrown away', finished_at = now() where subject_id = $1 and kind in ('extract', 'reread') and state = 'queued'", id);
            batch.Add("update files set is_current = false where file_set_id = $1 and is_current", id);
            batch.Add("update file_sets set trashed_at = $2, trashed_by = $3, trash_id = $4, version = version + 1 where id = $1", id, clock.GetUtcNow(), actor.Id, trashId);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await events.WriteAsync(connection, actor, new Happening("file-set.trashed", "file-set", id, new JsonObject
        {
            ["name"] = set.Name, ["dataset"] = set.DatasetId.ToString(), ["trashId"] = trashId.ToString(),
        }, set.DatasetId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Announce(id, set.DatasetId, "trashed", null, null);
        return new Trashed(trashId);
    }

    private sealed record TrashedRow
    {
        public Guid Id { get; init; }
        public Guid DatasetId { get; init; }
        public string Name { get; init; } = "";
        public string Reading { get; init; } = "";
        public string DatasetName { get; init; } = "";
        public bool DatasetTrashed { get; init; }
        public DateTime? PurgedAt { get; init; }
        public Capabilities Capabilities { get; init; }
    }

    /// <inheritdoc/>
    public async Task<Restored?> TryRestoreAsync(NpgsqlConnection connection, Actor actor, Guid trashId, CancellationToken cancellationToken)
    {
        var found = await FindAsync(connection, actor, trashId, cancellationToken);
        if (found is null)
            return null;
        await FileSetGathering.OwnAsync(connection, found.DatasetId, cancellationToken);
        // Somebody else may have put it back meanwhile.
        if (await FindAsync(connection, actor, trashId, cancellationToken) is not { } set)
            return null;
        if (!set.Capabilities.HasFlag(Capabilities.Edit))
            throw NodeAccess.Refused(Capabilities.Edit, set.Name);
        if (set.PurgedAt is { } purged)
            throw Trash.Purged(set.Name, purged);
        if (set.DatasetTrashed)
            throw Problem.Conflict("parent-in-trash", $"\"{set.Name}\" was in \"{set.DatasetName}\", which is in the trash itself. Put that back first.");
        await FileSetPlaces.RequireFreeAsync(connection, [set.Id], set.DatasetId, set.DatasetName, cancellationToken);
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (set.Reading is "waiting" or "reading")
                FileSetGathering.QueueReading(batch, actor, set.Id);
            batch.Add("""
                update files f set is_current = true
                where f.file_set_id = $1 and not exists (select from files later where later.file_set_id = $1 and later.path = f.path and later.version > f.version)
                """, set.Id);
            batch.Add("update file_sets set trashed_at = null, trashed_by = null, trash_id = null, version = version + 1 where id = $1", set.Id);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await events.WriteAsync(connection, actor, new Happening("file-set.restored", "file-set", set.Id, new JsonObject
        {
            ["name"] = set.Name, ["dataset"] = set.DatasetId.ToString(), ["trashId"] = trashId.ToString(),
        }, set.DatasetId), cancellationToken);
        return new Restored(set.Id, TrashKind.FileSet, set.Name);
    }

    private static Task<TrashedRow?> FindAsync(NpgsqlConnection connection, Actor actor, Guid trashId, CancellationToken cancellationToken) =>
        connection.RowAsync<TrashedRow>("""
            select s.id, s.dataset_id, s.name, s.reading, d.name as dataset_name, d.trashed_at is not null as dataset_trashed, s.purged_at, c.capabilities
            from file_sets s join nodes d on d.id = s.dataset_id cross join lateral capabilities_on(@Id, @Mask, d.scope_id) as c(capabilities)
            where s.trash_id = @trashId and c.capabilities & 1 <> 0
            """, new { trashId, actor.Id, actor.Mask }, cancellationToken);

    /// <exception cref="Problem">409: a hold or a keeping duty, of the set or of something above.</exception>
    private async Task RequireNoDutyAsync(NpgsqlConnection connection, Actor actor, FileSetRow set, CancellationToken cancellationToken)
    {
        var terms = (await EffectiveTerms.InDatasetAsync(connection, actor, set.DatasetId, cancellationToken)).Over(set.Licence, set.RightsHolder, set.EmbargoUntil, set.RetainUntil, set.LegalHold);
        if (terms.LegalHold)
            throw Trash.Refusal(set.Name, terms.LegalHoldFrom?.Name ?? set.Name, true, null);
        if (terms.RetainUntil is { } retain && retain.Value > clock.GetUtcNow().UtcDateTime)
            throw Trash.Refusal(set.Name, retain.InheritedFrom?.Name ?? set.Name, false, retain.Value);
    }
}
