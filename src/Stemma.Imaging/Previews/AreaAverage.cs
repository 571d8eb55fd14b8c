using System.Numerics;

namespace Stemma.Imaging.Previews;

/// <summary>
/// Makes an image smaller: every output pixel is the mean of the area it covers, partly covered source pixels counting by their share; NaN and infinities do not count.
/// Source rows are given from the top, so that no more than one output row is held. Rows are added up at the width of the source, which is one multiplication and one addition
/// per pixel; columns are drawn together once per output row.
/// </summary>
internal sealed class AreaAverage
{
    private readonly int _channels;
    private readonly double _rowsPerRow;
    private readonly (int Column, float Share, float Next)[] _columns;
    private readonly float[] _sum;
    private readonly float[] _outputSum;
    private readonly float[] _outputWeight;

    // The weight of every source column, less what its pixels that are no numbers would have weighed.
    private float _weight;
    private float[]? _missing;
    private bool _hasMissing;
    private int _current;

    public AreaAverage(int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        (Width, Height, _channels) = (width, height, channels);
        _rowsPerRow = (double)sourceHeight / height;
        _columns = sourceWidth == width ? [] : Columns(sourceWidth, width);
        _sum = new float[sourceWidth * channels];
        (_outputSum, _outputWeight) = _columns.Length == 0 ? ([], []) : (new float[width * channels], new float[width * channels]);
        Pixels = GC.AllocateUninitializedArray<float>(checked(width * height * channels));
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The result, complete after <see cref="Finish"/>; NaN where nothing was averaged.</summary>
    public float[] Pixels { get; }

    /// <summary>Adds a row that stands for the source rows from <paramref name="top"/> up to <paramref name="bottom"/>.</summary>
    public void Add(ReadOnlySpan<float> row, double top, double bottom)
    {
        var (first, end) = (top / _rowsPerRow, bottom / _rowsPerRow);
        for (var target = (int)first; target < end - 1e-9 && target < Height; target++)
        {
            FlushUpTo(target);
            var share = (float)(Math.Min(end, target + 1) - Math.Max(first, target));
            if (share > 0)
                AddRow(row, share);
        }
    }

    public void Finish() => FlushUpTo(Height);

    /// <summary>Reduces a whole image.</summary>
    public static float[] Reduce(float[] pixels, int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        if (sourceWidth == width && sourceHeight == height)
            return pixels;
        var average = new AreaAverage(sourceWidth, sourceHeight, width, height, channels);
        for (var y = 0; y < sourceHeight; y++)
            average.Add(pixels.AsSpan(y * sourceWidth * channels, sourceWidth * channels), y, y + 1);
        average.Finish();
        return average.Pixels;
    }

    // Vectors of the machine's width, then the rest one by one: the same operations in the same order for every pixel.
    private void AddRow(ReadOnlySpan<float> row, float share)
    {
        _weight += share;
        var sum = _sum.AsSpan(0, row.Length);
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = new Vector<float>(row[i..]);
            // A number less itself is zero; infinity less itself is none.
            var isNumber = Vector.Equals(values - values, Vector<float>.Zero);
            if (isNumber != Vector<int>.AllBitsSet)
                AddMissing(row.Slice(i, Vector<float>.Count), i, share);
            (new Vector<float>(sum[i..]) + (Vector.ConditionalSelect(isNumber, values, Vector<float>.Zero) * share)).CopyTo(sum[i..]);
        }

        for (; i < row.Length; i++)
            if (float.IsFinite(row[i]))
                sum[i] += row[i] * share;
            else
                AddMissing(row.Slice(i, 1), i, share);
    }

    private void AddMissing(ReadOnlySpan<float> values, int at, float share)
    {
        _missing ??= new float[_sum.Length];
        _hasMissing = true;
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                _missing[at + i] += share;
    }

    private void FlushUpTo(int next)
    {
        for (; _current < next; _current++)
        {
            var target = Pixels.AsSpan(_current * Width * _channels, Width * _channels);
            if (_weight == 0)
                target.Fill(float.NaN);
            else if (_columns.Length == 0)
                Divide(target);
            else
                DrawColumnsTogether(target);
            Array.Clear(_sum);
            if (_hasMissing)
                Array.Clear(_missing!);
            (_weight, _hasMissing) = (0, false);
        }
    }

    private void Divide(Span<float> target)
    {
        if (_hasMissing)
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = _sum[i] / Weight(i);
            return;
        }

        if (_weight == 1)
            _sum.CopyTo(target);
        else
            for (var i = 0; i < target.Length; i++)
                target[i] = _sum[i] / _weight;
    }

    // 0 ÷ 0 where nothing was a number: NaN. Weights and what is missing were added up in the same order, so that they cancel exactly.
    private float Weight(int source) => _weight - _missing![source];

    private void DrawColumnsTogether(Span<float> target)
    {
        Array.Clear(_outputSum);
        Array.Clear(_outputWeight);
        for (int x = 0, from = 0; x < _columns.Length; x++)
        {
            var (column, share, next) = _columns[x];
            var to = column * _channels;
            for (var channel = 0; channel < _channels; channel++, from++, to++)
            {
                var (sum, weight) = (_sum[from], _hasMissing ? Weight(from) : _weight);
                _outputSum[to] += share * sum;
                _outputWeight[to] += share * weight;
                if (next > 0)
                {
                    _outputSum[to + _channels] += next * sum;
                    _outputWeight[to + _channels] += next * weight;
                }
            }
        }

        for (var i = 0; i < target.Length; i++)
            target[i] = _outputWeight[i] > 0 ? _outputSum[i] / _outputWeight[i] : float.NaN;
    }

    /// <summary>For each source column the output column it begins in, its share there, and what is left for the next.</summary>
    private static (int, float, float)[] Columns(int sourceWidth, int width)
    {
        var columns = new (int, float, float)[sourceWidth];
        var scale = (double)width / sourceWidth;
        for (var x = 0; x < sourceWidth; x++)
        {
            var (start, end) = (x * scale, (x + 1) * scale);
            var column = Math.Min(width - 1, (int)start);
            var beyond = column + 1 < width ? Math.Max(0, end - (column + 1)) : 0;
            columns[x] = (column, (float)(end - start - beyond), beyond < 1e-9 ? 0 : (float)beyond);
        }

        return columns;
    }
}
