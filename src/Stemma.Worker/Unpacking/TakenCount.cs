namespace Stemma.Worker.Unpacking;

/// <summary>How many entries the worker has taken over, so that a child does not fill the disk ahead of it.</summary>
internal sealed class TakenCount
{
    // A monitor rather than a lock: it can be waited on.
    private readonly object _gate = new();
    private int _count;

    public void Set(int count)
    {
        lock (_gate)
        {
            _count = count;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until <paramref name="enough"/> is true of the count.</summary>
    public void Wait(Func<int, bool> enough)
    {
        lock (_gate)
        {
            while (!enough(_count))
                Monitor.Wait(_gate);
        }
    }
}
