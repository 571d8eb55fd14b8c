using Stemma.Formats.Tiff.Pixels;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>Planes that make one image.</summary>
/// <param name="Leading">Axes before those of a page, slowest first.</param>
/// <param name="First">A page of the series; all have its size, type and layout.</param>
/// <param name="PlaneAt">Plane by index over <paramref name="Leading"/> in C order; null where it is missing.</param>
internal sealed record TiffSeries(string? Title, IReadOnlyList<Axis> Leading, TiffPage First, Func<long, TiffPlane?> PlaneAt)
{
    /// <summary>Says what is missing; null where nothing is.</summary>
    public string? Partial { get; init; }

    /// <summary>Calibration that the series' own description gives; other sources do not override it.</summary>
    public PageCalibration? Calibration { get; init; }

    /// <summary>Number of pixels, for comparing series.</summary>
    public double Pixels => Leading.Aggregate((double)First.Width * First.Height, (product, axis) => product * axis.Size);

    public TiffImageSource ToImage(PageCalibration? calibration)
    {
        calibration = Calibration ?? calibration;
        // Where a spectrum was recorded at each position, rows and columns are what was scanned.
        var role = Leading.Any(axis => axis.Name == "energy") ? AxisRole.Navigation : AxisRole.Signal;
        var y = AxisCalibration.Apply(new Axis(Name("y", calibration?.Y), First.Height, role), calibration?.Y);
        var x = AxisCalibration.Apply(new Axis(Name("x", calibration?.X), First.Width, role), calibration?.X);
        var samples = new Axis("sample", First.Samples);
        Axis[] page = First.Layout switch
        {
            SampleLayout.SamplesLast => [y, x, samples],
            SampleLayout.SamplesFirst => [samples, y, x],
            _ => [y, x],
        };
        var leading = Leading.Count == 1 && Leading[0].Scale is null ? [AxisCalibration.Apply(Leading[0], calibration?.Stack)] : Leading;
        return new TiffImageSource(new ImageDescription(Title, First.PixelType, [.. leading, .. page]) { Partial = Partial }, First, PlaneAt);
    }

    /// <summary>Diffraction patterns are known by their reciprocal unit.</summary>
    private static string Name(string name, AxisCalibration? calibration) => calibration?.Unit.StartsWith("1/", StringComparison.Ordinal) == true ? "k" + name : name;

    /// <summary>Whether another page can be a plane of the same image.</summary>
    public static bool SameKind(TiffPage a, TiffPage b) => KindOf(a) == KindOf(b);

    public static (long, long, PixelType, int, SampleLayout, int, bool) KindOf(TiffPage page) =>
        (page.Width, page.Height, page.PixelType, page.Samples, page.Layout, page.Photometric, page.WhyNotDecoded() is null);
}
