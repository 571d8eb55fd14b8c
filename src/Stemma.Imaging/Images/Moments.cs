namespace Stemma.Imaging;

/// <summary>
/// Mean and variance of a stream of numbers, the same to the last bit however the stream is handed in.
/// Every 4,096 finite numbers make a block; its mean and squared deviations are summed in four interleaved lanes, and blocks
/// are joined pairwise like the digits of a binary counter (Chan, Golub, LeVeque 1983, doi:10.1080/00031305.1983.10483115):
/// only the order of the numbers decides the order of the additions. Plain IEEE operations, no vector width enters.
/// </summary>
internal sealed class Moments
{
    private const int BlockLength = 4096;
    private readonly double[] _block = new double[BlockLength];
    private readonly Part?[] _levels = new Part?[64];
    private int _filled;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private long _notFinite;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
        {
            _notFinite++;
            return;
        }

        if (value < _min)
            _min = value;
        if (value > _max)
            _max = value;
        _block[_filled++] = value;
        if (_filled == BlockLength)
            Fold();
    }

    /// <summary>Limits, mean and population variance of the finite numbers; null where there are none.</summary>
    public (double? Min, double? Max, double? Mean, double? Variance, long NotFinite) Finish()
    {
        if (_filled > 0)
            Fold();
        Part? total = null;
        foreach (var part in _levels)
            if (part is { } some)
                total = total is { } sum ? Join(some, sum) : some;
        return total is { } all
            ? (_min, _max, Finite(all.Mean), Finite(all.SquaredDeviations / all.Count), _notFinite)
            : (null, null, null, null, _notFinite);
    }

    /// <summary>Numbers near the limits of float64 overflow when summed or squared: then there is no answer.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private void Fold()
    {
        var part = Summarize(_block.AsSpan(0, _filled));
        _filled = 0;
        var level = 0;
        for (; _levels[level] is { } earlier; level++)
        {
            part = Join(earlier, part);
            _levels[level] = null;
        }

        _levels[level] = part;
    }

    private static Part Summarize(ReadOnlySpan<double> values)
    {
        Span<double> lanes = stackalloc double[4];
        lanes.Clear();
        for (var i = 0; i < values.Length; i++)
            lanes[i & 3] += values[i];
        var mean = (lanes[0] + lanes[1] + (lanes[2] + lanes[3])) / values.Length;
        lanes.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var deviation = values[i] - mean;
            lanes[i & 3] += deviation * deviation;
        }

        return new Part(values.Length, mean, lanes[0] + lanes[1] + (lanes[2] + lanes[3]));
    }

    private static Part Join(Part a, Part b)
    {
        var count = a.Count + b.Count;
        var difference = b.Mean - a.Mean;
        return new Part(count, a.Mean + difference * b.Count / count, a.SquaredDeviations + b.SquaredDeviations + difference * difference * a.Count * b.Count / count);
    }

    private readonly record struct Part(double Count, double Mean, double SquaredDeviations);
}
