namespace Stemma.Hub.Tests.Support;

/// <summary>Timers and elapsed time run a hundred times as fast; the date is the real one.</summary>
public sealed class HurriedClock : TimeProvider
{
    private const int Factor = 100;

    public override long TimestampFrequency => System.TimestampFrequency / Factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period));

    private static TimeSpan Hurried(TimeSpan time) => time > TimeSpan.Zero ? time / Factor : time;
}
