using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// ImageJ: the description is lines <c>key=value</c> beginning with <c>ImageJ=</c>; tags 50838 and 50839 hold info, slice labels, display ranges, tables and overlays.
/// </summary>
internal sealed class ImageJMetadata : ITiffMetadata
{
    private const int MostBlocks = 1_000_000;

    private readonly TiffDirectory _directory;
    private readonly JsonObject _blocks = [];

    private ImageJMetadata(TiffDirectory directory, string description)
    {
        _directory = directory;
        Values = Parse(description);
    }

    public string Variant => "ImageJ";

    /// <summary>The description's keys and values as written.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    public static bool Is(string? description) => description?.StartsWith("ImageJ=", StringComparison.Ordinal) == true;

    public static ImageJMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var directory = file.Directories[0];
        if (directory.Text(TiffTags.ImageDescription) is not { } description || !Is(description))
            return null;
        var metadata = new ImageJMetadata(directory, description);
        try
        {
            metadata.ReadBlocks();
        }
        catch (MalformedFileException broken)
        {
            warnings.Add($"ImageJ's metadata block was not understood: {broken.Message}");
        }

        return metadata;
    }

    public static Dictionary<string, string> Parse(string description)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in description.Split(['\n', '\r', '\0'], StringSplitOptions.RemoveEmptyEntries))
            if (line.IndexOf('=') is > 0 and var at)
                values[line[..at].Trim()] = line[(at + 1)..].Trim();
        return values;
    }

    public void AddTo(JsonObject original)
    {
        var json = new JsonObject();
        foreach (var (key, value) in Values)
            json[key] = value;
        foreach (var (key, block) in _blocks)
            json[key] = block?.DeepClone();
        original["ImageJ"] = json;
    }

    public PageCalibration? Calibrate(TiffPage page) => Calibrate(page.Directory, Values);

    public void Map(Acquisition acquisition)
    {
        var calibration = Calibrate(_directory, Values);
        acquisition.Set("pixel_size", Quantity.ToSi(calibration?.X?.Scale, calibration?.X?.Unit), "Directories[0].XResolution");
        if (calibration?.Y?.Scale != calibration?.X?.Scale)
            acquisition.Set("pixel_size_y", Quantity.ToSi(calibration?.Y?.Scale, calibration?.Y?.Unit), "Directories[0].YResolution");
        acquisition.Set("frame_time", Quantity.Number(Values.GetValueOrDefault("finterval")) is > 0 and var interval ? interval : null, "ImageJ.finterval");
        acquisition.Set("software", $"ImageJ {Values["ImageJ"]}", "ImageJ.ImageJ");
        foreach (var line in _blocks["Info"]?.GetValue<string>().Split('\n') ?? [])
            VocabularyLines.Map(line, "ImageJ.Info", acquisition);
    }

    /// <summary>The unit stands in the description, pixels per unit in the resolution tags; a unit "pixel" means not calibrated.</summary>
    public static PageCalibration? Calibrate(TiffDirectory directory, IReadOnlyDictionary<string, string> values)
    {
        var unit = Unit(values);
        return unit is null ? null : new PageCalibration(Axis(TiffTags.XResolution, unit, "xorigin"), Axis(TiffTags.YResolution, Unit(values, "yunit") ?? unit, "yorigin"));

        AxisCalibration? Axis(ushort tag, string unit, string origin) =>
            directory.Number(tag) is > 0 and var density && double.IsFinite(1 / density) ? new AxisCalibration(1 / density, unit, Offset(values, origin, 1 / density)) : null;
    }

    /// <summary>Coordinate of index 0, from the index at which ImageJ's coordinate is 0; null where not recorded.</summary>
    public static double? Offset(IReadOnlyDictionary<string, string> values, string origin, double scale) =>
        Quantity.Number(values.GetValueOrDefault(origin)) is { } index && double.IsFinite(index * scale) ? -index * scale : null;

    public static string? Unit(IReadOnlyDictionary<string, string> values, string key = "unit") =>
        values.GetValueOrDefault(key) is { Length: > 0 } unit && Quantity.Symbol(unit) is not ("pixel" or "pixels") and var symbol ? symbol : null;

    /// <summary>A header names types and how many blocks of each there are; tag 50838 gives the length of the header and of every block.</summary>
    private void ReadBlocks()
    {
        if (_directory.Integers(TiffTags.ImageJByteCounts) is not { Length: > 0 } counts || _directory.Bytes(TiffTags.ImageJMetadata) is not { } bytes)
            return;
        var source = _directory.File.Source;
        if (counts.Length > MostBlocks || counts.Any(count => count < 0 || count > bytes.Length) || counts.Sum() > bytes.Length || counts[0] < 12)
            throw new MalformedFileException(source.Name, _directory.Offset, "block lengths that fit into IJMetadata", $"{bytes.Length} bytes");
        var header = bytes.AsSpan(0, (int)counts[0]);
        if (Code(header) != "IJIJ")
            throw new MalformedFileException(source.Name, _directory.Offset, "IJMetadata beginning with IJIJ", Code(header));
        var next = 1;
        var at = (int)counts[0];
        for (var entry = 4; entry + 8 <= header.Length; entry += 8)
        {
            var type = Code(header[entry..]);
            var count = Integer(header[(entry + 4)..]);
            for (var i = 0; i < count && next < counts.Length; i++, next++)
            {
                Take(type, bytes.AsSpan(at, (int)counts[next]));
                at += (int)counts[next];
            }
        }
    }

    private void Take(string type, ReadOnlySpan<byte> block)
    {
        switch (type)
        {
            case "info":
                _blocks["Info"] = Text(block);
                break;
            case "labl":
                Append("Labels", Text(block));
                break;
            case "prop":
                Append("Properties", Text(block));
                break;
            case "rang":
                for (var i = 0; i + 8 <= block.Length; i += 8)
                {
                    var value = _directory.File.BigEndian ? BinaryPrimitives.ReadDoubleBigEndian(block[i..]) : BinaryPrimitives.ReadDoubleLittleEndian(block[i..]);
                    Append("Ranges", double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString()));
                }

                break;
            default:
                // Lookup tables, regions of interest and overlays are for display: noted with their size.
                Append(type.Trim(), JsonValue.Create($"{block.Length} bytes"));
                break;
        }
    }

    private void Append(string name, JsonNode? value)
    {
        if (_blocks[name] is not JsonArray list)
            _blocks[name] = list = [];
        list.Add(value);
    }

    private string Text(ReadOnlySpan<byte> block) => (_directory.File.BigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(block);

    private int Integer(ReadOnlySpan<byte> bytes) => _directory.File.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    /// <summary>Four characters, which little-endian files hold back to front.</summary>
    private string Code(ReadOnlySpan<byte> bytes)
    {
        Span<byte> code = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(code, Integer(bytes));
        return Encoding.Latin1.GetString(code);
    }
}
