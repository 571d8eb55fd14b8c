namespace Stemma.Hub.Tests.Support;

/// <summary>A clock that goes when it is told to. Timers run on real time.</summary>
public sealed class FakeClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
