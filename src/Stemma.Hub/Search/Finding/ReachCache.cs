using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Hosting;

namespace Stemma.Hub.Search.Finding;

/// <summary>
/// What lies in what, and what actors see of it, kept between requests: finding it takes as long as a search does. It is kept with the snapshot in which it was read, and each search asks the database, in the snapshot
/// that it reads in itself, whether anything that grants access was committed in between (<c>access_changes</c>). So no search is answered with what was true before.
/// </summary>
internal sealed partial class ReachCache(NpgsqlDataSource database, TimeProvider clock, ILogger<ReachCache> logger) : BackgroundService
{
    /// <summary>How long what was not asked for again is kept; nothing is kept twice as long.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>In numbers of 4 bytes, of all that is kept.</summary>
    private const int MostKept = 16 << 20;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostKept });
    private readonly SemaphoreSlim _treeLock = new(1, 1);
    private KeptTree? _tree;
    private string? _longAgo;

    /// <summary>When something was read.</summary>
    /// <param name="Server">When the database server had started: after that, and of another server, its snapshots mean nothing.</param>
    private sealed record Moment(string Snapshot, DateTime Server);

    /// <param name="Until">When the first grant or link in it expires.</param>
    private sealed record Kept(Reach Reach, Moment Read, DateTime Until);

    /// <param name="At">By the hub's own clock.</param>
    private sealed record KeptTree(Tree Tree, Moment Read, DateTimeOffset At);

    /// <summary>As the connection's snapshot has it.</summary>
    public async Task<Reach> OfAsync(NpgsqlConnection connection, Actor actor, CancellationToken cancellationToken)
    {
        var key = (actor.Id, actor.Mask);
        if (_kept.TryGetValue<Kept>(key, out var kept)
            && await HoldsAsync(connection, kept!.Read, kept.Until, cancellationToken))
            return kept.Reach;
        kept = await ReadAsync(connection, actor, await TreeAsync(connection, cancellationToken), cancellationToken);
        _kept.Set(key, kept, new MemoryCacheEntryOptions
        {
            Size = (8 * kept.Reach.Datasets.Length) + kept.Reach.Hidden.Length + (12 * kept.Reach.Scopes.Length) + 100, SlidingExpiration = Life, AbsoluteExpirationRelativeToNow = 2 * Life,
        });
        return kept.Reach;
    }

    private static Task<bool> HoldsAsync(NpgsqlConnection connection, Moment read, DateTime until, CancellationToken cancellationToken) => connection.RowAsync<bool>(
        "select now() < @until and pg_postmaster_start_time() = @Server and access_is_as_in(@Snapshot::pg_snapshot)", new { until, read.Server, read.Snapshot }, cancellationToken);

    private async Task<Tree> TreeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // One reads it for all who wait.
        await _treeLock.WaitAsync(cancellationToken);
        try
        {
            // What it was is forgotten (ClearAsync) once nothing can be older than twice its life.
            if (_tree is { } kept && (clock.GetUtcNow() - kept.At).Duration() < 2 * Life && await HoldsAsync(connection, kept.Read, DateTime.MaxValue, cancellationToken))
                return kept.Tree;
            var at = clock.GetUtcNow();
            var read = await connection.RowAsync<Moment>("select pg_current_snapshot()::text as snapshot, pg_postmaster_start_time() as server", null, cancellationToken);
            var nodes = await connection.RowsAsync<(int, bool, Guid)>("select number, kind = 'dataset', scope_id from nodes where trashed_at is null", null, cancellationToken);
            var contents = await connection.RowsAsync<(int, int)>("""
                select p.number, n.number from nodes n join nodes p on p.id = n.parent_id where n.trashed_at is null
                union all
                select s.number, n.number from placements p join nodes s on s.id = p.space_id join nodes n on n.id = p.node_id
                """, null, cancellationToken);
            _tree = new KeptTree(new Tree(nodes, contents), read!, at);
            // What was seen of the tree before does not hold any more either, and would keep it in memory.
            _kept.Clear();
            return _tree.Tree;
        }
        finally
        {
            _treeLock.Release();
        }
    }

    private static async Task<Kept> ReadAsync(NpgsqlConnection connection, Actor actor, Tree tree, CancellationToken cancellationToken)
    {
        // Grants are inherited: below a scope that is seen all are, and the topmost of them is where the actor's view begins.
        await using var command = new NpgsqlCommand("""
            with recursive all_seen as materialized (select is_administrator($1) and $2 & 1 <> 0 as it),
            granted as materialized (select scope_id from scopes_of($1, $2) where capabilities & 1 <> 0 and not (select it from all_seen)),
            mine(scope_id, root) as (
                select s.id, n.number from scopes s join nodes n on n.id = s.id
                where (select it from all_seen) and s.parent_id is null or s.id in (select scope_id from granted) and (s.parent_id is null or s.parent_id not in (select scope_id from granted))
                union all
                select s.id, m.root from mine m join scopes s on s.parent_id = m.scope_id),
            belongs(scope_id, project) as (
                select s.id, n.number from scopes s join nodes n on n.id = s.id where s.parent_id is null
                union all
                select s.id, b.project from belongs b join scopes s on s.parent_id = b.scope_id),
            datasets as (
                select n.number, m.root, b.project from nodes n join belongs b on b.scope_id = n.scope_id left join mine m on m.scope_id = n.scope_id and n.trashed_at is null
                where n.kind = 'dataset')
            select (select coalesce(array_agg(number order by number) filter (where root is not null), '{}') from datasets), (select coalesce(array_agg(root order by number) filter (where root is not null), '{}') from datasets),
                (select coalesce(array_agg(number) filter (where root is null), '{}') from datasets),
                (select it from all_seen), (select coalesce(array_agg(scope_id), '{}') from granted), (select coalesce(array_agg(distinct project), '{}') from datasets where root is not null),
                pg_current_snapshot()::text, pg_postmaster_start_time(),
                coalesce(least((select min(g.expires_at) from grants g where g.principal_id in (select principal_id from principals_of($1)) and g.expires_at > now()),
                    (select l.expires_at from links l where l.id = $1 and l.expires_at > now())), 'infinity')
            """, connection) { Parameters = { new() { Value = actor.Id }, new() { Value = actor.Mask } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var reach = new Reach(reader.GetFieldValue<int[]>(0), reader.GetFieldValue<int[]>(1), reader.GetFieldValue<int[]>(2), reader.GetBoolean(3), reader.GetFieldValue<Guid[]>(4), reader.GetFieldValue<int[]>(5), tree);
        return new Kept(reach, new Moment(reader.GetString(6), reader.GetFieldValue<DateTime>(7)), reader.GetFieldValue<DateTime>(8));
    }

    /// <summary>Forgets changes that whatever is kept has seen: those that were seen three lives ago, before it began to be kept. After a restore their numbers may be those of transactions to come.</summary>
    private async Task<TimeSpan> ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            delete from access_changes where pg_visible_in_snapshot(transaction, @_longAgo::pg_snapshot) or transaction >= pg_snapshot_xmax(pg_current_snapshot())
            """, new { _longAgo }, cancellationToken);
        _longAgo = await connection.RowAsync<string>("select pg_current_snapshot()::text", null, cancellationToken);
        return 3 * Life;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyLoop.RunAsync(ClearAsync, LogFailed, Life, TimeProvider.System, stoppingToken);

    public override void Dispose()
    {
        _treeLock.Dispose();
        _kept.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Changes of access could not be cleared away; trying again.")]
    private partial void LogFailed(Exception problem);
}
