namespace Stemma.Bench;

/// <summary>One figure: how often or how much per second, and what it is to be held against in the same run.</summary>
/// <param name="Size">What was measured, in words and numbers.</param>
/// <param name="SecondsMedian">Of the rounds.</param>
public sealed record Measurement(string Bench, string Size, double SecondsMedian, double SecondsMin, double SecondsMax, double Throughput, string Unit)
{
    /// <summary>The limit or program that the ratio is to.</summary>
    public string? Peer { get; init; }

    public double? PeerSecondsMedian { get; init; }

    /// <summary>The peer's seconds ÷ ours: above 1 we are faster.</summary>
    public double? Ratio { get; init; }

    /// <summary>19 of 20 rounds took no longer. Where it is told, a round is one request.</summary>
    public double? SecondsP95 { get; init; }

    /// <summary>What <see cref="SecondsP95"/> may be at most.</summary>
    public double? SecondsTarget { get; init; }

    /// <summary>The slowest rounds, in words.</summary>
    public IReadOnlyList<string>? Slowest { get; init; }

    /// <summary>Peak resident memory of the process measured.</summary>
    public double? PeakMiB { get; init; }

    /// <summary>Processor seconds used in the last round, by program.</summary>
    public IReadOnlyDictionary<string, double>? CpuSeconds { get; init; }

    /// <param name="amount">What one round did, in units.</param>
    /// <param name="unit">Of the throughput: files/s, MB/s.</param>
    /// <param name="seconds">Of every round.</param>
    public static Measurement Of(string bench, string size, double amount, string unit, params IReadOnlyList<double> seconds) =>
        new(bench, size, Median(seconds), seconds.Min(), seconds.Max(), amount / Median(seconds), unit);

    public Measurement Beside(string peer, IReadOnlyList<double> peerSeconds) =>
        this with { Peer = peer, PeerSecondsMedian = Median(peerSeconds), Ratio = Median(peerSeconds) / SecondsMedian };

    /// <param name="target">What 19 of 20 may be at most; null where nothing is promised.</param>
    /// <param name="seconds">Of every round.</param>
    public Measurement Within(double? target, IReadOnlyList<double> seconds) => this with { SecondsP95 = seconds.Order().ElementAt((int)(seconds.Count * 0.95)), SecondsTarget = target };

    private static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
