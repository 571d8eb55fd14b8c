using System.Text.Json.Nodes;
using Stemma.Formats.Binary;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Formats.Tiff.Vendors;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff;

/// <summary>Reads one file set: directories, then the images as the most specific description present tells them, then calibration and metadata.</summary>
internal sealed class TiffReader(TiffFormat format, FileSetInput input)
{
    /// <summary>Larger companion files are not taken for OME-XML.</summary>
    private const long MostXmlBytes = 256 << 20;

    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _warnings = [];

    public FileSetContent Read()
    {
        try
        {
            return ReadPrimary();
        }
        catch
        {
            foreach (var item in _owned)
                item.Dispose();
            throw;
        }
    }

    private FileSetContent ReadPrimary()
    {
        using var head = new ByteSource(input.Primary);
        Span<byte> header = stackalloc byte[(int)Math.Min(16, head.Length)];
        head.Read(0, header);
        return TiffFile.IsTiff(header, out _, out _) ? ReadTiff() : ReadCompanion(head);
    }

    private FileSetContent ReadTiff()
    {
        var file = Open(input.Primary);
        var pages = new PageSet(file);
        var description = file.Directories[0].Text(TiffTags.ImageDescription);
        var original = new JsonObject { ["Directories"] = new OriginalTree().Directories(file.Directories) };
        var metadata = VendorBlocks.Read(file, _warnings);
        var ome = OmeReader.IsOme(description) ? new OmeReader(input, pages, Open, Companion) : null;

        var series = ome?.Read(description!)
            ?? (ImageJMetadata.Is(description) ? ImageJStacks.Read(pages, description!) : null)
            ?? MetaMorphStacks.Read(pages)
            ?? PageStacks.Read(pages);
        _warnings.AddRange(file.Warnings);
        _warnings.AddRange(pages.Warnings);
        return Assemble(file, series, metadata, ome, original);
    }

    private FileSetContent ReadCompanion(ByteSource source)
    {
        var text = Companion(input.Primary) ?? throw new MalformedFileException(source.Name, 0, $"OME-XML of at most {MostXmlBytes} bytes", $"{source.Length} bytes");
        var ome = new OmeReader(input, null, Open, Companion);
        // Without its TIFF files the description alone is kept: they may arrive later.
        var series = ome.Read(text) ?? [];
        if (ome.Companions.Count == 0)
            throw new UnsupportedVariantException(source.Name, "OME-XML that names no TIFF files, or is not well formed");
        return Assemble(null, series, [], ome, []);
    }

    private FileSetContent Assemble(TiffFile? file, List<TiffSeries> series, List<ITiffMetadata> metadata, OmeReader? ome, JsonObject original)
    {
        var readable = series.Where(one => one.First.WhyNotDecoded() is null).ToList();
        var unreadable = series.Where(one => one.First.WhyNotDecoded() is not null).ToList();
        // A readable label beside an unreadable main image would mislead; an unreadable preview beside the data does not.
        if (unreadable.Count > 0 && (readable.Count == 0 || unreadable.Max(one => one.Pixels) > readable.Max(one => one.Pixels)))
            // Another reader would show what is left of a damaged file as if it were all.
            throw file is { Warnings: [var damage, ..] }
                ? new MalformedFileException(input.Primary.Name, null, "directories that lead to every image", $"damage: {damage}")
                : new UnsupportedVariantException(input.Primary.Name, unreadable[0].First.WhyNotDecoded()!);
        _warnings.AddRange(unreadable.Select(one => $"An image was left out: {one.First.WhyNotDecoded()}."));

        var acquisition = new Acquisition();
        if (file is not null)
            BaselineMapping.Map(file.Directories[0], metadata.Any(block => block.ModelIsCamera), acquisition);
        foreach (var block in metadata)
        {
            block.AddTo(original);
            block.Map(acquisition);
        }

        if (ome is not null)
        {
            ome.AddTo(original);
            ome.Map(acquisition);
            _warnings.AddRange(ome.Warnings);
        }

        return new FileSetContent(format, [.. _owned])
        {
            Variant = ome is not null ? "OME-TIFF" : metadata.Count > 0 ? $"TIFF ({metadata[0].Variant})" : file is { IsBigTiff: true } ? "BigTIFF" : null,
            Images = [.. readable.Select(one => one.ToImage(Calibration(one.First, metadata, ome is not null)))],
            Original = original,
            Acquisition = acquisition,
            Members = ome?.Members ?? [],
            Companions = ome?.Companions ?? [],
            Warnings = [.. _warnings],
        };
    }

    private static PageCalibration? Calibration(TiffPage page, List<ITiffMetadata> metadata, bool isOme)
    {
        foreach (var block in metadata)
            if (block.Calibrate(page) is { } calibration)
                return calibration;
        // Bio-Formats and Micro-Manager write a resolution of 1 µm where they know none.
        return metadata.Count == 0 && !isOme ? ResolutionTags.Calibrate(page) : null;
    }

    private TiffFile Open(MemberFile member)
    {
        var file = TiffFile.Open(member);
        _owned.Add(file);
        return file;
    }

    private static string? Companion(MemberFile member)
    {
        using var source = new ByteSource(member);
        return source.Length <= MostXmlBytes ? TiffDirectory.Decode(source.ReadBytes(0, source.Length)).TrimStart('\uFEFF') : null;
    }
}
