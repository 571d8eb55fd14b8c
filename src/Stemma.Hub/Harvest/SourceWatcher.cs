using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

/// <summary>
/// Watches one source: one loop looks (by polling, and sooner where the kernel hints), another takes what has rested, so that a file of a terabyte on its way
/// keeps nobody from seeing the next ones. Everything it knows is in the rows: it may be stopped and started at any instant.
/// </summary>
internal sealed partial class SourceWatcher(
    HarvestSource source, NpgsqlDataSource database, HarvestEntries entries, FileTaker taker, LinkWatch links, HubOptions options, LiveEvents live, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int InFlight = 4;
    private const int PageSize = 200;

    // Hints come in bursts; and a folder that is written to all the time is not listed all the time.
    private static readonly TimeSpan HintSettle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TroublePause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _scanning = new(1);
    private readonly SemaphoreSlim _look = new(0), _take = new(0);
    private readonly ObservationClock _clock = new(time);
    private readonly NameFilter _filter = new(source.Include, source.Exclude);
    private string? _rootDevice = source.RootDevice;
    private long? _rootInode = source.RootInode;
    private string? _takingProblem = source.TakingProblem;
    private string? _scanProblem;
    private string? _logged;
    private Task _loops = Task.CompletedTask;

    public HarvestSource Source => source;

    /// <summary>Since when a scan has been under way; null: none is.</summary>
    public DateTime? ScanningSince { get; private set; }

    public void Start() => _loops = Task.WhenAll(Task.Run(LookLoopAsync), Task.Run(TakeLoopAsync));

    /// <summary>Scans now, after a scan that is under way.</summary>
    /// <exception cref="SourceAwayException">The source cannot be scanned; it is noted as its problem as well.</exception>
    public async Task<ScanCounts> ScanAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        return await ScanAsync(null, both.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _scanning.Dispose();
        _look.Dispose();
        _take.Dispose();
    }

    private async Task LookLoopAsync()
    {
        ChangeHints? hints = null;
        try
        {
            await UntilItWorksAsync(() => entries.BringBackAsync(source.Id, _clock.Now, _stop.Token));
            var (lastFull, lastEnd, pause) = (long.MinValue, 0L, TimeSpan.Zero);
            while (true)
            {
                var poll = TimeSpan.FromSeconds(source.PollSeconds);
                var paths = hints is null ? [] : hints.Drain();
                // After a problem a hint is not enough: all is looked through.
                if (lastFull == long.MinValue || paths is null || paths.Count > 0 && _scanProblem is not null || time.GetElapsedTime(lastFull) >= poll)
                    paths = null;
                if (paths is not { Count: 0 })
                {
                    var began = time.GetTimestamp();
                    await GuardedAsync(() => ScanAsync(paths, _stop.Token));
                    lastEnd = time.GetTimestamp();
                    if (paths is null)
                        lastFull = lastEnd;
                    // Nine tenths of the time we leave the share alone.
                    pause = 9 * time.GetElapsedTime(began, lastEnd);
                    hints ??= ListenWhereLocal();
                }

                var wait = poll - time.GetElapsedTime(lastFull);
                if (wait > TimeSpan.Zero && await _look.WaitAsync(wait, _stop.Token))
                {
                    var settle = pause - time.GetElapsedTime(lastEnd);
                    await Task.Delay(settle > HintSettle ? settle < poll ? settle : poll : HintSettle, time, _stop.Token);
                    while (_look.Wait(0, CancellationToken.None))
                    {
                        // Many hints, one look.
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            hints?.Dispose();
        }
    }

    private async Task TakeLoopAsync()
    {
        try
        {
            while (true)
            {
                var wait = TroublePause;
                await GuardedAsync(async () =>
                {
                    await TakeDueAsync();
                    var due = await entries.NextDueAsync(source.Id, source.StableSeconds, _stop.Token);
                    wait = due is null ? TimeSpan.FromHours(1) : TimeSpan.FromTicks(Math.Clamp((due.Value - _clock.Now).Ticks, TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour));
                });
                if (_takingProblem is not null && wait < TroublePause)
                    wait = TroublePause;
                await _take.WaitAsync(wait, _stop.Token);
                while (_take.Wait(0, CancellationToken.None))
                {
                    // Many calls, one round.
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <param name="hints">Where to look; null: everywhere.</param>
    private async Task<ScanCounts> ScanAsync(IReadOnlyCollection<string>? hints, CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken);
        try
        {
            ScanningSince = _clock.Now;
            var place = Place();
            using var share = ShareFolder.Open(place);
            var scan = new SourceScan(entries, source, (_rootDevice, _rootInode), share, _filter, _clock);
            await (hints is null ? scan.WalkAllAsync(cancellationToken) : scan.WalkHintsAsync(hints, cancellationToken));
            if (hints is null)
                await NoteScanAsync(scan.LeftOut, share.Stamp, cancellationToken);
            _scanProblem = null;
            // Before anything is taken, so that a version that is no more is told from the one that replaces it.
            if (source.Mode == HarvestMode.Link && scan.Counts is not { Changed: 0, Returned: 0, Gone: 0 })
                await links.CheckAsync(place.Root, place.Relative, cancellationToken);
            Announce(scan.Counts, scan.LeftOut);
            Wake(_take);
            return scan.Counts;
        }
        catch (SourceAwayException away)
        {
            _scanProblem = away.Message;
            await NoteScanAsync(away.Message, null, cancellationToken);
            Announce(null, away.Message);
            throw;
        }
        finally
        {
            ScanningSince = null;
            _scanning.Release();
        }
    }

    private SharePlace Place()
    {
        try
        {
            return SharePlace.Find(options, source.Folder);
        }
        catch (Problem outside)
        {
            // The roots were changed since the source was made.
            throw new SourceAwayException(outside.Message, outside);
        }
    }

    /// <param name="stamp">Of the folder, after a scan that went through; null: it did not.</param>
    private async Task NoteScanAsync(string? problem, FileStamp? stamp, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("""
            update harvest_sources set last_problem = @problem, last_scan_at = case when @went then now() else last_scan_at end,
                   root_device = coalesce(@device, root_device), root_inode = coalesce(@inode, root_inode)
            where id = @Id and version = @Version
            """, new { source.Id, source.Version, problem, went = stamp is not null, device = stamp?.Device, inode = stamp?.Inode }, cancellationToken);
        (_rootDevice, _rootInode) = (stamp?.Device ?? _rootDevice, stamp?.Inode ?? _rootInode);
    }

    /// <summary>Takes what is due, several at a time, until nothing is.</summary>
    private async Task TakeDueAsync()
    {
        var now = _clock.Now;
        var rested = now.AddSeconds(-source.StableSeconds);
        string? problem = null;
        var counts = new long[Enum.GetValues<TakeOutcome>().Length];
        try
        {
            DueEntry? last = null;
            ShareFolder? share = null;
            try
            {
                while (await entries.DueAsync(source.Id, now, rested, last, PageSize, _stop.Token) is { Count: > 0 } page)
                {
                    last = page[^1];
                    // Opened only where something waits.
                    if (share is null)
                    {
                        await RequireDestinationAsync();
                        share = ShareFolder.Open(Place());
                    }

                    await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = _stop.Token }, async (entry, cancellationToken) =>
                        Interlocked.Increment(ref counts[(int)await taker.TakeAsync(source, share, entry, _clock, cancellationToken)]));
                    Announce(null, null);
                }
            }
            finally
            {
                share?.Dispose();
            }
        }
        catch (SourceAwayException away)
        {
            problem = away.Message;
        }

        if (counts[(int)TakeOutcome.Failed] > 0)
            LogFailed(source.Name, counts[(int)TakeOutcome.Failed]);
        if (problem != _takingProblem)
        {
            await using var connection = await database.OpenConnectionAsync(_stop.Token);
            await connection.RunAsync("update harvest_sources set taking_problem = @problem where id = @Id",
                new { source.Id, problem }, _stop.Token);
            _takingProblem = problem;
            Announce(null, problem);
        }
    }

    private async Task RequireDestinationAsync()
    {
        await using var connection = await database.OpenConnectionAsync(_stop.Token);
        if (!await connection.RowAsync<bool>(
                "select exists (select from nodes where id = @NodeId and trashed_at is null)", new { source.NodeId }, _stop.Token))
            throw new SourceAwayException("The project, collection or dataset that the files go to is in the trash. Restore it, or give the source another.");
    }

    private ChangeHints? ListenWhereLocal()
    {
        try
        {
            using var share = ShareFolder.Open(Place());
            return share.IsLocal ? ChangeHints.TryListen(share.Place.FullPath, () => Wake(_look)) : null;
        }
        catch (SourceAwayException)
        {
            return null;
        }
    }

    /// <summary>One trouble does not end a watch: it is noted, and the next round tries again.</summary>
    private async Task GuardedAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (SourceAwayException away)
        {
            // Said once, not at every poll.
            if (Interlocked.Exchange(ref _logged, away.Message) != away.Message)
                LogAway(source.Name, away.Message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception trouble)
        {
            // Whatever it is (the database restarts, a defect of ours): the other sources and the hub go on.
            LogTrouble(source.Name, trouble);
        }
    }

    private async Task UntilItWorksAsync(Func<Task> step)
    {
        for (var done = false; !done;)
        {
            await GuardedAsync(async () =>
            {
                await step();
                done = true;
            });
            if (!done)
                await Task.Delay(TroublePause, time, _stop.Token);
        }
    }

    private void Announce(ScanCounts? counts, string? problem) =>
        live.Publish(new LiveEvent("harvest", source.NodeId, System.Text.Json.JsonSerializer.Serialize(new HarvestNotice(source.Id, counts, problem), WireJson.Options)));

    private static void Wake(SemaphoreSlim sleeper)
    {
        try
        {
            sleeper.Release();
        }
        catch (ObjectDisposedException)
        {
            // A last hint of a watch that has ended.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Harvest source {Source}: {Problem}")]
    private partial void LogAway(string source, string problem);

    [LoggerMessage(2, LogLevel.Error, "Harvest source {Source} had trouble; trying again")]
    private partial void LogTrouble(string source, Exception trouble);

    [LoggerMessage(3, LogLevel.Warning, "Harvest source {Source}: {Count} files could not be taken; the reasons stand in its entries")]
    private partial void LogFailed(string source, long count);
}

/// <summary>Live event <c>harvest</c>: something changed in a source.</summary>
/// <param name="Scan">What a scan saw; null: files were taken.</param>
internal sealed record HarvestNotice(Guid Id, ScanCounts? Scan, string? Problem);
