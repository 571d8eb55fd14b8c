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

/// <summary>Describing, moving and rereading file sets.</summary>
internal sealed class FileSetChanges(NpgsqlDataSource database, EventWriter events, TaskQueue queue, TaskSignal signal, TimeProvider clock)
{
    public async Task<FileSetDetail> ChangeAsync(Actor actor, Guid id, FileSetPatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, before.Version);
        var after = Apply(before, patch);
        var changes = Compare(before, after, out var termsChange);
        if (termsChange && !before.Capabilities.HasFlag(Capabilities.Manage))
            throw NodeAccess.Refused(Capabilities.Manage, before.Name);
        if (changes.Count > 0)
        {
            await connection.RunAsync("""
                update file_sets set tags = @Tags, licence = @Licence, rights_holder = @RightsHolder, embargo_until = @EmbargoUntil, retain_until = @RetainUntil, legal_hold = @LegalHold,
                    modified_at = @Now, version = version + 1
                where id = @Id
                """, new { after.Id, after.Tags, after.Licence, after.RightsHolder, after.EmbargoUntil, after.RetainUntil, after.LegalHold, Now = clock.GetUtcNow() }, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("file-set.changed", "file-set", id, new JsonObject { ["name"] = before.Name, ["changes"] = changes }, before.DatasetId), cancellationToken);
        }

        var set = await FileSetQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Announce(id, set.DatasetId, set.Reading, set.ReadingNote, null);
        return set;
    }

    private sealed record Taken(string Path);

    /// <summary>Puts a set with all versions of its files into another dataset.</summary>
    /// <remarks>As for nodes: where the two places have different grants, the mover must be able to manage both; and no duty is shaken off (<see cref="MoveDuties"/>).</remarks>
    public async Task<FileSetDetail> MoveAsync(Actor actor, Guid id, Guid targetId, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sourceId = (await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: false, cancellationToken)).DatasetId;
        // The tree, then grouping, then rows: the order in which everybody locks.
        await TreeLock.SharedAsync(connection, cancellationToken);
        foreach (var dataset in new[] { sourceId, targetId }.Distinct().Order())
            await FileSetGathering.OwnAsync(connection, dataset, cancellationToken);
        var set = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, set.Version);
        var source = await NodeAccess.RequireAsync(connection, actor, set.DatasetId, Capabilities.Edit, NodeLock.Share, cancellationToken);
        var target = await NodeAccess.RequireAsync(connection, actor, targetId, Capabilities.Add, NodeLock.Share, cancellationToken);
        if (target.Kind != NodeKind.Dataset)
            throw Problem.Conflict("not-a-dataset", $"\"{target.Name}\" is a {target.Kind.Word()}: file sets live in datasets.");
        if (source.Id == target.Id)
            return await FileSetQueries.GetAsync(connection, actor, id, cancellationToken);
        if (source.ScopeId != target.ScopeId && !(source.Capabilities & target.Capabilities).HasFlag(Capabilities.Manage))
            throw new Problem(403, "move-changes-access", "Not allowed",
                $"Others have access to \"{target.Name}\" than to \"{source.Name}\", so this move would change who sees \"{set.Name}\". Only who may manage both places may do that.");
        await MoveDuties.CheckAsync(connection, actor, set.Name, set.RetainUntil, set.EmbargoUntil, source, target, clock.GetUtcNow(), cancellationToken);
        await RequireFreeAsync(connection, id, set, target.Id, target.Name, cancellationToken);
        var files = await connection.RunAsync("update files set dataset_id = @targetId where file_set_id = @id", new { id, targetId }, cancellationToken);
        await connection.RunAsync("""
            update awaited_members set dataset_id = @targetId where file_set_id = @id;
            update file_sets set dataset_id = @targetId, modified_at = @Now, version = version + 1 where id = @id
            """, new { id, targetId, Now = clock.GetUtcNow() }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("file-set.moved", "file-set", id, new JsonObject
        {
            ["name"] = set.Name, ["files"] = files, ["from"] = NodeWriter.Describe(source), ["to"] = NodeWriter.Describe(target),
        }, source.Id, target.Id), cancellationToken);
        var moved = await FileSetQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Announce(id, source.Id, moved.Reading, moved.ReadingNote, null);
        queue.Announce(id, target.Id, moved.Reading, moved.ReadingNote, null);
        return moved;
    }

    /// <summary>Has a set read again.</summary>
    public async Task ReadAgainAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var set = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.Run, forUpdate: false, cancellationToken);
        await QueueAsync(connection, actor, set, cancellationToken);
    }

    /// <summary>Queues the reading of a set whose derived bytes are gone.</summary>
    public async Task QueueAsync(NpgsqlConnection connection, Actor actor, FileSetRow set, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        FileSetGathering.QueueReading(batch, actor, set.Id);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        signal.Pulse();
        queue.Announce(set.Id, set.DatasetId, "waiting", null, null);
    }

    /// <exception cref="Problem">409: another file or set has the place.</exception>
    internal static async Task RequireFreeAsync(NpgsqlConnection connection, Guid id, FileSetRow set, Guid dataset, string datasetName, CancellationToken cancellationToken)
    {
        var taken = await connection.RowAsync<Taken>("""
            select f.path from files f join files other on other.dataset_id = @dataset and other.path = f.path and other.is_current and other.file_set_id <> @id
            where f.file_set_id = @id order by f.path limit 1
            """, new { id, dataset }, cancellationToken);
        if (taken is not null)
            throw Problem.Conflict("path-taken", $"\"{datasetName}\" has a file {taken.Path} already. Move or throw that away first.");
        if (await connection.RowAsync<bool>("select exists (select from file_sets where dataset_id = @dataset and grouping_key = @GroupingKey and trashed_at is null and id <> @id)",
            new { id, dataset, set.GroupingKey }, cancellationToken))
            throw Problem.Conflict("set-exists", $"\"{datasetName}\" has files already that are read together with those of \"{set.Name}\". Move or throw those away first.");
    }

    private static FileSetRow Apply(FileSetRow set, FileSetPatch patch) => set with
    {
        Tags = patch.Has(nameof(patch.Tags)) ? NodeChanges.CheckTags(patch.Tags) : set.Tags,
        Licence = patch.Has(nameof(patch.Licence)) ? NodeChanges.CheckTerm("licence", patch.Licence) : set.Licence,
        RightsHolder = patch.Has(nameof(patch.RightsHolder)) ? NodeChanges.CheckTerm("rightsHolder", patch.RightsHolder) : set.RightsHolder,
        EmbargoUntil = patch.Has(nameof(patch.EmbargoUntil)) ? patch.EmbargoUntil?.InMicroseconds().UtcDateTime : set.EmbargoUntil,
        RetainUntil = patch.Has(nameof(patch.RetainUntil)) ? patch.RetainUntil?.InMicroseconds().UtcDateTime : set.RetainUntil,
        LegalHold = patch.Has(nameof(patch.LegalHold)) ? patch.LegalHold : set.LegalHold,
    };

    private static JsonObject Compare(FileSetRow before, FileSetRow after, out bool termsChange)
    {
        var changes = new JsonObject();
        void Add(string member, JsonNode? from, JsonNode? to)
        {
            if (!JsonNode.DeepEquals(from, to))
                changes[member] = new JsonObject { ["from"] = from, ["to"] = to };
        }

        Add("tags", EventText.Words(before.Tags), EventText.Words(after.Tags));
        var described = changes.Count;
        Add("licence", before.Licence, after.Licence);
        Add("rightsHolder", before.RightsHolder, after.RightsHolder);
        Add("embargoUntil", EventText.Time(before.EmbargoUntil), EventText.Time(after.EmbargoUntil));
        Add("retainUntil", EventText.Time(before.RetainUntil), EventText.Time(after.RetainUntil));
        Add("legalHold", before.LegalHold, after.LegalHold);
        termsChange = changes.Count > described;
        return changes;
    }
}
