namespace Stemma.Imaging.Previews;

/// <summary>A curve over one axis: blue on white, with ticks at round numbers, drawn as coverage so that lines are smooth. Long curves keep their extremes.</summary>
internal sealed class CurvePlot
{
    private const double LineWidth = 1.6;

    private readonly PreviewPlan _plan;
    private readonly Axis _axis;
    private readonly (float Low, float High)[] _bins;
    private readonly DisplayRange _range;
    private readonly bool _isComplex;
    private readonly double _logUnit;

    private CurvePlot(PreviewPlan plan, ImageDescription image, (float, float)[] bins)
    {
        (_plan, _axis, _bins, _isComplex) = (plan, image.Axes[plan.Column], bins, image.PixelType.IsComplex);
        var finite = bins.Where(bin => float.IsFinite(bin.Item1)).ToArray();
        var (low, high) = finite.Length == 0 ? (0, 1) : (finite.Min(bin => (double)bin.Item1), finite.Max(bin => (double)bin.Item2));
        _range = high > low ? new DisplayRange(low, high) : new DisplayRange(low - 0.5, high + 0.5);

        _logUnit = LogarithmicUnit([.. bins.Select(bin => bin.Item2)], low, high);
    }

    /// <summary>One peak may dwarf all others, as the zero-loss or strobe peak does: then heights are logarithmic, the median being the unit. Else 0.</summary>
    public static double LogarithmicUnit(ReadOnlySpan<float> heights, double low, double high)
    {
        var sample = new PercentileSample(heights);
        return sample.Count > 100 && low >= 0 && high > 50 * sample.Percentile(0.97) ? Math.Max(sample.Percentile(0.5), high / 1e5) : 0;
    }

    /// <summary>Reads the curve into at most <paramref name="maxEdge"/> bins, of each the lowest and the highest value.</summary>
    public static async ValueTask<CurvePlot> ReadAsync(IImageSource source, PreviewPlan plan, int maxEdge, long budget, CancellationToken cancellationToken)
    {
        var length = source.Description.Axes[plan.Column].Size;
        var bins = new (float Low, float High)[(int)Math.Min(length, maxEdge)];
        var type = source.Description.PixelType;
        var perBin = (int)Math.Min((length + bins.Length - 1) / bins.Length, Math.Max(1, budget / bins.Length));
        var bytes = new byte[perBin * type.Bytes];
        var values = new float[perBin];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, end) = (bin * length / bins.Length, (bin + 1) * length / bins.Length);
            var count = (int)Math.Clamp(end - first, 1, perBin);
            var origin = plan.Index.ToArray();
            var size = new long[origin.Length];
            Array.Fill(size, 1);
            (origin[plan.Column], size[plan.Column]) = (first, count);
            await source.ReadAsync(new Region(origin, size), bytes, cancellationToken).ConfigureAwait(false);
            SampleConverter.ToFloat(type, bytes.AsSpan(0, count * type.Bytes), values.AsSpan(0, count));
            bins[bin] = Extremes(values.AsSpan(0, count));
        }

        return new CurvePlot(plan, source.Description, bins);
    }

    public PreviewImage Draw(int maxEdge)
    {
        var (width, height) = (maxEdge, Math.Max(12, maxEdge * 9 / 16));
        var margin = Math.Max(4, width / 40);
        var (left, right, top, bottom) = (margin, width - margin - 1, margin, height - margin - 1);
        var canvas = new Canvas(width, height);
        var lowest = _range.Low > 0 && _range.Low < 0.5 * _range.High ? 0 : _range.Low;
        double Height(double value) => _logUnit > 0 ? Math.Log10(1 + (value / _logUnit)) : value;
        double Y(double value) => bottom - ((Height(value) - Height(lowest)) / (Height(_range.High) - Height(lowest)) * (bottom - top));
        double X(double position) => left + (_bins.Length == 1 ? 0.5 : position / (_bins.Length - 1)) * (right - left);

        canvas.Line(left, bottom, right, bottom, 1, Canvas.Frame);
        canvas.Line(left, top, left, bottom, 1, Canvas.Frame);
        var tick = Math.Max(3, margin / 3);
        foreach (var at in _logUnit > 0 ? PowersOfTen(_logUnit, _range.High) : RoundNumbers(lowest, _range.High))
            canvas.Line(left - tick, Y(at), left, Y(at), 1, Canvas.Frame);
        var (start, step) = (_axis.Offset ?? 0, _axis.Scale ?? 1);
        foreach (var at in RoundNumbers(Math.Min(start, start + (step * (_axis.Size - 1))), Math.Max(start, start + (step * (_axis.Size - 1)))))
        {
            var x = X((at - start) / step * (_bins.Length - 1) / Math.Max(1, _axis.Size - 1));
            canvas.Line(x, bottom, x, bottom + tick, 1, Canvas.Frame);
        }

        (double X, double Y)? last = null;
        for (var i = 0; i < _bins.Length; i++)
        {
            if (!float.IsFinite(_bins[i].Low))
            {
                last = null;
                continue;
            }

            var (x, low, high) = (X(i), Y(_bins[i].Low), Y(_bins[i].High));
            if (last is { } from)
                canvas.Line(from.X, from.Y, x, low, LineWidth, Canvas.Ink);
            canvas.Line(x, low, x, high, LineWidth, Canvas.Ink);
            last = (x, high);
        }

        var what = _plan.WhatIsShown + (_isComplex ? ", logarithm of the magnitude" : _logUnit > 0 ? ", logarithmic" : "");
        return new PreviewImage(width, height, 3, canvas.Pixels, _range, what, null, _plan.Column, null, IsDrawing: true);
    }

    public static (float Low, float High) Extremes(ReadOnlySpan<float> values)
    {
        var (low, high) = (float.NaN, float.NaN);
        foreach (var value in values)
            if (float.IsFinite(value))
                (low, high) = (!(low <= value) ? value : low, !(high >= value) ? value : high);
        return (low, high);
    }

    private static IEnumerable<double> PowersOfTen(double low, double high)
    {
        for (var power = Math.Pow(10, Math.Ceiling(Math.Log10(low))); power <= high; power *= 10)
            yield return power;
    }

    /// <summary>Multiples of 1, 2 or 5 times a power of ten, four to ten of them.</summary>
    private static IEnumerable<double> RoundNumbers(double low, double high)
    {
        if (!(high > low) || !double.IsFinite(high - low))
            yield break;
        var rough = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1);
        for (var i = Math.Ceiling(low / step); i * step <= high; i++)
            yield return i * step;
    }
}
