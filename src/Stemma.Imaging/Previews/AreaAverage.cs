namespace Stemma.Imaging.Previews;

/// <summary>
/// Makes an image smaller: every output pixel is the mean of the area it covers, partly covered source pixels counting by their share; NaN and infinities do not count.
/// Source rows are given from the top, so that no more than one output row is held.
/// </summary>
internal sealed class AreaAverage
{
    private readonly int _channels;
    private readonly double _rowsPerRow;
    private readonly (int Column, float Share, float Next)[] _columns;
    private readonly float[] _rowSum;
    private readonly float[] _rowWeight;
    private readonly float[] _sum;
    private readonly float[] _weight;
    private readonly bool _isIdentity;
    private int _current;

    public AreaAverage(int sourceWidth, int sourceHeight, int width, int height, int channels)
    {
        (Width, Height, _channels) = (width, height, channels);
        _rowsPerRow = (double)sourceHeight / height;
        _isIdentity = sourceWidth == width;
        _columns = _isIdentity ? [] : Columns(sourceWidth, width);
        (_rowSum, _rowWeight, _sum, _weight) = (new float[width * channels], new float[width * channels], new float[width * channels], new float[width * channels]);
        Pixels = new float[checked(width * height * channels)];
        Array.Fill(Pixels, float.NaN);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The result, complete after <see cref="Finish"/>; NaN where nothing was averaged.</summary>
    public float[] Pixels { get; }

    /// <summary>Adds a row that stands for the source rows from <paramref name="top"/> up to <paramref name="bottom"/>.</summary>
    public void Add(ReadOnlySpan<float> row, double top, double bottom)
    {
        SumColumns(row);
        var (first, end) = (top / _rowsPerRow, bottom / _rowsPerRow);
        for (var target = (int)first; target < end - 1e-9 && target < Height; target++)
        {
            if (target != _current)
                Flush(target);
            var share = (float)(Math.Min(end, target + 1) - Math.Max(first, target));
            if (share <= 0)
                continue;
            for (var i = 0; i < _sum.Length; i++)
            {
                _sum[i] += share * _rowSum[i];
                _weight[i] += share * _rowWeight[i];
            }
        }
    }

    public void Finish() => Flush(Height);

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

    private void SumColumns(ReadOnlySpan<float> row)
    {
        if (_isIdentity)
        {
            for (var i = 0; i < row.Length; i++)
            {
                var isNumber = float.IsFinite(row[i]);
                _rowSum[i] = isNumber ? row[i] : 0;
                _rowWeight[i] = isNumber ? 1 : 0;
            }

            return;
        }

        Array.Clear(_rowSum);
        Array.Clear(_rowWeight);
        for (var x = 0; x < _columns.Length; x++)
        {
            var (column, share, next) = _columns[x];
            for (var channel = 0; channel < _channels; channel++)
            {
                var value = row[(x * _channels) + channel];
                if (!float.IsFinite(value))
                    continue;
                var target = (column * _channels) + channel;
                _rowSum[target] += share * value;
                _rowWeight[target] += share;
                if (next > 0)
                {
                    _rowSum[target + _channels] += next * value;
                    _rowWeight[target + _channels] += next;
                }
            }
        }
    }

    private void Flush(int next)
    {
        var target = Pixels.AsSpan(_current * _sum.Length, _sum.Length);
        for (var i = 0; i < _sum.Length; i++)
            target[i] = _weight[i] > 0 ? _sum[i] / _weight[i] : float.NaN;
        Array.Clear(_sum);
        Array.Clear(_weight);
        _current = next;
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
