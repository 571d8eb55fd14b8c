using System.Collections.Concurrent;

namespace Stemma.Worker.Host;

/// <summary>
/// One thread that starts all children and lasts as long as the worker: the system ends a child that asked to die with its parent when the
/// <i>thread</i> that started it ends. One after the other, too, so that no child inherits what is meant for another.
/// </summary>
internal static class StartingThread
{
    private static readonly BlockingCollection<Action> Waiting = Begin();

    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var started = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add(() =>
        {
            try
            {
                started.SetResult(start());
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var waiting = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in waiting.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "starts readers" }.Start();
        return waiting;
    }
}
