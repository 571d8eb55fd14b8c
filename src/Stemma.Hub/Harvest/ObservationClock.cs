using Stemma.Hub.Database;

namespace Stemma.Hub.Harvest;

/// <summary>
/// The time by which we judge whether a file rests. It runs with the machine's steady clock from where the wall clock stood at the start, so that a clock being
/// set never makes a file look old or young; the share's own clock has no say at all. What was noted in a run before may lie in the future of
/// this one: <see cref="HarvestEntries"/> brings it back to now.
/// </summary>
internal sealed class ObservationClock(TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _timestamp = clock.GetTimestamp();

    /// <value>To the microsecond, as the database keeps it.</value>
    public DateTime Now => (_start + clock.GetElapsedTime(_timestamp)).InMicroseconds().UtcDateTime;
}
