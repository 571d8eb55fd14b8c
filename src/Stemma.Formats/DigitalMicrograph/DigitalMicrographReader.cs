using Stemma.Formats.Binary;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>Reads the tag tree, and chooses the images that are no thumbnails.</summary>
internal static class DigitalMicrographReader
{
    public static FileSetContent Identify(IFormat format, FileSetInput input, CancellationToken cancellationToken)
    {
        var file = new ByteSource(input.Primary);
        try
        {
            Span<byte> first = stackalloc byte[(int)Math.Min(18, file.Length)];
            file.Read(0, first);
            var header = DmHeader.TryDecode(first) ?? throw new MalformedFileException(file.Name, 0, "the header of a DM3 or DM4 file", $"{Convert.ToHexString(first)}");
            var reader = new DmTagReader(file, header);
            var root = reader.ReadTree(cancellationToken);
            var warnings = new List<string>();
            if (reader.Damage is { } damage)
                warnings.Add($"The tags end too early: {damage.Message}");

            var images = ChooseImages(root, reader.Damage is not null, warnings);
            if (images.Count == 0 && reader.Damage is { } cause)
                throw new MalformedFileException(file.Name, cause.Offset, cause.Expected, $"{cause.Found}; no image is complete, since DM writes sizes and type behind the pixels", cause);
            if (images.Count == 0 && root.Group("ImageList") is { Entries.Count: > 0 })
                throw new MalformedFileException(file.Name, null, "at least one image", string.Join("; ", warnings));

            var sources = images.ConvertAll(image => Source(file, header, image, warnings));
            return new FileSetContent(format, file)
            {
                Images = sources,
                Original = DmJson.Write(root),
                Acquisition = images.Count > 0 ? DmAcquisition.From(images[0], sources[0].Description.Axes) : new Acquisition(),
                Warnings = warnings,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static List<DmImage> ChooseImages(DmGroup root, bool damaged, List<string> warnings)
    {
        var images = new List<DmImage>();
        var entries = root.Group("ImageList")?.Entries ?? [];
        for (var i = 0; i < entries.Count; i++)
        {
            var problem = $"ImageList[{i}] is no group";
            if (entries[i].Tag is DmGroup entry && DmImage.TryDecode(entry, i, out problem) is { } image)
                images.Add(image);
            else
                warnings.Add($"{problem}.");
        }

        var thumbnails = Thumbnails(root);
        // The list of thumbnails is the last thing in a file. Where it is lost, a small colour image in first place is taken for one.
        if (thumbnails is null && (damaged || entries.Count > 1))
            thumbnails = images.Exists(image => image.Index == 0 && image.Layout == DmLayout.Colour && image.Dimensions.Count == 2) ? [0] : [];
        var chosen = images.FindAll(image => thumbnails?.Contains(image.Index) != true);
        if (chosen.Count > 0 || images.Count == 0 || damaged)
            return chosen;
        warnings.Add("The file has nothing but thumbnails.");
        return images;
    }

    /// <summary>Positions of thumbnails in <c>ImageList</c>; null where the file does not say.</summary>
    private static HashSet<int>? Thumbnails(DmGroup root) => root.Group("Thumbnails") is { Entries.Count: > 0 } list
        ? [.. list.Entries.Select(entry => (entry.Tag as DmGroup)?.Number("ImageIndex")).OfType<double>().Select(index => (int)index)]
        : null;

    private static IImageSource Source(ByteSource file, DmHeader header, DmImage image, List<string> warnings)
    {
        var description = new ImageDescription(string.IsNullOrWhiteSpace(image.Name) ? null : image.Name, image.PixelType, DmAxes.From(image));
        switch (image.Layout)
        {
            case DmLayout.Colour:
                // A 32-bit number with blue in its lowest byte; the fourth is handed out as it is (often 0 where it means nothing).
                var stored = new RawImageSource(file, image.Data.Offset, description);
                return new ConvertedImageSource(stored, description, header.LittleEndianValues ? FromBgra : FromArgb);
            case DmLayout.PackedHalf:
                warnings.Add($"{image.Path} is a packed complex image of GMS 3, whose arrangement is nowhere described: unfolded with the zero frequency in the middle.");
                return new PackedComplexImageSource(file, image, description, header.LittleEndianValues);
            case DmLayout.PackedSquare:
                return new PackedComplexImageSource(file, image, description, header.LittleEndianValues);
            default:
                return new RawImageSource(file, image.Data.Offset, description, !header.LittleEndianValues);
        }
    }

    private static void FromBgra(ReadOnlySpan<byte> stored, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += 4)
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (stored[i + 2], stored[i + 1], stored[i], stored[i + 3]);
    }

    private static void FromArgb(ReadOnlySpan<byte> stored, Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i += 4)
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (stored[i + 1], stored[i + 2], stored[i + 3], stored[i]);
    }
}
