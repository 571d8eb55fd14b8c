namespace Stemma.Hub.Storage;

/// <summary>
/// Threads of our own for steps that wait for the disk. A sync blocks its thread for a millisecond or for seconds;
/// on the thread pool a few of them would keep every request waiting.
/// </summary>
internal sealed class DurableThreads : IDisposable
{
    // A plain monitor: the framework's blocking collections spin before they sleep, on cores that the database needs.
    private readonly Queue<Action> _steps = new();
    private readonly Thread[] _threads;
    private bool _ended;

    public DurableThreads(int count)
    {
        _threads = [.. Enumerable.Range(1, count).Select(number => new Thread(Work) { IsBackground = true, Name = $"durable {number}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public Task RunAsync(Action step)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_steps)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _steps.Enqueue(() =>
            {
                try
                {
                    step();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            });
            Monitor.Pulse(_steps);
        }

        return done.Task;
    }

    /// <summary>Lets the steps under way end.</summary>
    public void Dispose()
    {
        lock (_steps)
        {
            _ended = true;
            Monitor.PulseAll(_steps);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private void Work()
    {
        while (Next() is { } step)
            step();
    }

    private Action? Next()
    {
        lock (_steps)
        {
            while (_steps.Count == 0)
            {
                if (_ended)
                    return null;
                Monitor.Wait(_steps);
            }

            return _steps.Dequeue();
        }
    }
}
