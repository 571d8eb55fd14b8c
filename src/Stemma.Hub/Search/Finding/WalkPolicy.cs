namespace Stemma.Hub.Search.Finding;

/// <summary>When the newest rows are walked until a page is full, rather than all hits gathered and sorted. Costs are in hits gathered: some microseconds each.</summary>
/// <param name="ExactUpTo">Up to about so many hits all are gathered, whatever it costs beside a walk: their number is exact then.</param>
/// <param name="LookCost">What looking into a row's words costs.</param>
/// <param name="Patience">Hits need not lie evenly among the newest: a walk goes on for so many times what it was expected to take, and all are gathered then.</param>
internal sealed record WalkPolicy(double ExactUpTo, double LookCost, double Patience)
{
    public static readonly WalkPolicy Default = new(2_000, 2, 3);

    /// <summary>How many rows may be walked over; null where gathering costs less.</summary>
    /// <param name="hits">About so many, of all rows.</param>
    /// <param name="share">How much of all the actor sees.</param>
    public long? Steps(double hits, double rows, double share, int take)
    {
        var expected = take * rows / Math.Max(1, Math.Min(hits, rows) * share);
        var cost = expected * (1 + (share * LookCost));
        return hits > ExactUpTo && cost < hits ? (long)Math.Ceiling(expected * Patience) : null;
    }
}
