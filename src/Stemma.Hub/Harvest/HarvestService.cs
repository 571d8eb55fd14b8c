using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Live;

namespace Stemma.Hub.Harvest;

/// <summary>
/// Keeps one watcher per source that is not paused. Several hubs on one database may watch the same sources: each step is such that
/// doing it twice does it once, so that they only share the work badly.
/// </summary>
internal sealed partial class HarvestService(
    NpgsqlDataSource database, HarvestEntries entries, FileTaker taker, LinkWatch links, HubOptions options, LiveEvents live, TimeProvider time, ILogger<HarvestService> logger) : BackgroundService, IAsyncDisposable
{
    // Changes made here are followed at once; this is for those made through another hub.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _following = new(1);
    private readonly ConcurrentDictionary<Guid, SourceWatcher> _watchers = [];
    private readonly List<Task> _ending = [];
    private bool _stopped;

    /// <summary>Follows what the rows say now: call after a source was added, changed or removed.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await _following.WaitAsync(cancellationToken);
        try
        {
            if (_stopped)
                return;
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var wanted = (await connection.RowsAsync<HarvestSource>(
                $"select {HarvestSource.Columns} from harvest_sources s where not s.paused", null, cancellationToken)).ToDictionary(source => source.Id);
            _ending.RemoveAll(end => end.IsCompleted);
            foreach (var watcher in _watchers.Values)
                if ((!wanted.TryGetValue(watcher.Source.Id, out var source) || source.Version != watcher.Source.Version) && _watchers.TryRemove(watcher.Source.Id, out _))
                    // Not awaited: a share that hangs must not keep the others waiting.
                    _ending.Add(watcher.DisposeAsync().AsTask());

            foreach (var source in wanted.Values)
                if (!_watchers.ContainsKey(source.Id))
                {
                    var watcher = _watchers[source.Id] = new SourceWatcher(source, database, entries, taker, links, options, live, time, logger);
                    watcher.Start();
                }
        }
        finally
        {
            _following.Release();
        }
    }

    /// <summary>The watcher of a source; null: it is paused.</summary>
    public SourceWatcher? Find(Guid source) => _watchers.GetValueOrDefault(source);

    /// <summary>Ends the watches also where the hub is put away without having been stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (ExecuteTask is { } running)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _following.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The rest of the hub starts first.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (NpgsqlException problem)
            {
                LogProblem(problem);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndAsync();
    }

    private async Task EndAsync()
    {
        await _following.WaitAsync(CancellationToken.None);
        _stopped = true;
        _following.Release();
        await Task.WhenAll([.. _ending, .. _watchers.Values.Select(watcher => watcher.DisposeAsync().AsTask())]);
    }

    [LoggerMessage(1, LogLevel.Warning, "The harvest sources could not be read; trying again")]
    private partial void LogProblem(Exception problem);
}
