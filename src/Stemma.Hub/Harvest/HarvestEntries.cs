using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Harvest;

/// <summary>
/// <para>growing: seen, and waits until it rests. taken: its bytes are in the hub (or linked). unchanged: touched, with the bytes that were taken before.</para>
/// <para>failed: could not be taken, and is tried again. moved: renamed on the share; what was taken belongs to the new path. gone: not there any more; what was taken stays. sidecar: a text that a hub wrote beside a file; never taken.</para>
/// </summary>
public enum HarvestState { Growing, Taken, Unchanged, Failed, Moved, Gone, Sidecar }

/// <summary>A file that is due.</summary>
internal sealed class DueEntry
{
    public string Path { get; init; } = "";
    public long Size { get; init; }
    public DateTime ModifiedAt { get; init; }
    public byte[]? Sha256 { get; init; }
    public Guid? FileId { get; init; }
    public int Attempts { get; init; }

    /// <summary>Since when it is due; the order in which files are taken.</summary>
    public DateTime DueAt { get; init; }
}

/// <summary>What a source is known to hold, in its rows: every question and every change is for many files at once where a scan asks it.</summary>
internal sealed class HarvestEntries(NpgsqlDataSource database)
{
    /// <summary>So many files or folders go into one statement.</summary>
    public const int BatchSize = 1000;

    private const string Present = "state not in ('gone', 'moved')";

    /// <summary>The condition that the hub has the bytes of a file, stored or linked. Of one that was removed for good it has none, though its row stays.</summary>
    /// <param name="fileId">The SQL expression of its id.</param>
    internal static string Held(string fileId) => $"""
        exists (select from files held join file_sets of_held on of_held.id = held.file_set_id
                where held.id = {fileId} and of_held.purged_at is null
                  and (held.blob_sha256 is not null or exists (select from linked_files link where link.file_id = held.id)))
        """;

    internal sealed record Compared(int Known, int Added, int Changed, int Returned);

    /// <summary>Takes note of files that a scan sees: new ones, changed ones, and those that were missed and are there again.</summary>
    /// <returns>How many of each; <c>Known</c>: how many were thought to be there.</returns>
    public async Task<Compared> CompareAsync(Guid source, DateTime now, IReadOnlyList<(string Path, FileStamp Stamp)> files, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.RowAsync<(int Known, int Added, int Changed, int Returned)>($"""
            with seen(path, size, modified_at) as (select * from unnest(@paths::text[], @sizes::bigint[], @times::timestamptz[])),
            known as materialized (
                select e.path, e.state, case when e.state <> 'gone' or {Held("e.file_id")} then e.file_id end as file_id, s.size, s.modified_at, (e.size, e.modified_at) is distinct from (s.size, s.modified_at) as differs
                from seen s join harvest_entries e on e.source_id = @source and e.path = s.path),
            changed as (
                -- Also what moved away and is back: its bytes will tell.
                update harvest_entries e set size = k.size, modified_at = k.modified_at, state = 'growing', changed_at = @now,
                       problem = null, attempts = 0, retry_at = null, moved_to = null
                from known k where e.source_id = @source and e.path = k.path and (k.differs or k.state = 'moved' or k.state = 'gone' and k.file_id is null) returning 1),
            returned as (
                update harvest_entries e set state = 'taken', changed_at = @now, problem = null
                from known k where e.source_id = @source and e.path = k.path and not k.differs and k.state = 'gone' and k.file_id is not null returning 1),
            added as (
                insert into harvest_entries (source_id, path, size, modified_at, state, first_seen_at, changed_at)
                select @source, path, size, modified_at, 'growing', @now, @now from seen s where not exists (select from known k where k.path = s.path)
                on conflict (source_id, path) do nothing returning 1)
            select (select count(*)::int from known where {Present}), (select count(*)::int from added), (select count(*)::int from changed), (select count(*)::int from returned)
            """, new { source, now, paths = files.Select(file => file.Path).ToArray(), sizes = files.Select(file => file.Stamp.Size).ToArray(), times = files.Select(file => file.Stamp.ModifiedAt).ToArray() },
            cancellationToken);
        return new Compared(row.Known, row.Added, row.Changed, row.Returned);
    }

    /// <summary>How many files each folder is thought to hold itself, not counting the folders in it.</summary>
    public async Task<Dictionary<string, long>> CountPresentAsync(Guid source, IReadOnlyCollection<string> folders, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.RowsAsync<(string Folder, long Count)>(
            $"select folder, count(*) from harvest_entries where source_id = @source and folder = any (@folders) and {Present} group by folder",
            new { source, folders = folders.ToArray() }, cancellationToken)).ToDictionary(row => row.Folder, row => row.Count);
    }

    /// <summary>The files that a folder is thought to hold itself, ordered by path, after one of them.</summary>
    public async Task<List<string>> PresentAsync(Guid source, string folder, string after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowsAsync<string>(
            $"select path from harvest_entries where source_id = @source and folder = @folder and path > @after and {Present} order by path limit {BatchSize}",
            new { source, folder, after }, cancellationToken);
    }

    /// <summary>A few files from either end of what is thought to be there.</summary>
    public async Task<List<string>> SampleAsync(Guid source, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowsAsync<string>($"""
            (select path from harvest_entries where source_id = @source and {Present} order by folder, path limit 50)
            union
            (select path from harvest_entries where source_id = @source and {Present} order by folder desc, path desc limit 50)
            """, new { source }, cancellationToken);
    }

    /// <summary>Folders that are thought to hold files themselves, after one of them, in order.</summary>
    public async Task<List<string>> FoldersAsync(Guid source, string? after, CancellationToken cancellationToken)
    {
        // One step through the index per folder, however many files each holds.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowsAsync<string>($"""
            with recursive step(folder) as (
                (select folder from harvest_entries where source_id = @source and (@after::text is null or folder > @after) and {Present} order by folder limit 1)
                union all
                select (select e.folder from harvest_entries e where e.source_id = @source and e.folder > step.folder and {Present} order by e.folder limit 1)
                from step where step.folder is not null)
            select folder from step where folder is not null limit {BatchSize}
            """, new { source, after }, cancellationToken);
    }

    /// <returns>How many were thought to be there until now.</returns>
    public async Task<int> MarkGoneAsync(Guid source, IReadOnlyCollection<string> paths, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RunAsync($"{GoneSql} and path = any (@paths) and {Present}",
            new { source, paths = paths.ToArray(), now }, cancellationToken);
    }

    /// <summary>A whole folder is not there any more.</summary>
    public async Task<int> MarkFolderGoneAsync(Guid source, string folder, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RunAsync($"{GoneSql} and folder = @folder and {Present}",
            new { source, folder, now }, cancellationToken);
    }

    private const string GoneSql = """
        update harvest_entries set state = 'gone', changed_at = @now, attempts = 0, retry_at = null,
               problem = case when file_id is null then 'It went away before it was taken.' end
        where source_id = @source
        """;

    /// <summary>What is to be taken now: files that have rested, and failed ones whose next try has come.</summary>
    /// <param name="rested">Files that changed before this instant have rested.</param>
    /// <param name="after">The last that was handed out in this round.</param>
    public async Task<List<DueEntry>> DueAsync(Guid source, DateTime now, DateTime rested, DueEntry? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowsAsync<DueEntry>("""
            select path, size, modified_at, sha256, file_id, attempts, due_at from (
                (select *, changed_at as due_at from harvest_entries where source_id = @source and state = 'growing' and changed_at <= @rested and (changed_at, path) > (@afterAt, @afterPath)
                 order by changed_at, path limit @limit)
                union all
                (select *, retry_at as due_at from harvest_entries where source_id = @source and state = 'failed' and retry_at <= @now and (retry_at, path) > (@afterAt, @afterPath)
                 order by retry_at, path limit @limit)) due
            order by due_at, path limit @limit
            """, new { source, now, rested, afterAt = after?.DueAt ?? DateTime.UnixEpoch, afterPath = after?.Path ?? "", limit }, cancellationToken);
    }

    /// <summary>When the next file becomes due; null: nothing waits.</summary>
    public async Task<DateTime?> NextDueAsync(Guid source, int stableSeconds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RowAsync<DateTime?>("""
            select least((select min(changed_at) + make_interval(secs => @stableSeconds) from harvest_entries where source_id = @source and state = 'growing'),
                         (select min(retry_at) from harvest_entries where source_id = @source and state = 'failed'))
            """, new { source, stableSeconds }, cancellationToken);
    }

    /// <summary>Notes made when the clock stood later than it does now (it was set back while we did not run) count from now.</summary>
    public async Task BringBackAsync(Guid source, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            update harvest_entries set changed_at = @now where source_id = @source and state = 'growing' and changed_at > @now;
            update harvest_entries set retry_at = @now where source_id = @source and state = 'failed' and retry_at > @now + interval '1 hour'
            """, new { source, now }, cancellationToken);
    }

    /// <summary>The file is not at rest: it waits from now on again.</summary>
    /// <param name="why">For people; null where it just changes.</param>
    public async Task KeepWaitingAsync(Guid source, DueEntry entry, FileStamp? seen, string? why, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            update harvest_entries set state = 'growing', size = @Size, modified_at = @ModifiedAt, changed_at = @now, problem = @why, attempts = 0, retry_at = null
            where source_id = @source and path = @Path and state in ('growing', 'failed')
            """, new { source, entry.Path, Size = seen?.Size ?? entry.Size, ModifiedAt = seen?.ModifiedAt ?? entry.ModifiedAt, now, why }, cancellationToken);
    }

    /// <summary>A text that a hub wrote beside a file: looked into again only when it changes.</summary>
    public async Task LeaveSidecarAsync(Guid source, DueEntry entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            update harvest_entries set state = 'sidecar', problem = null, attempts = 0, retry_at = null
            where source_id = @source and path = @Path and state in ('growing', 'failed') and size = @Size and modified_at = @ModifiedAt
            """, new { source, entry.Path, entry.Size, entry.ModifiedAt }, cancellationToken);
    }

    public async Task FailAsync(Guid source, DueEntry entry, string why, DateTime retryAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            update harvest_entries set state = 'failed', problem = @why, attempts = attempts + 1, retry_at = @retryAt
            where source_id = @source and path = @Path and state in ('growing', 'failed')
            """, new { source, entry.Path, why, retryAt }, cancellationToken);
    }
}
