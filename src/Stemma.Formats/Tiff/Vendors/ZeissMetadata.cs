using System.Text;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// Zeiss SEM (SmartSEM), tag 34118 of every page: first numbers one per line, then pairs of lines, a key (<c>AP_MAG</c>) and a text (<c>Mag =  50.00 K X</c>),
/// in Latin-1. Keys begin with AP (analog), DP (digital) or SV (text).
/// </summary>
internal sealed class ZeissMetadata(IReadOnlyList<(TiffDirectory Directory, ZeissBlock Block)> pages) : ITiffMetadata
{
    public string Variant => "Zeiss SEM";

    public static ZeissMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var pages = new List<(TiffDirectory, ZeissBlock)>();
        foreach (var directory in file.Directories)
            if (directory.Bytes(TiffTags.ZeissSem) is { Length: > 0 } bytes)
                pages.Add((directory, ZeissBlock.Parse(Encoding.Latin1.GetString(bytes))));
        return pages.Count > 0 ? new ZeissMetadata(pages) : null;
    }

    public void AddTo(JsonObject original) =>
        original["CZ_SEM"] = pages.Count == 1 ? pages[0].Block.ToJson() : new JsonArray([.. pages.Select(page => page.Block.ToJson())]);

    public PageCalibration? Calibrate(TiffPage page)
    {
        var block = pages.FirstOrDefault(one => one.Directory == page.Directory).Block;
        return AxisCalibration.FromMetres(block?.PixelMetres(page.Width)) is { } size ? new PageCalibration(size, size) : null;
    }

    public void Map(Acquisition acquisition) =>
        ZeissMapping.Map(pages[0].Block, pages.Count == 1 ? "CZ_SEM" : "CZ_SEM[0]", pages[0].Directory.Integer(TiffTags.ImageWidth, 0), acquisition);
}

/// <summary>One page's block.</summary>
/// <param name="Numbers">The unnamed numbers at its start; the fourth is the pixel size in metres on a screen of 1024 pixels.</param>
/// <param name="Values">Key → name and value as written.</param>
internal sealed record ZeissBlock(IReadOnlyList<string> Numbers, IReadOnlyDictionary<string, (string Name, string Value)> Values)
{
    private const int ScreenPixels = 1024;

    public static ZeissBlock Parse(string text)
    {
        var numbers = new List<string>();
        var values = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var lines = text.TrimEnd('\0').Split("\r\n");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length > 3 && line[2] == '_' && line[..2] is "AP" or "DP" or "SV" && i + 1 < lines.Length)
            {
                var pair = lines[++i];
                var at = pair.IndexOfAny(['=', ':']);
                values[line] = at < 0 ? (pair.Trim(), "") : (pair[..at].Trim(), pair[(at + 1)..].Trim());
            }
            else if (values.Count == 0 && Quantity.Number(line) is not null)
            {
                numbers.Add(line);
            }
        }

        return new ZeissBlock(numbers, values);
    }

    public string? this[string key] => Values.TryGetValue(key, out var value) && value.Value.Length > 0 ? value.Value : null;

    /// <summary>
    /// Metres per stored pixel. AP_PIXEL_SIZE is that of the screen and wrong for images of another width; the unnamed number is too, but exact, so it is scaled
    /// by the width. AP_IMAGE_PIXEL_SIZE, rounded to few digits, decides where the two disagree.
    /// </summary>
    public double? PixelMetres(long width)
    {
        var exact = Numbers.Count > 3 && Quantity.Number(Numbers[3]) is > 0 and var screen && width > 0 ? screen * ScreenPixels / width : (double?)null;
        var written = Quantity.ToSi(this["AP_IMAGE_PIXEL_SIZE"]);
        return written is > 0 && (exact is null || Math.Abs(exact.Value / written.Value - 1) > 0.01) ? written : exact;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["numbers"] = new JsonArray([.. Numbers.Select(number => JsonValue.Create(number))]) };
        foreach (var (key, (name, value)) in Values)
        {
            var node = new JsonObject { ["name"] = name };
            // Analog values carry their unit; magnifications like "50.00 K X" stay whole.
            if (key.StartsWith("AP_", StringComparison.Ordinal) && Quantity.Parse(value) is var (_, unit) && unit.Length > 0 && !unit.Contains('X'))
                (node["value"], node["unit"]) = (value[..value.IndexOf(' ')], unit);
            else
                node["value"] = value;
            json[key] = node;
        }

        return json;
    }
}
