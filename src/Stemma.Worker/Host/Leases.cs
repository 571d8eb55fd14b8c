using System.Collections.Concurrent;
using Stemma.Client;

namespace Stemma.Worker.Host;

/// <summary>Keeps the leases of all held tasks alive and tells the hub how far they are.</summary>
internal sealed class Leases(StemmaClient client)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Guid, HeldTask> _held = new();

    public void Add(HeldTask task) => _held[task.Task.Id] = task;

    public void Remove(HeldTask task) => _held.TryRemove(KeyValuePair.Create(task.Task.Id, task));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var due = _held.Values.Where(IsDue);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = CancellationToken.None },
                async (task, _) => await BeatAsync(task, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private static bool IsDue(HeldTask task) =>
        task.SinceBeat > TimeSpan.FromSeconds(task.Task.LeaseSeconds / 3.0) || (task.Progress is not null && task.SinceBeat > Interval);

    private async Task BeatAsync(HeldTask task, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.Tasks.HeartbeatAsync(task.Task.Id, new Heartbeat(task.Task.Attempt, task.Progress, task.Note), cancellationToken).ConfigureAwait(false);
            task.Beaten();
            if (answer.Cancelled)
                Drop(task);
        }
        catch (StemmaProblemException problem) when (problem.Status is 404 or 409)
        {
            Drop(task);
        }
        catch (Exception exception) when (Retry.IsTransient(exception) || exception is OperationCanceledException or ObjectDisposedException or StemmaProblemException)
        {
            // The next beat tries again; the lease outlasts several.
        }
    }

    private void Drop(HeldTask task)
    {
        // It may have been handed in meanwhile; then the hub's "void" is no news.
        if (!_held.TryRemove(KeyValuePair.Create(task.Task.Id, task)))
            return;
        task.Drop();
    }
}
