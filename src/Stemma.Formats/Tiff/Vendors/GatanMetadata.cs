using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>TIFF exported by Gatan DigitalMicrograph: tags 65003 to 65014 give unit, origin (in pixels) and scale of x, y and the stack.</summary>
internal sealed class GatanMetadata(TiffDirectory directory) : ITiffMetadata
{
    public string Variant => "Gatan DigitalMicrograph";

    public static GatanMetadata? TryRead(TiffFile file, List<string> warnings) =>
        file.Directories[0].Has(TiffTags.GatanScaleX) ? new GatanMetadata(file.Directories[0]) : null;

    /// <summary>The tags themselves are listed with their directory, under names that begin with Gatan.</summary>
    public void AddTo(JsonObject original)
    {
    }

    public PageCalibration? Calibrate(TiffPage page) => new(Axis(0), Axis(1), Axis(2));

    public void Map(Acquisition acquisition)
    {
        var x = Quantity.ToSi(directory.Number(TiffTags.GatanScaleX), Unit(0));
        var y = Quantity.ToSi(directory.Number(TiffTags.GatanScaleX + 1), Unit(1));
        if (!IsLength(0))
            return;
        acquisition.Set("pixel_size", x, "Directories[0].GatanScaleX");
        if (y != x && IsLength(1))
            acquisition.Set("pixel_size_y", y, "Directories[0].GatanScaleY");
    }

    private bool IsLength(int axis) => Unit(axis) is "m" or "mm" or "µm" or "nm" or "pm" or "Å";

    private string Unit(int axis) => Quantity.Symbol(directory.Text((ushort)(TiffTags.GatanUnitX + axis)) ?? "");

    private AxisCalibration? Axis(int axis)
    {
        var unit = Unit(axis);
        if (directory.Number((ushort)(TiffTags.GatanScaleX + axis)) is not { } scale || scale == 0 || unit.Length == 0)
            return null;
        // The origin is the pixel whose coordinate is 0; a negative zero becomes zero.
        var origin = directory.Number((ushort)(TiffTags.GatanOriginX + axis));
        return new AxisCalibration(scale, unit, origin is { } pixel ? 0 - pixel * scale : 0);
    }
}
