using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stemma.Formats.Tiff.Pixels;
using Stemma.Formats.Tiff.Structure;
using Stemma.Formats.Tiff.Vendors;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Series;

/// <summary>
/// OME-TIFF (OME model 2016-06 and older): OME-XML in the first page's description says which page of which file is which plane.
/// </summary>
/// <param name="self">Pages of the primary file; null where the primary is a companion file of XML alone.</param>
/// <param name="open">Opens and keeps a further file of the set.</param>
/// <param name="readText">Reads a companion of text; null where it is too long.</param>
internal sealed class OmeReader(FileSetInput input, PageSet? self, Func<MemberFile, TiffFile> open, Func<MemberFile, string?> readText)
{
    /// <summary>Files of one set that are opened at most.</summary>
    private const int MostFiles = 4096;

    /// <summary>Planes that all TiffData together may name; a sound file names each plane once.</summary>
    private const long MostNamedPlanes = 20_000_000;

    private readonly Dictionary<string, PageSet?> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, MemberRole Role)> _members = [];
    private readonly List<string> _companions = [];
    private readonly List<string> _warnings = [];
    private XElement? _xml;

    /// <summary>First page of the primary file that no image has taken; where images without TiffData begin.</summary>
    private int _nextPage;

    private long _namedPlanes;

    public IReadOnlyList<(string Name, MemberRole Role)> Members =>
        _members.Count == 0 ? [] : [(input.Primary.Name, MemberRole.Primary), .. _members.Where(member => member.Name != input.Primary.Name)];

    public IReadOnlyList<string> Companions => _companions;

    public IReadOnlyList<string> Warnings => _warnings;

    public static bool IsOme(string? description) =>
        description is not null && description.AsSpan().TrimStart() is ['<', ..] && (description.Contains("<OME", StringComparison.Ordinal) || description.Contains(":OME ", StringComparison.Ordinal));

    /// <summary>Null where the XML does not tell of images that are here; pages are then read as any TIFF's.</summary>
    public List<TiffSeries>? Read(string text)
    {
        _xml = XmlTree.TryParse(text.TrimEnd('\0', ' ', '\r', '\n'));
        if (_xml is null)
        {
            _warnings.Add("The OME-XML is not well formed; pages are given as they follow each other.");
            return null;
        }

        var identifier = _xml.Value("UUID");
        if (_xml.Path("BinaryOnly") is { } binaryOnly && !FollowCompanion(binaryOnly))
            return null;
        var series = new List<TiffSeries>();
        foreach (var image in _xml.Elements().Where(element => element.Name.LocalName == "Image"))
            foreach (var pixels in image.Elements().Where(element => element.Name.LocalName == "Pixels"))
                if (ReadImage(image, pixels, identifier) is { } one)
                    series.Add(one);
        return series.Count > 0 ? series : null;
    }

    public void AddTo(JsonObject original)
    {
        if (_xml is not null)
            original["OME"] = XmlTree.ToJson(_xml);
    }

    public void Map(Acquisition acquisition)
    {
        if (_xml is not null)
            OmeMapping.Map(_xml, acquisition);
    }

    private bool FollowCompanion(XElement binaryOnly)
    {
        var name = binaryOnly.Value("MetadataFile") ?? "";
        _companions.Add(name);
        if (input.Find(name) is not { } member)
        {
            _warnings.Add($"The companion file '{name}', which describes the whole set, is not here; only this file's pages are given.");
            return false;
        }

        if (readText(member) is not { } text || XmlTree.TryParse(text) is not { } xml)
        {
            _warnings.Add($"The companion file '{name}' holds no well-formed OME-XML; only this file's pages are given.");
            return false;
        }

        _xml = xml;
        _members.Add((member.Name, MemberRole.Sidecar));
        return true;
    }

    private TiffSeries? ReadImage(XElement image, XElement pixels, string? identifier)
    {
        var title = image.Value("Name") ?? image.Value("ID");
        long Size(char axis) => Quantity.Number(pixels.Value($"Size{axis}")) is >= 1 and <= 1e9 and var size ? (long)size : 1;
        var order = pixels.Value("DimensionOrder")?.ToUpperInvariant() ?? "XYCZT";
        if (order.Length != 5 || !order.StartsWith("XY", StringComparison.Ordinal) || !"CZT".All(order.Contains))
        {
            _warnings.Add($"Image '{title}' has the unknown DimensionOrder '{order}'; XYCZT was assumed.");
            order = "XYCZT";
        }

        var planes = new Dictionary<long, TiffPlane>();
        TiffPage? first = null;
        var blocks = pixels.Elements().Where(element => element.Name.LocalName == "TiffData").ToList();
        // SizeC counts the samples of colour pixels; the pages tell how many of them lie in one plane.
        var samples = FirstPage(blocks, identifier)?.Samples ?? 1;
        var channels = Math.Max(1, Size('C') / samples);
        long SizeOf(char axis) => axis == 'C' ? channels : Size(axis);
        var fastest = order[2..];
        if ((Int128)channels * Size('Z') * Size('T') > 1L << 40)
        {
            _warnings.Add($"Image '{title}' declares more planes than any file holds and was left out.");
            return null;
        }

        var total = channels * Size('Z') * Size('T');
        if (blocks.Count == 0)
            blocks.Add(new XElement("TiffData", new XAttribute("IFD", _nextPage), new XAttribute("PlaneCount", total)));
        foreach (var block in blocks)
            TakeBlock(block);
        if (first is null)
        {
            _warnings.Add($"No plane of image '{title}' is here.");
            return null;
        }

        Axis[] leading = [.. fastest.Reverse().Where(axis => SizeOf(axis) > 1).Select(axis => LeadingAxis(axis, SizeOf(axis), pixels))];
        var missing = planes.Values.Select(PageCompleteness.Missing).OfType<string>().FirstOrDefault();
        return new TiffSeries(title, leading, first, index => planes.TryGetValue(index, out var plane) ? plane : null)
        {
            Calibration = new PageCalibration(Physical(pixels, 'X'), Physical(pixels, 'Y')),
            Partial = planes.Count < total ? $"{total - planes.Count} of {total} planes are not here" : missing,
        };

        void TakeBlock(XElement block)
        {
            if (FileOf(block, identifier) is not { } file)
                return;
            var hasIfd = block.Value("IFD") is not null;
            var ifd = Whole(block.Value("IFD"), 0);
            var count = Whole(block.Value("PlaneCount") ?? block.Value("NumPlanes"), hasIfd ? 1 : file.Main.Count);
            long At(char axis) => Whole(block.Value($"First{axis}"), 0);
            long start = 0, step = 1;
            foreach (var axis in fastest)
            {
                start += At(axis) * step;
                step *= SizeOf(axis);
            }

            for (long i = 0; i < count && ifd + i < file.Main.Count && start + i < total && _namedPlanes < MostNamedPlanes; i++, _namedPlanes++)
            {
                if (file.Main[(int)(ifd + i)] is not { } page)
                    continue;
                first ??= page;
                if (TiffSeries.SameKind(first, page))
                    planes[start + i] = new TiffPlane(page);
                if (file == self)
                    _nextPage = Math.Max(_nextPage, (int)(ifd + i) + 1);
            }
        }
    }

    private TiffPage? FirstPage(List<XElement> blocks, string? identifier)
    {
        if (blocks.Count == 0)
            return self?.Main.ElementAtOrDefault(_nextPage);
        foreach (var block in blocks)
            if (FileOf(block, identifier)?.Main.ElementAtOrDefault((int)Math.Min(int.MaxValue, Whole(block.Value("IFD"), 0))) is { } page)
                return page;
        return null;
    }

    /// <summary>The file that holds a block's planes: this one where nothing, its own name or its own identifier is said.</summary>
    private PageSet? FileOf(XElement block, string? identifier)
    {
        var uuid = block.Path("UUID");
        var name = uuid.Value("FileName") ?? block.Value("FileName");
        if (self is not null && (uuid is null && name is null || identifier is not null && uuid?.Value.Trim() == identifier
            || string.Equals(name, input.Primary.Name[(input.Primary.Name.LastIndexOf('/') + 1)..], StringComparison.OrdinalIgnoreCase)))
            return self;
        if (name is null)
            return null;
        if (_files.TryGetValue(name, out var known))
            return known;
        if (_files.Count >= MostFiles)
            return null;
        _companions.Add(name);
        if (input.Find(name) is not { } member)
        {
            _warnings.Add($"The file '{name}', which holds planes of this set, is not here.");
            return _files[name] = null;
        }

        try
        {
            _members.Add((member.Name, MemberRole.Part));
            return _files[name] = new PageSet(open(member));
        }
        catch (FileReadException broken)
        {
            _warnings.Add($"The file '{name}', which holds planes of this set, was left out: {broken.Message}");
            return _files[name] = null;
        }
    }

    private static Axis LeadingAxis(char axis, long size, XElement pixels)
    {
        var plain = new Axis(char.ToLowerInvariant(axis).ToString(), size, AxisRole.Navigation);
        return axis switch
        {
            'Z' => AxisCalibration.Apply(plain, Physical(pixels, 'Z')),
            'T' when Quantity.Number(pixels.Value("TimeIncrement")) is > 0 and var step =>
                plain with { Scale = step, Offset = 0, Unit = Quantity.Symbol(pixels.Value("TimeIncrementUnit") ?? "s") },
            _ => plain,
        };
    }

    private static AxisCalibration? Physical(XElement pixels, char axis) => Quantity.Number(pixels.Value($"PhysicalSize{axis}")) is > 0 and var size
        ? new AxisCalibration(size, Quantity.Symbol(pixels.Value($"PhysicalSize{axis}Unit") ?? "µm"))
        : null;

    private static long Whole(string? text, long otherwise) => Quantity.Number(text) is >= 0 and <= 1e12 and var number ? (long)number : otherwise;
}
