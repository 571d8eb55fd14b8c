using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Stemma.Hub.Accounts;

/// <summary>Removes expired sign-ins once an hour.</summary>
internal sealed partial class SignInSweeper(SignIns signIns, TimeProvider clock, ILogger<SignInSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await signIns.SweepAsync(stoppingToken);
            }
            catch (NpgsqlException problem)
            {
                LogFailed(problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Expired sign-ins could not be removed; trying again in an hour.")]
    private partial void LogFailed(Exception problem);
}
