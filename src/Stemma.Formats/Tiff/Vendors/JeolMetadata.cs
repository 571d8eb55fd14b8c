using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// JEOL SightX (TEM): XML <c>TemReporter</c> in the description. The pixel size is the detector's, from the resolution tags, divided by the magnification;
/// in diffraction the camera length takes its place.
/// </summary>
internal sealed class JeolMetadata(XElement xml) : ITiffMetadata
{
    private const string Root = "TemReporter";

    public string Variant => "JEOL SightX";

    public static JeolMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var text = file.Directories[0].Text(TiffTags.ImageDescription);
        return text?.Contains($"<{Root}", StringComparison.Ordinal) == true && XmlTree.TryParse(text.Split('\0')[0]) is { Name.LocalName: Root } xml ? new JeolMetadata(xml) : null;
    }

    public void AddTo(JsonObject original) => original[Root] = XmlTree.ToJson(xml);

    public PageCalibration? Calibrate(TiffPage page)
    {
        var x = PixelMetres(page.Directory, TiffTags.XResolution);
        return AxisCalibration.FromMetres(x) is { } horizontal
            ? new PageCalibration(horizontal, AxisCalibration.FromMetres(PixelMetres(page.Directory, TiffTags.YResolution)) ?? horizontal)
            : null;
    }

    public void Map(Acquisition acquisition)
    {
        Text("instrument", "Instruments");
        Text("instrument_manufacturer", "Manufacturer");
        Text("operator", "Operator");
        Text("specimen", "Specimen");
        Text("comment", "Comment");
        Text("detector", "ImageSourceDetector");
        acquisition.Set("beam_type", "electron", $"{Root}.ElectronGun.GunType");
        Number("accelerating_voltage", 1, "ElectronGun", "AccelerationVoltage");
        Number("emission_current", 1e-6, "ElectronGun", "EmissionCurrent");
        acquisition.Set("imaging_mode", Mode, $"{Root}.Eos.EosMode");
        Number("spot_size", 1, "IlluminationSystem", "SpotSizeString");
        if (IsImage)
            Number("nominal_magnification", 1, "ImageFormingSystem", "SelectorValue");
        acquisition.Set("defocus", Quantity.ToSi(Value("ImageFormingSystem", "DefocusValue")), $"{Root}.ImageFormingSystem.DefocusValue");
        Number("stage_x", 1e-6, "GonioStage", "StagePosition", "MX");
        Number("stage_y", 1e-6, "GonioStage", "StagePosition", "MY");
        Number("stage_z", 1e-6, "GonioStage", "StagePosition", "MZ");
        Number("stage_tilt_alpha", Math.PI / 180, "GonioStage", "StagePosition", "TX");
        Number("stage_tilt_beta", Math.PI / 180, "GonioStage", "StagePosition", "TY");
        var time = Value("DateTime");
        DateTimeOffset? understood = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
        acquisition.SetTime(time, understood, time?.LastIndexOfAny(['+', '-', 'Z']) > 10, $"{Root}.DateTime");

        void Text(string term, params string[] path) => acquisition.Set(term, Value(path), $"{Root}.{string.Join('.', path)}");
        void Number(string term, double factor, params string[] path) =>
            acquisition.Set(term, Quantity.Number(Value(path)) * factor, $"{Root}.{string.Join('.', path)}");
    }

    private string? Mode => Value("Eos", "EosMode")?.Replace("eos", "", StringComparison.Ordinal);

    /// <summary>Whether the selector gives a magnification: the unit is then "X".</summary>
    private bool IsImage => Value("ImageFormingSystem", "SelectorUnitString") == "X";

    private double? PixelMetres(TiffDirectory directory, ushort tag)
    {
        var inch = directory.Integer(TiffTags.ResolutionUnit, 2) == 3 ? 0.01 : 0.0254;
        return IsImage ? inch / directory.Number(tag) / Quantity.Number(Value("ImageFormingSystem", "SelectorValue")) : null;
    }

    private string? Value(params ReadOnlySpan<string> path) => xml.Path(path)?.Value is { Length: > 0 } value ? value : null;
}
