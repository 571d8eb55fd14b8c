using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Annotations;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Files;

/// <summary>Ends once an hour what has been in the trash for longer than its grace period (<see cref="HubOptions.TrashDays"/>).</summary>
internal sealed partial class TrashSweeper(FileSetPurge sets, NodePurge nodes, AnnotationPurge annotations, PurgedContent content, TimeProvider clock, ILogger<TrashSweeper> logger) : BackgroundService
{
    /// <summary>One round. Sets before nodes: what was thrown away by itself lies in what was thrown away later.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var purged = await sets.PurgeDueAsync(cancellationToken) + await nodes.PurgeDueAsync(cancellationToken) + await annotations.PurgeDueAsync(cancellationToken);
        // Also what a round before was interrupted at.
        while (await content.ClearNextAsync(cancellationToken))
            ;
        if (purged > 0)
            LogPurged(purged);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(stoppingToken);
                }
                catch (NpgsqlException problem)
                {
                    LogFailed(problem);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub ends.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} things went from the trash for good")]
    private partial void LogPurged(int count);

    [LoggerMessage(2, LogLevel.Warning, "The trash could not be emptied of what is due; trying again in an hour")]
    private partial void LogFailed(Exception problem);
}
