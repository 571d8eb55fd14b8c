using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>Calibration of one axis.</summary>
/// <param name="Scale">Size of one step, in <paramref name="Unit"/>.</param>
/// <param name="Offset">Coordinate of index 0; a pixel size alone counts from the first pixel.</param>
internal sealed record AxisCalibration(double Scale, string Unit, double? Offset = 0, IReadOnlyList<double>? Coordinates = null)
{
    private static readonly (string Unit, double PerMetre)[] Lengths = [("m", 1), ("mm", 1e3), ("µm", 1e6), ("nm", 1e9), ("pm", 1e12)];

    /// <summary>A pixel size in metres, given in the unit in which people read it; null where it is no positive number.</summary>
    public static AxisCalibration? FromMetres(double? metres)
    {
        if (metres is not > 0 || !double.IsFinite(metres.Value))
            return null;
        foreach (var (unit, perMetre) in Lengths)
            if (metres * perMetre >= 0.9999 || unit == "pm")
                return new AxisCalibration(metres.Value * perMetre, unit);
        return null;
    }

    public static Axis Apply(Axis axis, AxisCalibration? calibration) => calibration is null
        ? axis
        : axis with { Scale = calibration.Scale, Unit = calibration.Unit, Offset = calibration.Offset, Coordinates = calibration.Coordinates };
}

/// <summary>What is known of the axes of a page; null for what is not.</summary>
/// <param name="Stack">Calibration of the axis along which pages follow each other.</param>
internal sealed record PageCalibration(AxisCalibration? X, AxisCalibration? Y, AxisCalibration? Stack = null);
