using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Queue;

namespace Stemma.Hub.Rereading;

/// <summary>What could not be read again. What was read before stays, and is shown on.</summary>
internal static class RereadFailures
{
    private sealed record Shown(Guid? ExtractionId, string Reading);

    /// <param name="task">Locked.</param>
    public static async Task RecordAsync(NpgsqlConnection connection, RunningTask task, FailureKind kind, string reason, CancellationToken cancellationToken)
    {
        var set = await connection.RowAsync<Shown>("select extraction_id, reading from file_sets where id = @SubjectId and trashed_at is null for update", new { task.SubjectId }, cancellationToken);
        // Gone, or read in the usual way meanwhile.
        var outcome = set is null or { Reading: "waiting" or "reading" } ? "overtaken" : set.ExtractionId is null ? "unreadable" : "failed";
        await connection.RunAsync("""
            update rereading_files f set outcome = @outcome, note = @reason, at = now(),
                before = (select jsonb_build_object('format', e.format, 'formatName', e.format_name, 'readerVersion', e.reader_version, 'mappingVersion', e.mapping_version, 'softwareVersion', e.software_version)
                    from extractions e where e.id = @ExtractionId)
            where f.rereading_id = @Rereading and f.file_set_id = @SubjectId and f.outcome = 'waiting'
            """, new { outcome, reason, task.Rereading, task.SubjectId, set?.ExtractionId }, cancellationToken);
        if (outcome == "overtaken")
            return;
        var reading = kind == FailureKind.NoReader ? "no_reader" : "failed";
        if (outcome == "unreadable")
        {
            await connection.RunAsync("""
                update file_sets set reading = @reading, reading_note = case when reading_note like 'Not unpacked:%' then reading_note else @reason end
                where id = @SubjectId and (reading, reading_note) is distinct from (@reading, @reason)
                """, new { reading, reason, task.SubjectId }, cancellationToken);
            await UnreadFileSets.NoteAsync(connection, task.SubjectId, reading, task.Readers, cancellationToken);
        }
    }
}
