using System.Text.Json;
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

/// <summary>Describing and rereading file sets.</summary>
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

    /// <summary>Gives each of many sets its tags, in one transaction. Those that may not be changed, or were meanwhile, stay as they were.</summary>
    public async Task<TaggedFileSets> TagAsync(Actor actor, IReadOnlyList<FileSetTags> asked, CancellationToken cancellationToken)
    {
        var ids = ManyFileSets.OnceEach([.. asked.Select(one => one.Id)]);
        var patches = asked.ToDictionary(one => one.Id, one => new FileSetPatch { Tags = NodeChanges.CheckTags(one.Tags) });
        var refused = new Refusals();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sets = await ManyFileSets.EditableAsync(connection, actor, asked.ToDictionary(one => one.Id, one => one.Version), ids, refused, cancellationToken);
        var changes = new List<(FileSetRow Before, string[] Tags, JsonObject Compared)>();
        foreach (var before in sets)
        {
            var after = Apply(before, patches[before.Id]);
            if (Compare(before, after, out _) is { Count: > 0 } compared)
                changes.Add((before, after.Tags, compared));
        }

        await connection.RunAsync("""
            update file_sets s set tags = array(select jsonb_array_elements_text(t.tags)), modified_at = @Now, version = version + 1
            from unnest(@Ids, @Tags::jsonb[]) as t(id, tags) where s.id = t.id
            """, new { Ids = changes.Select(change => change.Before.Id).ToArray(), Tags = changes.Select(change => JsonSerializer.Serialize(change.Tags)).ToArray(), Now = clock.GetUtcNow() }, cancellationToken);
        await events.WriteAllAsync(connection, actor, [.. changes.Select(change => new Happening(
            "file-set.changed", "file-set", change.Before.Id, new JsonObject { ["name"] = change.Before.Name, ["changes"] = change.Compared }, change.Before.DatasetId))], cancellationToken);
        var told = refused.Beside(sets.Count);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (set, _, _) in changes)
            queue.Announce(set.Id, set.DatasetId, set.Reading, set.ReadingNote, null);
        var versions = sets.ToDictionary(set => set.Id, set => set.Version);
        foreach (var (set, _, _) in changes)
            versions[set.Id]++;
        return new TaggedFileSets([.. asked.Where(one => versions.ContainsKey(one.Id)).Select(one => new ChangedFileSet(one.Id, versions[one.Id]))], told);
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
