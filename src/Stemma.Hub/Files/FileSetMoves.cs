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

/// <summary>Putting file sets, with all versions of their files, into another dataset: all of them, or none.</summary>
internal sealed class FileSetMoves(NpgsqlDataSource database, EventWriter events, TaskQueue queue, TimeProvider clock)
{
    /// <remarks>As for nodes: where the two places have different grants, the mover must be able to manage both; and no duty is shaken off (<see cref="MoveDuties"/>).</remarks>
    /// <returns>Those that were not in the target before.</returns>
    /// <exception cref="Problem">404, 403: see <see cref="FileSetAccess"/>. 409: a path is taken, something is held, or the target is no dataset. 412: one was changed meanwhile.</exception>
    public async Task<MovedFileSets> MoveAsync(Actor actor, IReadOnlyList<FileSetVersion> asked, Guid targetId, CancellationToken cancellationToken)
    {
        var ids = ManyFileSets.Ids(asked.Select(one => one.Id));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var seen = await FileSetAccess.RequireAllAsync(connection, actor, ids, Capabilities.Edit, forUpdate: false, cancellationToken);
        // The tree, then grouping, then rows: the order in which everybody locks.
        await TreeLock.SharedAsync(connection, cancellationToken);
        foreach (var dataset in seen.Select(set => set.DatasetId).Append(targetId).Distinct().Order())
            await FileSetGathering.OwnAsync(connection, dataset, cancellationToken);
        var sets = (await FileSetAccess.RequireAllAsync(connection, actor, ids, Capabilities.Edit, forUpdate: true, cancellationToken)).ToDictionary(set => set.Id);
        foreach (var one in asked)
            ETags.Check(one.Version, sets[one.Id].Version);
        var sources = new Dictionary<Guid, NodeRow>();
        foreach (var dataset in sets.Values.Select(set => set.DatasetId).Distinct().Order())
            sources[dataset] = await NodeAccess.RequireAsync(connection, actor, dataset, Capabilities.Edit, NodeLock.Share, cancellationToken);
        var target = await NodeAccess.RequireAsync(connection, actor, targetId, Capabilities.Add, NodeLock.Share, cancellationToken);
        if (target.Kind != NodeKind.Dataset)
            throw Problem.Conflict("not-a-dataset", $"\"{target.Name}\" is a {target.Kind.Word()}: file sets live in datasets.");
        FileSetRow[] moving = [.. sets.Values.Where(set => set.DatasetId != target.Id).OrderBy(set => set.Id)];
        await RequireAllowedAsync(connection, actor, moving, sources, target, cancellationToken);
        Guid[] movingIds = [.. moving.Select(set => set.Id)];
        await FileSetPlaces.RequireFreeAsync(connection, movingIds, target.Id, target.Name, cancellationToken);
        var files = await PlaceAsync(connection, movingIds, target.Id, cancellationToken);
        await events.WriteAllAsync(connection, actor, [.. moving.Select(set => new Happening("file-set.moved", "file-set", set.Id, new JsonObject
        {
            ["name"] = set.Name, ["files"] = files[set.Id], ["from"] = NodeWriter.Describe(sources[set.DatasetId]), ["to"] = NodeWriter.Describe(target),
        }, set.DatasetId, target.Id))], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var set in moving)
        {
            queue.Announce(set.Id, set.DatasetId, set.Reading, set.ReadingNote, null);
            queue.Announce(set.Id, target.Id, set.Reading, set.ReadingNote, null);
        }

        return new MovedFileSets(target.Id, [.. moving.Select(set => new MovedFileSet(set.Id, set.DatasetId, set.Version + 1))]);
    }

    private async Task RequireAllowedAsync(
        NpgsqlConnection connection, Actor actor, IReadOnlyList<FileSetRow> moving, Dictionary<Guid, NodeRow> sources, NodeRow target, CancellationToken cancellationToken)
    {
        // Sets of one place with the same terms of their own are bound alike.
        foreach (var set in moving.DistinctBy(set => (set.DatasetId, set.RetainUntil, set.EmbargoUntil)))
        {
            var source = sources[set.DatasetId];
            if (source.ScopeId != target.ScopeId && !(source.Capabilities & target.Capabilities).HasFlag(Capabilities.Manage))
                throw new Problem(403, "move-changes-access", "Not allowed",
                    $"Others have access to \"{target.Name}\" than to \"{source.Name}\", so this move would change who sees \"{set.Name}\". Only who may manage both places may do that.");
            await MoveDuties.CheckAsync(connection, actor, set.Name, set.RetainUntil, set.EmbargoUntil, source, target, clock.GetUtcNow(), cancellationToken);
        }
    }

    private sealed record Count(Guid FileSetId, long Files);

    /// <returns>Files of each set, with all their versions.</returns>
    private async Task<Dictionary<Guid, long>> PlaceAsync(NpgsqlConnection connection, Guid[] ids, Guid target, CancellationToken cancellationToken)
    {
        await connection.RunAsync("""
            update files set dataset_id = @target where file_set_id = any(@ids);
            update awaited_members set dataset_id = @target where file_set_id = any(@ids);
            update file_sets set dataset_id = @target, modified_at = @Now, version = version + 1 where id = any(@ids)
            """, new { ids, target, Now = clock.GetUtcNow() }, cancellationToken);
        var counts = await connection.RowsAsync<Count>(
            "select s.id as file_set_id, (select count(*) from files f where f.file_set_id = s.id) as files from file_sets s where s.id = any(@ids)", new { ids }, cancellationToken);
        return counts.ToDictionary(count => count.FileSetId, count => count.Files);
    }
}
