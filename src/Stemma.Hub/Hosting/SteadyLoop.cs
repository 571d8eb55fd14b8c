namespace Stemma.Hub.Hosting;

/// <summary>What a hosted service does over and over. Whatever goes wrong in a step must not end the hub, as an exception that leaves the service would: it is told, and tried again.</summary>
internal static class SteadyLoop
{
    /// <param name="stepAsync">Returns how long to wait before the next step.</param>
    /// <param name="failed">Tells of a step that failed.</param>
    /// <param name="afterFailure">How long to wait then.</param>
    public static async Task RunAsync(Func<CancellationToken, Task<TimeSpan>> stepAsync, Action<Exception> failed, TimeSpan afterFailure, TimeProvider clock, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                if (await stepAsync(stoppingToken) is { Ticks: > 0 } pause)
                    await Task.Delay(pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                failed(problem);
                await Task.Delay(afterFailure, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }
}
