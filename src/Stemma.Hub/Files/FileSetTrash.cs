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
        await LockAsync(connection, [dataset], [id], cancellationToken);
        var set = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, set.Version);
        if (Duty(set, await EffectiveTerms.InDatasetAsync(connection, actor, set.DatasetId, cancellationToken)) is { } duty)
            throw duty;
        var trashed = await TrashAsync(connection, actor, [set], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Announce([set]);
        return new Trashed(trashed[id]);
    }

    /// <summary>Many in one transaction. Those that something keeps, that may not be changed, or that were meanwhile, stay.</summary>
    public async Task<TrashedFileSets> TrashAllAsync(Actor actor, IReadOnlyList<FileSetVersion> asked, CancellationToken cancellationToken)
    {
        var ids = ManyFileSets.OnceEach([.. asked.Select(one => one.Id)]);
        var refused = new Refusals();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var datasets = (await FileSetAccess.FindAllAsync(connection, actor, ids, forUpdate: false, cancellationToken)).Select(set => set.DatasetId);
        await LockAsync(connection, datasets, ids, cancellationToken);
        var sets = await ManyFileSets.EditableAsync(connection, actor, asked.ToDictionary(one => one.Id, one => one.Version), ids, refused, cancellationToken);
        var terms = new Dictionary<Guid, EffectiveTerms>();
        foreach (var dataset in sets.Select(set => set.DatasetId).Distinct())
            terms[dataset] = await EffectiveTerms.InDatasetAsync(connection, actor, dataset, cancellationToken);
        var going = new List<FileSetRow>();
        foreach (var set in sets)
            if (Duty(set, terms[set.DatasetId]) is { } duty)
                refused.Add(set.Id, duty);
            else
                going.Add(set);
        var told = refused.Beside(going.Count);
        var trashed = await TrashAsync(connection, actor, going, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Announce(going);
        return new TrashedFileSets([.. asked.Where(one => trashed.ContainsKey(one.Id)).Select(one => new TrashedFileSet(one.Id, trashed[one.Id]))], told);
    }

    /// <summary>No file joins the sets while they go.</summary>
    private static async Task LockAsync(NpgsqlConnection connection, IEnumerable<Guid> datasets, Guid[] ids, CancellationToken cancellationToken)
    {
        foreach (var dataset in datasets.Distinct().Order())
            await FileSetGathering.OwnAsync(connection, dataset, cancellationToken);
        await TaskQueue.LockBeforeSetsAsync(connection, ids, cancellationToken);
    }

    /// <returns>The number of each, under which it comes back.</returns>
    private async Task<Dictionary<Guid, Guid>> TrashAsync(NpgsqlConnection connection, Actor actor, IReadOnlyList<FileSetRow> sets, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var trashIds = sets.ToDictionary(set => set.Id, _ => Guid.CreateVersion7(now));
        await using (var batch = new NpgsqlBatch(connection))
        {
            Guid[] ids = [.. trashIds.Keys];
            batch.Add("update tasks set state = 'cancelled', note = 'the files were thrown away', finished_at = now() where subject_id = any ($1) and kind in ('extract', 'reread') and state = 'queued'", ids);
            batch.Add("update files set is_current = false where file_set_id = any ($1) and is_current", ids);
            batch.Add("""
                update file_sets s set trashed_at = $3, trashed_by = $4, trash_id = t.trash_id, version = version + 1 from unnest($1, $2) as t(id, trash_id) where s.id = t.id
                """, ids, trashIds.Values.ToArray(), now, actor.Id);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await events.WriteAllAsync(connection, actor, [.. sets.Select(set => new Happening("file-set.trashed", "file-set", set.Id, new JsonObject
        {
            ["name"] = set.Name, ["dataset"] = set.DatasetId.ToString(), ["trashId"] = trashIds[set.Id].ToString(),
        }, set.DatasetId))], cancellationToken);
        return trashIds;
    }

    private void Announce(IEnumerable<FileSetRow> sets)
    {
        foreach (var set in sets)
            queue.Announce(set.Id, set.DatasetId, "trashed", null, null);
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

    /// <summary>A hold or a keeping duty, of the set or of something above; null where it may go.</summary>
    private Problem? Duty(FileSetRow set, EffectiveTerms above)
    {
        var terms = above.Over(set.Licence, set.RightsHolder, set.EmbargoUntil, set.RetainUntil, set.LegalHold);
        if (terms.LegalHold)
            return Trash.Refusal(set.Name, terms.LegalHoldFrom?.Name ?? set.Name, true, null);
        return terms.RetainUntil is { } retain && retain.Value > clock.GetUtcNow().UtcDateTime ? Trash.Refusal(set.Name, retain.InheritedFrom?.Name ?? set.Name, false, retain.Value) : null;
    }
}
