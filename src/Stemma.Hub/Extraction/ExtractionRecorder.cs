using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Rereading;
using Stemma.Hub.Web;

namespace Stemma.Hub.Extraction;

/// <summary>An artifact that has been written and now gets its row.</summary>
public sealed record WrittenArtifact(string Name, string MediaType, byte[] Sha256, long Size);

/// <summary>Takes in what a worker read: the extraction, its images and artifacts, and the end of the task, in one transaction.</summary>
public sealed class ExtractionRecorder(NpgsqlDataSource database, EventWriter events, TaskQueue queue, TaskSignal signal, ArtifactStore store)
{
    private const int MaxCompanions = 10_000;

    /// <exception cref="Problem">409: the attempt is void. 400: the result does not hold what its kind needs.</exception>
    internal async Task CompleteAsync(Actor worker, Guid task, int attempt, ExtractionResult result, IReadOnlyList<WrittenArtifact> artifacts, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await RecordAsync(worker, task, attempt, result, artifacts, cancellationToken);
                return;
            }
            catch (PostgresException deadlock) when (deadlock.SqlState == PostgresErrorCodes.DeadlockDetected && tries < 3)
            {
                // Nothing of it was kept; the other one got on meanwhile.
            }
        }
    }

    private async Task RecordAsync(Actor worker, Guid task, int attempt, ExtractionResult result, IReadOnlyList<WrittenArtifact> artifacts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The dataset's grouping before any row, as deposits and gathering take them.
        if (result.Companions is { Count: > 0 } && await DatasetOfAsync(connection, task, cancellationToken) is { } dataset)
            await FileSetGathering.OwnAsync(connection, dataset, cancellationToken);
        var subject = await TaskQueue.LockWithSubjectAsync(connection, task, attempt, cancellationToken);
        var announce = subject switch
        {
            { Kind: "reread", Sequence: null } or { Kind: "reread", Set: null } => await RecordOvertakenAsync(connection, task, subject, cancellationToken),
            { Set: { } set, Sequence: { } sequence } => await RecordExtractionAsync(connection, worker, task, set, subject.Rereading, sequence, result, artifacts, cancellationToken),
            _ => await RecordUnpackingAsync(connection, worker, task, subject, result, cancellationToken),
        };
        await transaction.CommitAsync(cancellationToken);
        announce();
    }

    private async Task<Action> RecordExtractionAsync(
        NpgsqlConnection connection, Actor worker, Guid task, LockedSet set, Guid? rereading, long sequence, ExtractionResult result, IReadOnlyList<WrittenArtifact> artifacts, CancellationToken cancellationToken)
    {
        if (result is not { Format: { } format, FormatName: { } formatName, ReaderVersion: { } readerVersion, SoftwareVersion: { } softwareVersion, Images: { } images, Acquisition: { } acquisition })
            throw Problem.Invalid("The result of an extraction needs format, formatName, readerVersion, softwareVersion, images and acquisition.");
        var extraction = Guid.CreateVersion7();
        var mark = new ReaderMark(format, formatName, readerVersion, result.MappingVersion ?? "1", softwareVersion);
        var earlier = set.ShownExtraction is { } shown ? await EarlierReading.LoadAsync(connection, shown, cancellationToken) : null;
        // With other members it is another set: that it reads differently says nothing about the readers.
        var difference = earlier is { } comparable && comparable.Membership == set.ReadMembership ? ReadingDifference.Between(comparable, result, artifacts, store) : null;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("insert into extractions (id, file_set_id, membership, format, format_name, reader_version, mapping_version, software_version, acquisition, warnings, seconds) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            extraction, set.Id, set.ReadMembership, format, formatName, readerVersion, mark.MappingVersion, softwareVersion, acquisition, result.Warnings?.Select(SqlText.Clean).ToArray() ?? [], result.Seconds ?? 0);
        foreach (var image in images)
            batch.Add("insert into images (id, extraction_id, file_set_id, index, title, shape, pixel_type, axes, partial, preview) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                Guid.CreateVersion7(), extraction, set.Id, image.Index, SqlText.Clean(image.Title), image.Shape, image.PixelType, image.Axes, SqlText.Clean(image.Partial), image.Preview);
        batch.Add("insert into artifacts (extraction_id, name, media_type, sha256, size) select $1, * from unnest($2, $3, $4, $5)", extraction,
            artifacts.Select(artifact => artifact.Name).ToArray(), artifacts.Select(artifact => artifact.MediaType).ToArray(),
            artifacts.Select(artifact => artifact.Sha256).ToArray(), artifacts.Select(artifact => artifact.Size).ToArray());
        var members = result.Members ?? [];
        batch.Add("update files f set role = told.role from unnest($2, $3) as told (path, role) where f.file_set_id = $1 and f.path = told.path and f.is_current and f.role <> told.role",
            set.Id, members.Select(member => member.Name).ToArray(), members.Select(member => member.Role).ToArray());

        // Members may have arrived while this was read: then what was read is shown, and the set is read again.
        var reading = set.ReadMembership == set.Membership ? "read" : "waiting";
        // Nobody is told that a file changed that reads as it did before.
        var changes = rereading is null || difference is not { Count: 0 } ? ", modified_at = now(), version = version + 1" : "";
        batch.Add($"update file_sets set extraction_id = $2, reading = $3, reading_note = null{changes} where id = $1", set.Id, extraction, reading);
        UnreadFileSets.Forget(batch, set.Id);
        RereadOutcomes.Add(batch, set.Id, rereading, earlier, difference, mark);
        if (earlier is not null)
            EarlierReading.Remove(batch, earlier.Id);
        batch.BatchCommands.Add(events.Numbered(worker, (new Happening("file-set.read", "file-set", set.Id, new JsonObject
        {
            ["name"] = set.Name, ["format"] = format, ["formatName"] = formatName, ["readerVersion"] = readerVersion, ["mappingVersion"] = mark.MappingVersion, ["softwareVersion"] = softwareVersion,
            ["images"] = images.Count, ["extraction"] = extraction.ToString(), ["rereading"] = rereading?.ToString(), ["differences"] = difference?.Count,
        }, set.DatasetId), sequence)));
        TaskQueue.Finish(batch, task, "succeeded", null);
        await batch.ExecuteNonQueryAsync(cancellationToken);

        // What was thrown away meanwhile gathers nothing: files that nobody threw away would go with it.
        if (!set.IsTrashed && CompanionPaths(set.Name, result.Companions ?? []) is { Count: > 0 } companions
            && await FileSetGathering.AwaitAsync(connection, events, worker, set.DatasetId, set.Id, companions, cancellationToken))
            reading = "waiting";
        return () =>
        {
            signal.Pulse();
            queue.Announce(set.Id, set.DatasetId, reading, null, null);
        };
    }

    /// <summary>What was read again has other members by now, is read in the usual way, or went: the result is dropped.</summary>
    private async Task<Action> RecordOvertakenAsync(NpgsqlConnection connection, Guid task, LockedSubject subject, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        RereadOutcomes.AddOvertaken(batch, subject.Id, subject.Rereading);
        TaskQueue.Finish(batch, task, "succeeded", "overtaken");
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return signal.Pulse;
    }

    private static Task<Guid?> DatasetOfAsync(NpgsqlConnection connection, Guid taskId, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            "select s.dataset_id from tasks t join file_sets s on s.id = t.subject_id where t.id = @taskId and t.kind in ('extract', 'reread')", new { taskId }, cancellationToken: cancellationToken));

    /// <summary>Paths beside the set's primary file. The names stand in the file's own bytes: what is no plain name is no companion.</summary>
    private static List<string> CompanionPaths(string primary, IReadOnlyList<string> names)
    {
        var folder = primary[..(primary.LastIndexOf('/') + 1)];
        return [.. names.Take(MaxCompanions).Where(IsPlainName).Select(name => folder + name)];
    }

    private static bool IsPlainName(string name)
    {
        try
        {
            return RelativePath.Parse(name).Segments.Count == 1;
        }
        catch (Problem)
        {
            return false;
        }
    }

    private async Task<Action> RecordUnpackingAsync(NpgsqlConnection connection, Actor worker, Guid task, LockedSubject subject, ExtractionResult result, CancellationToken cancellationToken)
    {
        var file = await connection.QuerySingleAsync<(Guid DatasetId, string Path)>(new CommandDefinition(
            "select dataset_id, path from files where id = @Id", new { subject.Id }, cancellationToken: cancellationToken));
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(events.Numbered(worker, (new Happening("file.unpacked", "file", subject.Id, new JsonObject
        {
            ["path"] = file.Path, ["entries"] = result.Entries ?? 0,
            ["refused"] = new JsonArray([.. (result.Refused ?? []).Take(1000).Select(entry => (JsonNode)new JsonObject { ["name"] = SqlText.Clean(entry.Name), ["why"] = SqlText.Clean(entry.Why) })]),
        }, file.DatasetId), subject.Sequence!.Value)));
        TaskQueue.Finish(batch, task, "succeeded", null);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return signal.Pulse;
    }
}
