using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Extraction;

namespace Stemma.Hub.Storage;

/// <summary>Frees what nothing refers to, one of the 256 folders a minute: once through in four hours, so that it is never felt.</summary>
internal sealed partial class StorageSweeper(BlobRemoval blobs, StrayBlobs strays, ArtifactRemoval artifacts, TimeProvider clock, ILogger<StorageSweeper> logger) : BackgroundService
{
    /// <summary>One folder of blobs, and the artifacts whose digests begin alike.</summary>
    public async Task SweepAsync(byte folder, CancellationToken cancellationToken)
    {
        var removed = await blobs.SweepAsync(folder, cancellationToken);
        var stray = await strays.SweepAsync(folder, cancellationToken);
        var derived = await artifacts.SweepAsync(folder, cancellationToken);
        if (removed + stray + derived > 0)
            LogRemoved(removed, stray, derived);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Somewhere: a hub that is restarted often would otherwise never come to the end.
        var folder = (byte)Random.Shared.Next(256);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                try
                {
                    await SweepAsync(folder++, stoppingToken);
                }
                catch (Exception problem) when (problem is NpgsqlException or IOException or UnauthorizedAccessException)
                {
                    LogFailed(problem);
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub ends.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Removed {Blobs} blobs that no file refers to, {Strays} left without a row, and {Artifacts} derived files without one")]
    private partial void LogRemoved(int blobs, int strays, int artifacts);

    [LoggerMessage(2, LogLevel.Warning, "A folder of the storage could not be freed of what nothing refers to; it comes again in four hours")]
    private partial void LogFailed(Exception problem);
}
