namespace Stemma.Hub.Search.Finding;

/// <summary>When the newest rows are walked until a page is full, rather than all hits gathered and sorted. Costs are in hits gathered: somewhat less than a microsecond each.</summary>
/// <param name="ExactUpTo">Up to about so many hits all are gathered, whatever it costs beside a walk: their number is exact then.</param>
/// <param name="LookCost">What looking into a row's words costs.</param>
/// <param name="Margin">
/// A walk must be expected to cost so many times less than gathering. Hits need not lie evenly among the newest: it is given up when it has cost that share, and all are gathered then.
/// </param>
internal record WalkPolicy(double ExactUpTo, double LookCost, double Margin)
{
    public static readonly WalkPolicy Default = new(2_000, 8, 2);

    /// <summary>How many rows may be walked over; null where gathering costs less.</summary>
    /// <param name="hits">About so many, of all rows.</param>
    /// <param name="share">How much of all the actor sees.</param>
    public virtual long? Steps(double hits, double rows, double share, long take)
    {
        var expected = take * rows / Math.Max(1, Math.Min(hits, rows) * share);
        var most = hits / (Margin * (1 + (share * LookCost)));
        return hits > ExactUpTo && expected < most ? (long)Math.Ceiling(most) : null;
    }
}
