namespace Stemma.Imaging.Previews;

/// <summary>
/// Draws previews of any image: planes as area averages, volumes as three views, spectra as curves. Pictures for people, not results:
/// their bytes may differ between machines. Work and memory are bounded whatever the size of the image.
/// </summary>
public static class PreviewRenderer
{
    /// <summary>Longest edge of a thumbnail, in pixels.</summary>
    public const int ThumbnailEdge = 512;

    /// <summary>Longest edge of a large preview, in pixels.</summary>
    public const int PreviewEdge = 2048;

    /// <summary>No more pixels than this are read for a preview; of larger images an even part.</summary>
    public const long MaxPixelsRead = 64L << 20;

    /// <summary>Draws the image once for every edge asked for, reading it once. Images smaller than an edge are not enlarged.</summary>
    /// <param name="maxEdges">Longest edges in pixels, at least 16.</param>
    public static ValueTask<IReadOnlyList<PreviewImage>> RenderAsync(IImageSource source, IReadOnlyList<int> maxEdges, CancellationToken cancellationToken = default) =>
        RenderAsync(source, maxEdges, MaxPixelsRead, cancellationToken);

    /// <param name="budget">Pixels that may be read, about.</param>
    internal static async ValueTask<IReadOnlyList<PreviewImage>> RenderAsync(IImageSource source, IReadOnlyList<int> maxEdges, long budget, CancellationToken cancellationToken)
    {
        foreach (var edge in maxEdges)
            ArgumentOutOfRangeException.ThrowIfLessThan(edge, 16, nameof(maxEdges));
        var plan = PreviewPlan.For(source.Description);
        if (plan.Kind == PreviewKind.Curve)
        {
            var curve = await CurvePlot.ReadAsync(source, plan, maxEdges.Max(), budget, cancellationToken).ConfigureAwait(false);
            return [.. maxEdges.Select(curve.Draw)];
        }

        var picture = plan.Kind == PreviewKind.Volume
            ? await VolumeViews.ReadAsync(source, plan, maxEdges.Max(), budget, cancellationToken).ConfigureAwait(false)
            : await ReadPlaneAsync(source, plan, maxEdges.Max(), budget, cancellationToken).ConfigureAwait(false);

        // 8-bit volumes are measurements, not photographs: they are stretched as all others are.
        var type = plan.Kind == PreviewKind.Volume ? PixelType.Float32 : source.Description.PixelType;
        var range = DisplayRange.Choose(picture.Values, type, plan.ShowsReciprocalSpace(source.Description));
        if (range.Scale == DisplayScale.Logarithmic)
            picture = picture with { WhatIsShown = picture.WhatIsShown + ", logarithmic" };
        if (source.Description.PixelType.IsComplex)
            picture = picture with { WhatIsShown = picture.WhatIsShown + ", logarithm of the magnitude" };
        return [.. maxEdges.Select(edge => Draw(picture, plan, range, edge))];
    }

    private static async ValueTask<Picture> ReadPlaneAsync(IImageSource source, PreviewPlan plan, int maxEdge, long budget, CancellationToken cancellationToken)
    {
        var level = plan.Averaged.Count == 0 && source is IPyramidImageSource pyramid ? Level(pyramid, plan, maxEdge) : source;
        var reader = new PlaneReader(level, plan, plan.Index);
        var picture = await reader.ReadAsync(reader.Fit(maxEdge, budget), budget, cancellationToken).ConfigureAwait(false);
        var levelScale = (double)source.Description.Axes[plan.Column].Size / level.Description.Axes[plan.Column].Size;
        return picture with { SourcePixelsPerPixel = picture.SourcePixelsPerPixel * levelScale };
    }

    /// <summary>The coarsest level that still has as many pixels as are shown.</summary>
    private static IImageSource Level(IPyramidImageSource pyramid, PreviewPlan plan, int maxEdge) => pyramid.Levels
        .Where(level => level.Description.Axes.Count == pyramid.Description.Axes.Count && level.Description.PixelType == pyramid.Description.PixelType
            && plan.Row >= 0 && Math.Max(level.Description.Axes[plan.Row].Size, level.Description.Axes[plan.Column].Size) >= maxEdge)
        .LastOrDefault() ?? pyramid;

    private static PreviewImage Draw(Picture picture, PreviewPlan plan, DisplayRange range, int maxEdge)
    {
        var scale = Math.Max(1, (double)Math.Max(picture.Width, picture.Height) / maxEdge);
        var (width, height) = (Math.Max(1, (int)Math.Round(picture.Width / scale)), Math.Max(1, (int)Math.Round(picture.Height / scale)));
        var values = AreaAverage.Reduce(picture.Values, picture.Width, picture.Height, width, height, picture.Channels);
        var pixels = new byte[values.Length];
        range.Map(values, pixels);
        return new PreviewImage(width, height, picture.Channels, pixels, range, picture.WhatIsShown, picture.SourcePixelsPerPixel * scale,
            plan.Column, plan.Row < 0 ? null : plan.Row, IsDrawing: false);
    }
}
