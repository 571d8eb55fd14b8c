using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Hosting;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;

namespace Stemma.Hub.Rereading;

/// <summary>
/// Does the batches, one after another: gives the queue a few files at a time, and adds up how those before came out. One hub at a time, and each step a short
/// transaction that says in the rows how far it came: a hub that starts again goes on where the last one ended.
/// </summary>
internal sealed partial class RereadingFeeder(NpgsqlDataSource database, EventWriter events, TaskSignal signal, TimeProvider clock, ILogger<RereadingFeeder> logger) : BackgroundService
{
    /// <summary>File sets that are looked at in one step.</summary>
    private const int Slice = 2000;

    /// <summary>Tasks that wait at most. So few, that they are never in the way of anything, and enough for many workers.</summary>
    private const int MostWaiting = 200;

    /// <summary>Outcomes that are added up in one step.</summary>
    private const int CountedAtOnce = 500;

    /// <summary>Different keys that are counted of one batch; further ones stand at their files only.</summary>
    private const int MostKeys = 5000;

    private const short Priority = -10;

    /// <summary>Held by whoever does a step, or brings a batch into another state: one after the other, they never lock each other's rows.</summary>
    internal const long Lock = 0x7265_7265_6164; // "reread"

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);

    private sealed record Batch
    {
        public Guid Id { get; init; }
        public string Choice { get; init; } = "";
        public string? Format { get; init; }
        public Guid? NodeId { get; init; }
        public Guid LastId { get; init; }
        public Guid UntilId { get; init; }
        public Guid StartedBy { get; init; }
    }

    private sealed record Looked(Guid Id, bool IsChosen);

    /// <summary>Adds up, and gives the queue more.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.RowAsync<bool>("select pg_try_advisory_xact_lock(@Lock)", new { Lock }, cancellationToken))
            return false;
        var counted = await CountAsync(connection, cancellationToken);
        var queued = 0;
        var looked = false;
        if (await connection.RowAsync<Batch>("select id, choice, format, node_id, last_id, until_id, started_by from rereadings where state = 'running' order by id limit 1 for update", null, cancellationToken) is { } batch)
        {
            queued = await QueueLostAsync(connection, batch, cancellationToken);
            var waiting = await connection.RowAsync<long>("select count(*) from rereading_files where rereading_id = @Id and not is_counted", new { batch.Id }, cancellationToken);
            if (waiting < MostWaiting / 2 && batch.LastId != batch.UntilId)
            {
                looked = true;
                queued += await QueueNextAsync(connection, batch, cancellationToken);
            }
            else if (waiting == 0)
                await EndAsync(connection, batch, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (queued > 0)
            signal.Pulse();
        return counted > 0 || looked;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyLoop.RunAsync(
        async cancellationToken => await StepAsync(cancellationToken) ? ShortPause : Pause, LogFailed, Pause, clock, stoppingToken);

    /// <summary>Adds outcomes to the sums of their batches. What came out the same, or was overtaken, is then forgotten.</summary>
    private static async Task<int> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var done = (await connection.RowsAsync<Guid>($"""
            select id from rereading_files where not is_counted and outcome <> 'waiting' and rereading_id is not null limit {CountedAtOnce} for update skip locked
            """, null, cancellationToken)).ToArray();
        if (done.Length == 0)
            return 0;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"""
            insert into rereading_keys as k (rereading_id, key, change, files, file_set_id, before, after)
            select c.rereading_id, c.key, c.change, count(distinct c.file_set_id), (array_agg(c.file_set_id))[1], (array_agg(c.before))[1], (array_agg(c.after))[1]
            from (select f.rereading_id, f.file_set_id, c ->> 'key' as key, c ->> 'before' as before, c ->> 'after' as after,
                    case when c ->> 'before' is null then 'added' when c ->> 'after' is null then 'removed' else 'changed' end as change
                from rereading_files f, jsonb_array_elements(f.changes) c where f.id = any ($1) order by f.id) c
            where exists (select from rereading_keys o where o.rereading_id = c.rereading_id and o.key = c.key and o.change = c.change)
               or (select count(*) from rereading_keys o where o.rereading_id = c.rereading_id) < {MostKeys}
            group by c.rereading_id, c.key, c.change
            on conflict (rereading_id, key, change) do update set files = k.files + excluded.files
            """, done);
        batch.Add("""
            update rereadings b set same = b.same + d.same, changed = b.changed + d.changed, newly_read = b.newly_read + d.newly_read, failed = b.failed + d.failed,
                unreadable = b.unreadable + d.unreadable, overtaken = b.overtaken + d.overtaken
            from (select rereading_id, count(*) filter (where outcome = 'same') as same, count(*) filter (where outcome = 'changed') as changed,
                    count(*) filter (where outcome = 'newly_read') as newly_read, count(*) filter (where outcome = 'failed') as failed,
                    count(*) filter (where outcome = 'unreadable') as unreadable, count(*) filter (where outcome = 'overtaken') as overtaken
                from rereading_files where id = any ($1) group by rereading_id) d
            where b.id = d.rereading_id
            """, done);
        batch.Add("delete from rereading_files where id = any ($1) and outcome in ('same', 'overtaken')", done);
        batch.Add("update rereading_files set is_counted = true where id = any ($1)", done);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return done.Length;
    }

    /// <summary>Files of the batch that wait without a task: it was paused, or the task was cancelled. Those that went meanwhile are let go.</summary>
    private static async Task<int> QueueLostAsync(NpgsqlConnection connection, Batch batch, CancellationToken cancellationToken)
    {
        var lost = await connection.RowsAsync<Looked>("""
            select f.file_set_id as id, s.trashed_at is null as is_chosen from rereading_files f join file_sets s on s.id = f.file_set_id
            where f.rereading_id = @Id and not f.is_counted and f.outcome = 'waiting'
              and not exists (select from tasks t where t.kind = 'reread' and t.subject_id = f.file_set_id and t.state in ('queued', 'running'))
            """, new { batch.Id }, cancellationToken);
        await connection.RunAsync("update rereading_files set outcome = 'overtaken' where rereading_id = @Id and file_set_id = any (@Gone) and outcome = 'waiting'",
            new { batch.Id, Gone = lost.Where(set => !set.IsChosen).Select(set => set.Id).ToArray() }, cancellationToken);
        return await QueueAsync(connection, batch, [.. lost.Where(set => set.IsChosen).Select(set => set.Id)], cancellationToken);
    }

    private static async Task<int> QueueNextAsync(NpgsqlConnection connection, Batch batch, CancellationToken cancellationToken)
    {
        var chosen = (await connection.RowsAsync<Guid>($"""
            with looked as materialized (
                select s.* from file_sets s where s.id > @LastId and s.id <= @UntilId order by s.id limit {Slice})
            select id from ({RereadingChoice.Sql("looked")}{(batch.NodeId is null ? "" : $" and s.dataset_id = any (array({RereadingChoice.Datasets}))")}) c order by id limit {MostWaiting}
            """, batch, cancellationToken)).ToArray();
        var last = chosen.Length == MostWaiting ? chosen[^1] : await connection.RowAsync<Guid?>(
            $"select id from file_sets where id > @LastId and id <= @UntilId order by id offset {Slice - 1} limit 1", batch, cancellationToken) ?? batch.UntilId;
        await connection.RunAsync("insert into rereading_files (id, rereading_id, file_set_id) select gen_random_uuid(), @Id, unnest(@chosen) on conflict do nothing", new { batch.Id, chosen }, cancellationToken);
        await connection.RunAsync("update rereadings set last_id = @last where id = @Id", new { batch.Id, last }, cancellationToken);
        return await QueueAsync(connection, batch, chosen, cancellationToken);
    }

    /// <summary>A set that another batch reads just now has its task later (<see cref="QueueLostAsync"/>).</summary>
    private static Task<int> QueueAsync(NpgsqlConnection connection, Batch batch, Guid[] sets, CancellationToken cancellationToken) => sets.Length == 0 ? Task.FromResult(0) : connection.RunAsync($$"""
        insert into tasks (id, kind, subject_id, priority, payload, created_by)
        select t.id, 'reread', t.subject_id, {{Priority}}, jsonb_build_object('rereading', @Id), @StartedBy from unnest(@Ids, @sets) as t(id, subject_id)
        where not exists (select from tasks o where o.kind = 'reread' and o.subject_id = t.subject_id and o.state in ('queued', 'running'))
        on conflict (kind, subject_id) where state = 'queued' do nothing
        """, new { batch.Id, batch.StartedBy, Ids = sets.Select(_ => Guid.CreateVersion7()).ToArray(), sets }, cancellationToken);

    private async Task EndAsync(NpgsqlConnection connection, Batch batch, CancellationToken cancellationToken)
    {
        await connection.RunAsync("update rereadings set state = 'ended', ended_at = now(), version = version + 1 where id = @Id", new { batch.Id }, cancellationToken);
        var sums = await Rereadings.GetAsync(connection, batch.Id, cancellationToken);
        await events.WriteAsync(connection, Actor.Hub, new Happening("rereading.ended", "rereading", batch.Id, new JsonObject
        {
            ["same"] = sums.Same, ["changed"] = sums.Changed, ["newlyRead"] = sums.NewlyRead, ["failed"] = sums.Failed, ["unreadable"] = sums.Unreadable, ["overtaken"] = sums.Overtaken,
        }, batch.NodeId is { } node ? [node] : []), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "Files could not be given to be read again; trying again in a moment")]
    private partial void LogFailed(Exception problem);
}
