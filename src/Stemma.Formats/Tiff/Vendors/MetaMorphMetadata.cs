using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// MetaMorph STK: tags 33628 to 33631 (UIC1 to UIC4). UIC1 is a list of pairs, id and value or offset of the value; UIC2 has six integers per plane
/// (z distance as a fraction, Julian day and milliseconds of creation, and of change).
/// </summary>
internal sealed class MetaMorphMetadata(JsonObject uic, long planes, double? metresX, double? metresY) : ITiffMetadata
{
    private const int MostPairs = 10_000;
    private const int MostNameBytes = 4096;

    private static readonly Dictionary<uint, string> Names = new()
    {
        [0] = "AutoScale", [1] = "MinScale", [2] = "MaxScale", [3] = "SpatialCalibration", [4] = "XCalibration", [5] = "YCalibration", [6] = "CalibrationUnits", [7] = "Name",
        [8] = "ThreshState", [9] = "ThreshStateRed", [11] = "ThreshStateGreen", [12] = "ThreshStateBlue", [13] = "ThreshStateLo", [14] = "ThreshStateHi", [15] = "Zoom",
        [16] = "CreateTime", [17] = "LastSavedTime", [18] = "CurrentBuffer", [25] = "StandardLut",
    };

    public string Variant => "MetaMorph STK";

    /// <summary>The stack's name; null where it has none.</summary>
    public string? Title => TextOf(uic, "Name");

    /// <summary>Planes under the first directory.</summary>
    public long Planes => planes;

    public static MetaMorphMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var directory = file.Directories[0];
        if (directory.Find(TiffTags.Uic2) is not { Count: > 0 } uic2)
            return null;
        var uic = new JsonObject();
        if (directory.Find(TiffTags.Uic1) is { } entry)
            ReadPairs(directory, entry, uic);
        var unit = Quantity.Symbol(TextOf(uic, "CalibrationUnits") ?? "");
        double? Metres(string key) => uic["SpatialCalibration"]?.GetValue<uint>() == 1 && uic[key] is JsonArray { Count: 2 } ratio && unit.Length > 0 && unit != "pixel"
            ? Quantity.ToSi(ratio[0]!.GetValue<uint>() / (double)ratio[1]!.GetValue<uint>(), unit)
            : null;
        return new MetaMorphMetadata(uic, uic2.Count, Metres("XCalibration"), Metres("YCalibration"));
    }

    public void AddTo(JsonObject original) => original["UIC1"] = uic.DeepClone();

    public PageCalibration? Calibrate(TiffPage page) =>
        AxisCalibration.FromMetres(metresX) is { } x ? new PageCalibration(x, AxisCalibration.FromMetres(metresY) ?? x) : null;

    public void Map(Acquisition acquisition)
    {
        acquisition.Set("pixel_size", metresX, "UIC1.XCalibration");
        if (metresY != metresX)
            acquisition.Set("pixel_size_y", metresY, "UIC1.YCalibration");
    }

    private static void ReadPairs(TiffDirectory directory, TiffEntry entry, JsonObject uic)
    {
        var source = directory.File.Source;
        // The count is that of pairs, each of eight bytes, whatever the entry's type says.
        var pairs = Math.Min(entry.Count, MostPairs);
        source.Require(entry.Position, pairs * 8);
        for (var i = 0; i < pairs; i++)
        {
            var id = source.Read<uint>(entry.Position + 8 * i, directory.File.BigEndian);
            var value = source.Read<uint>(entry.Position + 8 * i + 4, directory.File.BigEndian);
            var name = Names.GetValueOrDefault(id) ?? $"Id{id}";
            uic[name] = id switch
            {
                4 or 5 or 16 or 17 when value + 8L <= source.Length =>
                    new JsonArray(source.Read<uint>(value, directory.File.BigEndian), source.Read<uint>(value + 4, directory.File.BigEndian)),
                6 or 7 when value + 4L <= source.Length => Text(source, value, directory.File.BigEndian),
                _ => value,
            };
        }
    }

    /// <summary>A text that was found where its offset points; null where the offset itself was kept because it points nowhere.</summary>
    private static string? TextOf(JsonObject uic, string name) => uic[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Text(Binary.ByteSource source, long offset, bool bigEndian)
    {
        var length = source.Read<uint>(offset, bigEndian);
        return length <= MostNameBytes && offset + 4 + length <= source.Length ? TiffDirectory.Decode(source.ReadBytes(offset + 4, length)) : null;
    }
}
