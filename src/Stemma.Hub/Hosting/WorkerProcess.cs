using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Queue;

namespace Stemma.Hub.Hosting;

/// <summary>
/// The local worker: our own executable as <c>stemma work</c>, started again when it dies. It ends when its standard input does,
/// so that it never outlives a hub that was killed. What it held when it died is given out again at once.
/// </summary>
/// <param name="pin">SHA-256 of the certificate that the hub shows: the worker reaches it at an address that the certificate need not name.</param>
internal sealed partial class WorkerProcess(HubOptions options, Uri address, string? pin, string token, TaskQueue queue, ILogger<WorkerProcess> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            var began = Stopwatch.GetTimestamp();
            var process = await RunAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return;
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                failures = 0;
            LogDied(failures + 1);
            await TakeBackAsync(process, stoppingToken);
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, failures) / 2)), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeBackAsync(int process, CancellationToken stoppingToken)
    {
        try
        {
            // What `stemma work` calls itself.
            await queue.ReclaimFromAsync($"{Environment.MachineName}:{process}", stoppingToken);
        }
        catch (Exception problem) when (problem is NpgsqlException or OperationCanceledException)
        {
            // Its leases run out.
        }
    }

    /// <returns>The number of the process, which has ended.</returns>
    private async Task<int> RunAsync(CancellationToken stoppingToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            ArgumentList =
            {
                "work", "--hub", address.ToString(), "--readers", options.Readers.ToString(), "--blobs", options.BlobFolder, "--sandbox", options.Sandbox, "--end-with-input",
            },
            // The hub is on this machine: never through a proxy that the environment names for others.
            Environment = { ["STEMMA_TOKEN"] = token, ["STEMMA_PIN"] = address.Scheme == "https" ? pin : null, ["NO_PROXY"] = address.Host },
        };
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return process.Id;
    }

    [LoggerMessage(1, LogLevel.Warning, "The local worker ended by itself (time {Failures}); starting it again")]
    private partial void LogDied(int failures);
}
