using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// Pixel sizes from XResolution and YResolution. Most programs write their printer's or screen's density there, so only values that no
/// printer has count as a calibration: pixels of at most 10 µm.
/// </summary>
internal static class ResolutionTags
{
    private const double LargestMetres = 10e-6;

    public static PageCalibration? Calibrate(TiffPage page)
    {
        var metres = page.Directory.Integer(TiffTags.ResolutionUnit, 2) switch { 2 => 0.0254, 3 => 0.01, _ => double.NaN };
        var x = metres / page.Directory.Number(TiffTags.XResolution);
        var y = metres / page.Directory.Number(TiffTags.YResolution);
        return x is > 0 and <= LargestMetres && y is > 0 and <= LargestMetres
            ? new PageCalibration(AxisCalibration.FromMetres(x), AxisCalibration.FromMetres(y))
            : null;
    }
}
