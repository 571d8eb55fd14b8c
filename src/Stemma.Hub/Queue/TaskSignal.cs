namespace Stemma.Hub.Queue;

/// <summary>Wakes waiting claims when a task was queued, so that nothing waits for the next poll. Pulse after the commit.</summary>
public sealed class TaskSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Pulse() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Take this before looking for tasks, await it when there were none: a pulse in between is not missed.</summary>
    public Task Next => _next.Task;
}
