using System.Text.Json;
using Dapper;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Records;
using Stemma.Hub.Rereading;
using Stemma.Hub.Web;

namespace Stemma.Hub.Queue;

/// <summary>
/// The queue in PostgreSQL. States and fencing are drawn in <c>0004_queue.sql</c>; every statement here moves a task along one arrow of it.
/// </summary>
public sealed class TaskQueue(NpgsqlDataSource database, LiveEvents live, TimeProvider clock)
{
    public const int LeaseSeconds = 60;

    /// <summary>Of files to be read again, so few are given out at once, and only when nothing else waits: what is deposited meanwhile waits for them at most.</summary>
    private const int RereadsAtOnce = 4;

    /// <summary>So often is a task tried at most, when its workers die.</summary>
    private const int MostAttempts = 10;

    /// <summary>Waits this long times two to the attempt before trying again what crashed.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    private sealed record ClaimedRow(Guid Id, int Attempt, string Kind, Guid SubjectId, string Payload);

    private sealed record MemberRow(Guid TaskId, Guid FileSetId, Guid DatasetId, Guid FileId, string Path, string Role, long Size, byte[] Sha256, string? LinkedRoot, string? LinkedPath);

    /// <summary>Takes up to <c>Limit</c> tasks for a worker; empty when there are none.</summary>
    public async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        List<ClaimedRow> claimed;
        try
        {
            claimed = (await connection.QueryAsync<ClaimedRow>(new CommandDefinition("""
                with due as materialized (
                    select t.id from tasks t
                    where t.state = 'queued' and t.run_after <= now() and t.kind = any (@Kinds) and t.kind <> 'reread'
                      and not exists (select from tasks r where r.kind = t.kind and r.subject_id = t.subject_id and r.state = 'running')
                    order by t.priority desc, t.run_after, t.id
                    limit @Limit for update skip locked),
                -- Only workers that have the newest readers read again: others would read the same once more.
                idle as materialized (
                    select t.id from tasks t
                    where t.state = 'queued' and t.run_after <= now() and t.kind = 'reread' and 'reread' = any (@Kinds) and not exists (select from due)
                      and @Readers::integer = (select max(g.number) from reader_generations g)
                      and not exists (select from tasks r where r.kind = t.kind and r.subject_id = t.subject_id and r.state = 'running')
                    order by t.priority desc, t.run_after, t.id
                    limit least(@Limit, @RereadsAtOnce) for update skip locked),
                next as (select id from due union all select id from idle)
                update tasks t
                set state = 'running', attempt = t.attempt + 1, worker = @Worker, started_at = now(), progress = null, note = null,
                    lease_until = now() + make_interval(secs => @LeaseSeconds),
                    payload = t.payload || coalesce((select jsonb_build_object('membership', s.membership) from file_sets s where t.kind in ('extract', 'reread') and s.id = t.subject_id), '{}')
                        || jsonb_build_object('readers', @Readers::integer)
                        || coalesce((select jsonb_build_object('path', f.path) from files f where t.kind = 'unpack' and f.id = t.subject_id and not t.payload ? 'path'), '{}')
                from next where t.id = next.id
                returning t.id, t.attempt, t.kind, t.subject_id as subjectId, t.payload::text as payload
                """, new { request.Kinds, request.Limit, request.Worker, request.Readers, LeaseSeconds, RereadsAtOnce }, transaction, cancellationToken: cancellationToken))).AsList();
        }
        catch (PostgresException conflict) when (conflict.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
        {
            return []; // Another claim started a task of the same subject in this instant, or somebody wanted the same rows the other way round; ask again.
        }

        if (claimed.Count == 0)
            return [];
        var members = (await connection.QueryAsync<MemberRow>(new CommandDefinition("""
            select t.id as taskId, f.file_set_id as fileSetId, f.dataset_id as datasetId, f.id as fileId, f.path, f.role, f.size, f.sha256,
                   l.root as linkedRoot, l.path as linkedPath
            from tasks t
            -- One branch per kind: a condition that chooses between two columns would read all files at every claim.
            cross join lateral (
                select * from files where t.kind <> 'unpack' and file_set_id = t.subject_id and is_current
                union all
                select * from files where t.kind = 'unpack' and id = t.subject_id and is_current) f
            left join linked_files l on l.file_id = f.id and f.blob_sha256 is null
            where t.id = any (@Ids)
            order by t.id, f.role = 'primary' desc, f.path
            """, new { Ids = claimed.Select(task => task.Id).ToArray() }, transaction, cancellationToken: cancellationToken))).ToLookup(row => row.TaskId);
        await connection.ExecuteAsync(new CommandDefinition(
            "update file_sets set reading = 'reading' where id = any (@Sets)",
            new { Sets = claimed.Where(task => task.Kind == "extract").Select(task => task.SubjectId).ToArray() }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);

        // What is read again is shown as it was read before until that is done.
        foreach (var set in claimed.Where(task => task.Kind != "reread").SelectMany(task => members[task.Id]).DistinctBy(row => row.FileSetId))
            Announce(set.FileSetId, set.DatasetId, "reading", null, null);
        return [.. claimed.Select(task => new ClaimedTask(task.Id, task.Attempt, task.Kind, LeaseSeconds,
            members[task.Id].Select(row => row.FileSetId).FirstOrDefault(task.SubjectId),
            [.. members[task.Id].Select(row => new TaskMember(row.FileId, row.Path, row.Role, row.Size, Convert.ToHexStringLower(row.Sha256),
                row.LinkedRoot is null ? null : new LinkedPlace(row.LinkedRoot, row.LinkedPath!)))],
            JsonSerializer.Deserialize<JsonElement>(task.Payload)))];
    }

    private sealed record HeartbeatRow(string Kind, Guid SubjectId, Guid? DatasetId);

    /// <summary>Prolongs the lease.</summary>
    /// <exception cref="Problem">409: the attempt is void.</exception>
    public async Task<HeartbeatAnswer> HeartbeatAsync(Guid id, HeartbeatRequest request, CancellationToken cancellationToken)
    {
        var note = request.Note is { } told ? OneLine(told) : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<HeartbeatRow>(new CommandDefinition("""
            update tasks t set lease_until = now() + make_interval(secs => @LeaseSeconds), progress = @Progress, note = @Note
            where id = @id and state = 'running' and attempt = @Attempt
            returning kind, subject_id as subjectId, (select dataset_id from file_sets s where s.id = t.subject_id) as datasetId
            """, new { id, request.Attempt, request.Progress, Note = note, LeaseSeconds }, cancellationToken: cancellationToken)) ?? throw Stale(id, request.Attempt);
        if (row is { Kind: "extract", DatasetId: { } dataset })
            Announce(row.SubjectId, dataset, "reading", note, request.Progress);
        return new HeartbeatAnswer(false);
    }

    /// <summary>Locks a running task of this attempt for its end.</summary>
    /// <exception cref="Problem">409: the attempt is void.</exception>
    internal static async Task<RunningTask> LockAsync(NpgsqlConnection connection, Guid id, int attempt, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<RunningTask>(new CommandDefinition("""
            select id, kind, subject_id as subjectId, attempt, max_attempts as maxAttempts, (payload ->> 'readers')::int as readers, (payload ->> 'rereading')::uuid as rereading
            from tasks where id = @id and state = 'running' and attempt = @attempt for update
            """, new { id, attempt }, cancellationToken: cancellationToken)) ?? throw Stale(id, attempt);

    /// <summary>Locks the readings under way and waiting of sets that are to be locked next: claims and results lock tasks before their sets.</summary>
    internal static Task LockBeforeSetsAsync(NpgsqlConnection connection, IReadOnlyList<Guid> sets, CancellationToken cancellationToken) => connection.RunAsync(
        "select from tasks where subject_id = any (@Sets) and kind in ('extract', 'reread') and state in ('queued', 'running') order by id for update", new { Sets = sets.ToArray() }, cancellationToken);

    /// <summary>Refuses what is void already, without a lock.</summary>
    /// <exception cref="Problem">409: the attempt is void.</exception>
    public async Task RequireRunningAsync(Guid id, int attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select 1 from tasks where id = @id and state = 'running' and attempt = @attempt", new { id, attempt }, cancellationToken: cancellationToken)) is null)
            throw Stale(id, attempt);
    }

    /// <summary>Locks a running task and the set that it reads, in this order, and takes the next event number of its subject: one round trip.</summary>
    /// <exception cref="Problem">409: the attempt is void.</exception>
    internal static async Task<LockedSubject> LockWithSubjectAsync(NpgsqlConnection connection, Guid id, int attempt, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("select subject_id, (payload ->> 'membership')::bigint, kind, (payload ->> 'rereading')::uuid from tasks where id = $1 and state = 'running' and attempt = $2 for update", id, attempt);
        batch.Add("select dataset_id, name, membership, trashed_at is not null, extraction_id from file_sets where id = (select subject_id from tasks where id = $1 and kind in ('extract', 'reread')) for update", id);
        // What was read again meanwhile, or has other members, or went, is not recorded, and takes no number.
        batch.Add(EventWriter.NextSql("""
            select t.subject_id, 1 from tasks t
            where t.id = $1 and t.state = 'running' and t.attempt = $2 and (t.kind <> 'reread' or exists (
                select from file_sets s
                where s.id = t.subject_id and s.trashed_at is null and s.reading not in ('waiting', 'reading') and s.membership = (t.payload ->> 'membership')::bigint))
            """), id, attempt);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw Stale(id, attempt);
        var (subject, read, kind, rereading) = (reader.GetGuid(0), reader.IsDBNull(1) ? (long?)null : reader.GetInt64(1), reader.GetString(2), reader.IsDBNull(3) ? (Guid?)null : reader.GetGuid(3));
        await reader.NextResultAsync(cancellationToken);
        var set = await reader.ReadAsync(cancellationToken)
            ? new LockedSet(subject, reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), read ?? reader.GetInt64(2), reader.GetBoolean(3), reader.IsDBNull(4) ? null : reader.GetGuid(4))
            : null;
        await reader.NextResultAsync(cancellationToken);
        return new LockedSubject(subject, kind, set, rereading, await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : null);
    }

    internal static async Task FinishAsync(NpgsqlConnection connection, Guid id, string state, string? note, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Finish(batch, id, state, note);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The end of a locked task, as one more statement of a batch.</summary>
    internal static void Finish(NpgsqlBatch batch, Guid id, string state, string? note) => batch.Add(
        "update tasks set state = $2, note = $3, progress = case $2 when 'succeeded' then 1 else progress end, finished_at = now(), lease_until = null where id = $1", id, state, note);

    /// <summary>Ends an attempt that did not succeed: for good, or to be tried again.</summary>
    public async Task FailAsync(Guid id, FailRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var task = await LockAsync(connection, id, request.Attempt, cancellationToken);
        var announcements = await FailLockedAsync(connection, task, request.Reason, request.Kind, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        announcements();
    }

    private async Task<Action> FailLockedAsync(NpgsqlConnection connection, RunningTask task, string reason, FailureKind kind, CancellationToken cancellationToken)
    {
        reason = OneLine(reason);
        var final = kind is FailureKind.NoReader or FailureKind.Damaged || task.Attempt >= task.MaxAttempts;
        // A newer request for the same subject waits already: this one ends, or two would wait for one subject.
        var overtaken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from tasks where kind = @Kind and subject_id = @SubjectId and state = 'queued')", new { task.Kind, task.SubjectId }, cancellationToken: cancellationToken));
        if (final || overtaken)
            await FinishAsync(connection, task.Id, kind == FailureKind.NoReader ? "succeeded" : "failed", reason, cancellationToken);
        else
            await connection.ExecuteAsync(new CommandDefinition("""
                update tasks set state = 'queued', note = @reason, lease_until = null, worker = null, max_attempts = @MaxAttempts, run_after = now() + make_interval(secs => @Seconds) where id = @Id
                """, new { task.Id, reason, task.MaxAttempts, Seconds = Backoff.TotalSeconds * (1 << Math.Min(task.Attempt, 6)) }, cancellationToken: cancellationToken));
        if (task.Kind == "unpack")
            return final ? await NoteAtArchiveAsync(connection, task, reason, cancellationToken) : () => { };
        if (task.Kind == "reread")
        {
            if (final)
                await RereadFailures.RecordAsync(connection, task, kind, reason, cancellationToken);
            return () => { };
        }

        var reading = overtaken || !final ? "waiting" : kind == FailureKind.NoReader ? "no_reader" : "failed";
        var dataset = await connection.ExecuteScalarAsync<Guid>(new CommandDefinition(
            "update file_sets set reading = @reading, reading_note = case when reading_note like 'Not unpacked:%' then reading_note else @reason end where id = @SubjectId returning dataset_id",
            new { reading, reason, task.SubjectId }, cancellationToken: cancellationToken));
        if (reading != "waiting")
            await UnreadFileSets.NoteAsync(connection, task.SubjectId, reading, task.Readers, cancellationToken);
        return () => Announce(task.SubjectId, dataset, reading, reason, null);
    }

    /// <summary>What was not unpacked is said where people look at the archive.</summary>
    private async Task<Action> NoteAtArchiveAsync(NpgsqlConnection connection, RunningTask task, string reason, CancellationToken cancellationToken)
    {
        var note = $"Not unpacked: {reason}";
        var (set, dataset, reading) = await connection.QuerySingleAsync<(Guid, Guid, string)>(new CommandDefinition(
            "update file_sets set reading_note = @note where id = (select file_set_id from files where id = @SubjectId) returning id, dataset_id, reading",
            new { note, task.SubjectId }, cancellationToken: cancellationToken));
        return () => Announce(set, dataset, reading, note, null);
    }

    /// <summary>Takes back tasks whose worker has fallen silent.</summary>
    /// <returns>How many.</returns>
    public Task<int> ReclaimAsync(CancellationToken cancellationToken) => TakeBackAsync(null, cancellationToken);

    /// <summary>Takes back at once what a worker held that is known to be dead, without waiting for its leases.</summary>
    /// <param name="worker">As it called itself.</param>
    /// <returns>How many.</returns>
    public Task<int> ReclaimFromAsync(string worker, CancellationToken cancellationToken) => TakeBackAsync(worker, cancellationToken);

    private async Task<int> TakeBackAsync(string? deadWorker, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var lost = (await connection.QueryAsync<RunningTask>(new CommandDefinition("""
            select id, kind, subject_id as subjectId, attempt, max_attempts as maxAttempts, (payload ->> 'readers')::int as readers, (payload ->> 'rereading')::uuid as rereading
            from tasks where state = 'running' and (lease_until < now() or worker = @deadWorker) for update skip locked limit 100
            """, new { deadWorker }, transaction, cancellationToken: cancellationToken))).AsList();
        var announcements = new List<Action>();
        // A worker that died took what it read with it; the file is not to blame, and has its attempts still. Not for ever: something may be wrong with it after all.
        foreach (var task in lost.Select(task => task with { MaxAttempts = Math.Max(task.MaxAttempts, Math.Min(task.MaxAttempts + 1, MostAttempts)) }))
            announcements.Add(await FailLockedAsync(connection, task, $"the worker stopped answering during attempt {task.Attempt}", FailureKind.Crashed, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        announcements.ForEach(announce => announce());
        return lost.Count;
    }

    public async Task<QueueState> StateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (queued, running, failed) = await connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition("""
            select count(*) filter (where state = 'queued'), count(*) filter (where state = 'running'), count(*) filter (where state = 'failed')
            from tasks where state in ('queued', 'running', 'failed')
            """, cancellationToken: cancellationToken));
        var workers = await connection.QueryAsync<WorkerState>(new CommandDefinition("""
            select worker as name, count(*) filter (where state = 'running') as running, max(coalesce(finished_at, lease_until - make_interval(secs => @LeaseSeconds))) as lastSeen
            from tasks where worker is not null and (state = 'running' or finished_at > now() - interval '10 minutes') group by worker order by worker
            """, new { LeaseSeconds }, cancellationToken: cancellationToken));
        return new QueueState(queued, running, failed, workers.AsList());
    }

    internal void Announce(Guid fileSet, Guid dataset, string reading, string? note, float? progress) =>
        live.Publish(new LiveEvent("fileSet", dataset, JsonSerializer.Serialize(
            new { Id = fileSet, DatasetId = dataset, Reading = reading, ReadingNote = note, Progress = progress, At = clock.GetUtcNow() }, WireJson.Options)));

    internal static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\0', ' ').Trim();
        // Half a character pair is no text that the database takes.
        return line.Length <= 1000 ? line : line[..(char.IsHighSurrogate(line[999]) ? 999 : 1000)] + "…";
    }

    private static Problem Stale(Guid id, int attempt) => Problem.Conflict("stale-attempt",
        $"Attempt {attempt} of task {id} is over: it ended, was cancelled, or was given to another worker after its lease ran out. Drop it and claim again.");
}

/// <summary>What a running task is about, locked with it for its end.</summary>
/// <param name="Set">What it reads; null for other kinds of task, and when it is gone.</param>
/// <param name="Rereading">The batch that has it read again.</param>
/// <param name="Sequence">Number of the subject's next event; null: what was read again was overtaken, and is not recorded.</param>
internal sealed record LockedSubject(Guid Id, string Kind, LockedSet? Set, Guid? Rereading, long? Sequence);

/// <param name="Membership">The set's members as they are now: a number that grows when they change.</param>
/// <param name="ReadMembership">The members that were read.</param>
/// <param name="IsTrashed">It was thrown away while it was read.</param>
/// <param name="ShownExtraction">What was read before; null: nothing.</param>
internal sealed record LockedSet(Guid Id, Guid DatasetId, string Name, long Membership, long ReadMembership, bool IsTrashed, Guid? ShownExtraction);

/// <summary>A task locked for its end.</summary>
/// <param name="Readers">The generation of readers that its worker has; null: it did not say.</param>
/// <param name="Rereading">The batch that has it read again.</param>
internal sealed record RunningTask(Guid Id, string Kind, Guid SubjectId, int Attempt, int MaxAttempts, int? Readers, Guid? Rereading);
