using System.Buffers;

namespace Stemma.Imaging.Previews;

/// <summary>
/// Reads one plane of an image, reduced in size, by bands of rows. Axes that are averaged are read in blocks; where there is more than may be read,
/// evenly spaced blocks, and then evenly spaced rows.
/// </summary>
internal sealed class PlaneReader
{
    /// <summary>Pixels that are held at a time.</summary>
    private const int PixelsAtATime = 4 << 20;

    /// <summary>Of longer rows the middle is shown.</summary>
    private const int MaxColumns = 16 << 20;

    /// <summary>A sampled axis is read in runs, as neighbours cost little more than single values.</summary>
    private const int SampleRun = 64;

    private readonly IImageSource _source;
    private readonly PreviewPlan _plan;
    private readonly IReadOnlyList<long> _index;
    private readonly long[] _shape;
    private readonly long _firstColumn;
    private readonly int _columns;
    private readonly long _rows;
    private readonly int _channels;

    public PlaneReader(IImageSource source, PreviewPlan plan, IReadOnlyList<long> index)
    {
        (_source, _plan, _index) = (source, plan, index);
        _shape = source.Description.Shape;
        _columns = (int)Math.Min(MaxColumns, _shape[plan.Column]);
        _firstColumn = (_shape[plan.Column] - _columns) / 2;
        _rows = plan.Row < 0 ? 1 : Math.Min(int.MaxValue / 2, _shape[plan.Row]);
        _channels = SampleConverter.Channels(source.Description.PixelType);
    }

    /// <summary>Source pixels per pixel, so that the plane fits the edge and can be read within the budget.</summary>
    public double Fit(int maxEdge, long budget)
    {
        var scale = Math.Max(1, (double)Math.Max(_columns, _rows) / maxEdge);
        return Math.Max(scale, Math.Ceiling((double)_columns * _rows / budget));
    }

    /// <param name="scale">Source pixels per pixel of the result.</param>
    /// <param name="budget">Source pixels that may be read.</param>
    public async ValueTask<Picture> ReadAsync(double scale, long budget, CancellationToken cancellationToken)
    {
        var (width, height) = (Math.Max(1, (int)Math.Round(_columns / scale)), Math.Max(1, (int)Math.Round(_rows / scale)));
        var average = new AreaAverage(_columns, (int)_rows, width, height, _channels);
        var blocks = Blocks(Math.Max(1, budget / Math.Max(1, _columns * _rows)));
        var step = (int)Math.Clamp(Math.Ceiling((double)_columns * _rows / budget), 1, Math.Max(1, Math.Floor(scale)));
        var rowsAtATime = step > 1 ? 1 : (int)Math.Clamp(PixelsAtATime / ((long)_columns * blocks.Max(block => block.Count)), 1, _rows);
        var sums = new float[rowsAtATime * _columns * _channels];
        var counts = blocks.Count == 1 && blocks[0].Count == 1 ? [] : new int[sums.Length];
        for (long row = 0; row < _rows; row += rowsAtATime * step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = (int)Math.Min(rowsAtATime, _rows - row);
            var top = Math.Min(_rows - 1, row + (step / 2));
            if (counts.Length > 0)
            {
                Array.Clear(sums);
                Array.Clear(counts);
            }

            foreach (var block in blocks)
                await AddAsync(block, top, rows, sums, counts, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < counts.Length; i++)
                sums[i] = counts[i] > 0 ? sums[i] / counts[i] : float.NaN;
            for (var i = 0; i < rows; i++)
                average.Add(sums.AsSpan(i * _columns * _channels, _columns * _channels), row + i, Math.Min(_rows, row + i + step));
        }

        average.Finish();
        var part = _columns < _shape[_plan.Column] ? $", middle {_columns} columns" : "";
        return new Picture(width, height, _channels, average.Pixels, (double)_columns / width, _plan.WhatIsShown + part);
    }

    /// <summary>Reads one block of the averaged axes over some rows and adds it up (or stores it, where nothing is averaged).</summary>
    private async ValueTask AddAsync(Block block, long top, int rows, float[] sums, int[] counts, CancellationToken cancellationToken)
    {
        var origin = _index.ToArray();
        var size = new long[origin.Length];
        Array.Fill(size, 1);
        (origin[_plan.Column], size[_plan.Column]) = (_firstColumn, _columns);
        if (_plan.Row >= 0)
            (origin[_plan.Row], size[_plan.Row]) = (top, rows);
        for (var i = 0; i < _plan.Averaged.Count; i++)
            (origin[_plan.Averaged[i]], size[_plan.Averaged[i]]) = (block.Origin[i], block.Size[i]);

        var type = _source.Description.PixelType;
        var pixels = checked(rows * _columns * (int)block.Count);
        var bytes = ArrayPool<byte>.Shared.Rent(checked(pixels * type.Bytes));
        var values = ArrayPool<float>.Shared.Rent(pixels * _channels);
        try
        {
            await _source.ReadAsync(new Region(origin, size), bytes.AsMemory(0, pixels * type.Bytes), cancellationToken).ConfigureAwait(false);
            SampleConverter.ToFloat(type, bytes.AsSpan(0, pixels * type.Bytes), values.AsSpan(0, pixels * _channels));
            Arrange(values, size, rows, block, sums, counts);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private void Arrange(float[] values, long[] size, int rows, Block block, float[] sums, int[] counts)
    {
        var strides = new int[size.Length];
        for (int axis = size.Length - 1, step = _channels; axis >= 0; axis--)
            (strides[axis], step) = (step, step * (int)size[axis]);
        var columnStride = strides[_plan.Column];
        var rowStride = _plan.Row >= 0 ? strides[_plan.Row] : 0;
        if (counts.Length == 0 && columnStride == _channels && (rows == 1 || rowStride == _columns * _channels))
        {
            values.AsSpan(0, rows * _columns * _channels).CopyTo(sums);
            return;
        }

        var outer = _plan.Averaged.Count == 2 ? (Count: (int)block.Size[0], Stride: strides[_plan.Averaged[0]]) : (Count: 1, Stride: 0);
        var inner = _plan.Averaged.Count > 0 ? (Count: (int)block.Size[^1], Stride: strides[_plan.Averaged[^1]]) : (Count: 1, Stride: 0);
        var target = 0;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < _columns; column++)
                for (var channel = 0; channel < _channels; channel++, target++)
                {
                    var start = (row * rowStride) + (column * columnStride) + channel;
                    if (counts.Length == 0)
                    {
                        sums[target] = values[start];
                        continue;
                    }

                    var (sum, count) = (0f, 0);
                    for (var i = 0; i < outer.Count; i++)
                        for (int j = 0, at = start + (i * outer.Stride); j < inner.Count; j++, at += inner.Stride)
                            if (float.IsFinite(values[at]))
                            {
                                sum += values[at];
                                count++;
                            }

                    sums[target] += sum;
                    counts[target] += count;
                }
    }

    /// <summary>Blocks of the averaged axes with at most <paramref name="budget"/> positions in all, spread evenly.</summary>
    private List<Block> Blocks(long budget)
    {
        if (_plan.Averaged.Count == 0)
            return [new Block([], [])];
        var fast = _plan.Averaged[^1];
        var slowSize = _plan.Averaged.Count == 2 ? _shape[_plan.Averaged[0]] : 1;
        var fastSize = _shape[fast];
        var limit = Math.Max(1, PixelsAtATime / _columns);

        // Whole lines of the fast axis at evenly spaced positions of the slow one; if not even one fits, evenly spaced runs of the middle line.
        var slow = Spread(slowSize, Math.Clamp(budget / fastSize, 1, slowSize), 1);
        var run = (int)Math.Min(limit, budget >= fastSize ? fastSize : fast == _shape.Length - 1 ? Math.Min(SampleRun, budget) : 1);
        var runs = budget >= fastSize ? Ranges(fastSize, run) : Spread(fastSize, Math.Clamp(budget / run, 1, (fastSize + run - 1) / run), run);
        return
        [
            .. from s in slow
               from f in runs
               select _plan.Averaged.Count == 2 ? new Block([s.Origin, f.Origin], [s.Size, f.Size]) : new Block([f.Origin], [f.Size]),
        ];
    }

    private static List<(long Origin, long Size)> Ranges(long size, int run)
    {
        var ranges = new List<(long, long)>();
        for (long at = 0; at < size; at += run)
            ranges.Add((at, Math.Min(run, size - at)));
        return ranges;
    }

    private static List<(long Origin, long Size)> Spread(long size, long count, int run)
    {
        var ranges = new List<(long, long)>();
        for (long i = 0; i < count; i++)
        {
            var origin = Math.Min(Math.Max(0, size - run), (long)((i + 0.5) * size / count) - (run / 2));
            ranges.Add((Math.Max(0, origin), Math.Min(run, size)));
        }

        return ranges;
    }

    private sealed record Block(long[] Origin, long[] Size)
    {
        public long Count => Size.Aggregate(1L, (product, size) => product * size);
    }
}
