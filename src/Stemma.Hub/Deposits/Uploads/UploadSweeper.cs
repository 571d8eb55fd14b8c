using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Stemma.Hub.Deposits.Uploads;

/// <summary>Sweeps before the first request; then finishes uploads that lack only their end, and forgets expired ones from time to time.</summary>
internal sealed partial class UploadSweeper(UploadService uploads, TimeProvider clock, ILogger<UploadSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await uploads.SweepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var finished = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!finished)
                    await uploads.FinishCompleteAsync(stoppingToken);
                finished = true;
                await Task.Delay(Interval, clock, stoppingToken);
                if (await uploads.ExpireAsync(stoppingToken) is > 0 and var count)
                    LogExpired(count);
            }
            catch (Exception problem) when (problem is NpgsqlException or IOException or UnauthorizedAccessException)
            {
                LogProblem(problem);
                await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Forgot {Count} uploads that nobody went on with")]
    private partial void LogExpired(int count);

    [LoggerMessage(2, LogLevel.Warning, "Uploads could not be finished, or expired ones swept; trying again")]
    private partial void LogProblem(Exception problem);
}
