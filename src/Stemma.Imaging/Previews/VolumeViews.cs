namespace Stemma.Imaging.Previews;

/// <summary>
/// Three views of a volume in one picture: along z top left, along y below it, along x to its right, all at one scale of pixels.
/// Dense volumes (tomograms) are shown by their central slices, each the mean of a thin slab; sparse ones (few bright pixels, as in fluorescence) by maximum projections.
/// </summary>
internal sealed class VolumeViews
{
    private const int Gap = 4;

    /// <summary>The slab is one part in so many of the volume's depth.</summary>
    private const int SlabShare = 48;

    private readonly int _width;
    private readonly int _height;
    private readonly int _depth;
    private readonly View _alongZ;
    private readonly View _alongY;
    private readonly View _alongX;
    private readonly List<float> _sample = [];

    private VolumeViews(int width, int height, int depth)
    {
        (_width, _height, _depth) = (width, height, depth);
        (_alongZ, _alongY, _alongX) = (new View(width * height), new View(width * depth), new View(depth * height));
    }

    public static async ValueTask<Picture> ReadAsync(IImageSource source, PreviewPlan plan, int maxEdge, long budget, CancellationToken cancellationToken)
    {
        var shape = source.Description.Shape;
        var (columns, rows, planes) = (shape[plan.Column], shape[plan.Row], shape[plan.Depth]);
        var scale = Math.Max(1, (double)(Math.Max(columns, rows) + planes) / (maxEdge - Gap));
        var (width, height, depth) = (Edge(columns, scale), Edge(rows, scale), Edge(planes, scale));
        var count = Math.Min(planes, Math.Max(Math.Min(depth, 64), budget / Math.Max(1, columns * rows)));

        var views = new VolumeViews(width, height, depth);
        var index = plan.Index.ToArray();
        for (long i = 0; i < count; i++)
        {
            index[plan.Depth] = (long)((i + 0.5) * planes / count);
            var reader = new PlaneReader(source, plan, index);
            var share = Math.Max(1, budget / count);
            var plane = await reader.ReadAsync(Math.Max(scale, reader.Fit(maxEdge, share)), share, cancellationToken).ConfigureAwait(false);
            var values = plane.Width == width && plane.Height == height ? plane.Values : Nearest(plane, width, height);
            views.Add(values, (int)(i * depth / count), (int)Math.Max((i * depth / count) + 1, (i + 1) * depth / count));
        }

        return views.Compose((double)columns / width, plan.WhatIsShown, shape: (columns, rows, planes));
    }

    private static int Edge(long size, double scale) => Math.Max(1, (int)Math.Round(size / scale));

    /// <summary>Where the budget made a plane coarser than the picture, its pixels are repeated.</summary>
    private static float[] Nearest(Picture plane, int width, int height)
    {
        var values = new float[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                values[(y * width) + x] = plane.Values[((int)((long)y * plane.Height / height) * plane.Width) + (int)((long)x * plane.Width / width)];
        return values;
    }

    /// <summary>Adds a plane that stands for the depths from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    private void Add(float[] plane, int first, int end)
    {
        var inZ = InSlab(first, _depth) || InSlab(end - 1, _depth);
        for (int y = 0, i = 0; y < _height; y++)
        {
            var inY = InSlab(y, _height);
            for (var x = 0; x < _width; x++, i++)
            {
                var value = plane[i];
                if (!float.IsFinite(value))
                    continue;
                _alongZ.Add(i, value, inZ);
                var inX = InSlab(x, _width);
                for (var z = first; z < end; z++)
                {
                    _alongY.Add((z * _width) + x, value, inY);
                    _alongX.Add((y * _depth) + z, value, inX);
                }
            }
        }

        // About a million values of the whole volume; the odd stride does not fall into step with the rows.
        var stride = Math.Max(1, plane.Length / ((1 << 20) / _depth)) | 1;
        for (var i = first % stride; i < plane.Length; i += stride)
            _sample.Add(plane[i]);
    }

    /// <summary>At least the middle; more of a larger volume.</summary>
    private static bool InSlab(int position, int size) => Math.Abs(position - (size / 2)) <= size / SlabShare / 2;

    private Picture Compose(double scale, string position, (long Columns, long Rows, long Planes) shape)
    {
        var isSparse = IsSparse();
        var (width, height) = (_width + Gap + _depth, _height + Gap + _depth);
        var canvas = new float[width * height];
        Array.Fill(canvas, float.NaN);
        Place(_alongZ.Values(isSparse), _width, _height, 0, 0);
        Place(_alongY.Values(isSparse), _width, _depth, 0, _height + Gap);
        Place(_alongX.Values(isSparse), _depth, _height, _width + Gap, 0);
        var what = $"{(isSparse ? "maximum projections" : "central slices")} along z, y and x of {shape.Columns} × {shape.Rows} × {shape.Planes}";
        return new Picture(width, height, 1, canvas, scale, position.Length > 0 ? $"{what}, {position}" : what);

        void Place(float[] view, int viewWidth, int viewHeight, int left, int top)
        {
            for (var y = 0; y < viewHeight; y++)
                view.AsSpan(y * viewWidth, viewWidth).CopyTo(canvas.AsSpan(((top + y) * width) + left));
        }
    }

    /// <summary>Nine of ten pixels are dark beside the brightest.</summary>
    private bool IsSparse()
    {
        var sample = new PercentileSample(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sample));
        if (sample.Count == 0)
            return false;
        var (low, most, top) = (sample.Percentile(0.01), sample.Percentile(0.9), sample.Percentile(0.999));
        return most - low < 0.1 * (top - low);
    }

    private sealed class View(int length)
    {
        private readonly float[] _max = Filled(length);
        private readonly float[] _sum = new float[length];
        private readonly int[] _count = new int[length];

        public void Add(int at, float value, bool inSlab)
        {
            if (!(_max[at] >= value))
                _max[at] = value;
            if (!inSlab)
                return;
            _sum[at] += value;
            _count[at]++;
        }

        public float[] Values(bool maximum) => maximum ? _max : [.. _sum.Select((sum, i) => _count[i] > 0 ? sum / _count[i] : float.NaN)];

        private static float[] Filled(int length)
        {
            var values = new float[length];
            Array.Fill(values, float.NaN);
            return values;
        }
    }
}
