using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// FEI / Thermo Fisher: INI text in tags 34680 (FEI_SFEG) and 34682 (FEI_HELIOS), XML in newer FIB-SEM files and in 34683 (FEI_TITAN).
/// Lengths are in metres, angles in radians, voltages in volts.
/// </summary>
internal sealed class FeiMetadata(string name, JsonObject? sections, XElement? xml) : ITiffMetadata
{
    /// <summary>How far from the end of a damaged file the text is looked for.</summary>
    private const int TailBytes = 64 << 10;

    public string Variant => name == "FEI_TITAN" ? "FEI TEM" : "FEI SEM";

    public static FeiMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var directory = file.Directories[0];
        foreach (var tag in (ushort[])[TiffTags.FeiHelios, TiffTags.FeiSfeg, TiffTags.FeiTitan])
            if (directory.Text(tag) is { } text)
                return Parse(TiffTags.Name(tag), text);
        return Scan(file, warnings);
    }

    public void AddTo(JsonObject original) => original[name] = sections is not null ? sections.DeepClone() : XmlTree.ToJson(xml!);

    public PageCalibration? Calibrate(TiffPage page)
    {
        var (x, y) = sections is not null
            ? (FeiMapping.PixelSize(sections, "PixelWidth"), FeiMapping.PixelSize(sections, "PixelHeight"))
            : (FeiMapping.PixelSize(xml!, 0), FeiMapping.PixelSize(xml!, 1));
        return AxisCalibration.FromMetres(x) is { } horizontal ? new PageCalibration(horizontal, AxisCalibration.FromMetres(y) ?? horizontal) : null;
    }

    public void Map(Acquisition acquisition)
    {
        if (sections is not null)
            FeiMapping.Map(sections, name, acquisition);
        else
            FeiMapping.Map(xml!, name, acquisition);
    }

    private static FeiMetadata? Parse(string name, string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal))
            return new FeiMetadata(name, IniText.Parse(text), null);
        return XmlTree.TryParse(text) is { } xml ? new FeiMetadata(name, null, xml) : null;
    }

    /// <summary>A damaged directory may have lost the tag while the text still lies at the file's end.</summary>
    private static FeiMetadata? Scan(TiffFile file, List<string> warnings)
    {
        var directory = file.Directories[0];
        if (directory.Entries.All(entry => directory.IsInside(entry) && TiffTags.Name(entry.Tag) != entry.Tag.ToString()))
            return null;
        var start = Math.Max(0, file.Source.Length - TailBytes);
        var tail = file.Source.ReadBytes(start, file.Source.Length - start);
        var at = tail.AsSpan().IndexOf("[User]\r"u8);
        if (at < 0 || tail.AsSpan(at).IndexOf("Date="u8) is < 0 or > 20)
            return null;
        warnings.Add($"The directory has lost its FEI tag; the FEI text was found at byte {start + at}.");
        return Parse("FEI_HELIOS", TiffDirectory.Decode(tail.AsSpan(at)));
    }
}
