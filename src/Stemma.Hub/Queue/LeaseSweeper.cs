using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Stemma.Hub.Queue;

/// <summary>Every few seconds takes back tasks of workers that fell silent, and wakes claims for tasks whose backoff has passed.</summary>
internal sealed partial class LeaseSweeper(TaskQueue queue, TaskSignal signal, TimeProvider clock, ILogger<LeaseSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, clock, stoppingToken);
                if (await queue.ReclaimAsync(stoppingToken) is > 0 and var count)
                    LogReclaimed(count);
                signal.Pulse();
            }
            catch (NpgsqlException problem)
            {
                LogProblem(problem);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Took back {Count} tasks whose worker fell silent")]
    private partial void LogReclaimed(int count);

    [LoggerMessage(2, LogLevel.Warning, "The queue could not be swept; trying again")]
    private partial void LogProblem(Exception problem);
}
