using System.Globalization;
using Stemma.Formats.Native;
using Stemma.Imaging;

namespace Stemma.Formats.Vips;

/// <summary>Opens one file: header and metadata at once, pixels when they are asked for.</summary>
internal sealed class VipsReader(VipsFormat format, MemberFile file)
{
    /// <summary>What may be decoded of any file, however small: 1 GiB.</summary>
    private const long DecodedBytesAlwaysAllowed = 1L << 30;

    /// <summary>Beyond that, decoded bytes per byte of file; deflate reaches 1032.</summary>
    private const long MaxExpansion = 2000;

    /// <summary>Pages of unequal size become images of their own up to here.</summary>
    private const int MaxSeparatePages = 256;

    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _warnings = [];

    /// <exception cref="FileReadException">The file is damaged, or its loader is not installed.</exception>
    public FileSetContent Read()
    {
        try
        {
            return ReadContent();
        }
        catch
        {
            foreach (var item in _owned)
                item.Dispose();
            throw;
        }
    }

    private FileSetContent ReadContent()
    {
        var signature = Signature();
        var image = Open(signature);
        var metadata = VipsMetadata.Read(image);
        var images = signature.Pages switch
        {
            VipsPages.Levels => [Pyramid(signature, image, metadata)],
            VipsPages.Frames when LibVips.GetPageCount(image) > 1 => Sources(Open(signature, ("n", "-1")), "t", metadata, null),
            VipsPages.Pages when LibVips.GetPageCount(image) > 1 => Pages(signature, image, metadata),
            _ => Sources(image, null, metadata, null),
        };

        // Decoding them crashes libvips 8.14 with OpenSlide 3.4; and labels tend to name patients.
        if (metadata.AssociatedImages is { Length: > 0 } associated)
            _warnings.Add($"Images beside the slide are not read: {string.Join(", ", associated)}.");
        return new FileSetContent(format, _owned)
        {
            Variant = signature.Variant,
            Images = images,
            Original = metadata.Original,
            Acquisition = metadata.Acquisition(),
            Warnings = _warnings,
        };
    }

    private VipsSignature Signature()
    {
        Span<byte> header = stackalloc byte[64];
        int length;
        using (var handle = file.Open())
            length = RandomAccess.Read(handle, header, 0);
        var signature = VipsSignature.Find(header[..length])
            ?? throw new MalformedFileException(file.Name, 0, "a raster image", $"{Convert.ToHexString(header[..Math.Min(length, 8)])}");

        // OpenSlide refuses plain tiled TIFFs itself: their pixels must not be reduced to 8-bit colour.
        return signature == VipsSignature.Tiff && VipsLibrary.Accepts("openslideload", file.LibraryPath) ? VipsSignature.Slide : signature;
    }

    private GObjectHandle Open(VipsSignature signature, params ReadOnlySpan<(string, string)> options)
    {
        var image = VipsLoad.Open(file, signature, options);
        _owned.Add(image);
        CheckExpansion(signature, image);
        if (LibVips.GetInterpretation(image) != VipsNumbers.Cmyk)
            return image;
        try
        {
            var colour = VipsLibrary.Run("colourspace", image, ("space", "srgb"));
            _owned.Add(colour);
            _warnings.Add("Colours were converted from CMYK to sRGB.");
            return colour;
        }
        catch (VipsException refused)
        {
            throw new UnsupportedVariantException(file.Name, $"CMYK colours cannot be converted: {refused.Message}");
        }
    }

    /// <summary>A few bytes can announce gigabytes; loaders that decode the whole image would fill the disk with it.</summary>
    private void CheckExpansion(VipsSignature signature, GObjectHandle image)
    {
        if (signature == VipsSignature.Slide)
            return;
        var (width, height) = (LibVips.GetWidth(image), LibVips.GetHeight(image));
        var bytes = (decimal)width * height * LibVips.GetBands(image) * VipsNumbers.Bytes(LibVips.GetFormat(image));
        using var handle = file.Open();
        var length = RandomAccess.GetLength(handle);
        if (bytes > Math.Max(DecodedBytesAlwaysAllowed, (decimal)length * MaxExpansion))
            throw new UnsupportedVariantException(file.Name,
                $"{signature.Variant} of {width} × {height} pixels would unpack {length} bytes into {bytes}, more than {MaxExpansion} times as many and more than {DecodedBytesAlwaysAllowed}");
    }

    private List<IImageSource> Pages(VipsSignature signature, GObjectHandle first, VipsMetadata metadata)
    {
        var count = LibVips.GetPageCount(first);
        try
        {
            return Sources(Open(signature, ("n", "-1")), "page", metadata, null);
        }
        catch (MalformedFileException) when (count > 1)
        {
            // The pages differ in size or type.
        }

        if (count > MaxSeparatePages)
            _warnings.Add($"Only the first {MaxSeparatePages} of {count} pages are read.");
        var images = Sources(first, null, metadata, "page 1");
        for (var page = 1; page < Math.Min(count, MaxSeparatePages); page++)
            images.AddRange(Sources(Open(signature, ("page", page.ToString(CultureInfo.InvariantCulture))), null, metadata, $"page {page + 1}"));
        return images;
    }

    private VipsPyramidSource Pyramid(VipsSignature signature, GObjectHandle image, VipsMetadata metadata)
    {
        var count = signature == VipsSignature.Slide ? metadata.SlideLevels : LibVips.GetPageCount(image);
        var option = signature == VipsSignature.Slide ? "level" : "page";
        var source = new VipsPyramidSource((VipsImageSource)Sources(image, null, metadata, null)[0], count,
            level => VipsLoad.Open(file, signature, (option, level.ToString(CultureInfo.InvariantCulture))));
        _owned.Add(source);
        return source;
    }

    private List<IImageSource> Sources(GObjectHandle image, string? pageAxis, VipsMetadata metadata, string? title)
    {
        var pages = pageAxis is null ? 1 : Math.Max(1, LibVips.GetPageCount(image));
        var pageHeight = pages == 1 ? LibVips.GetHeight(image) : LibVips.GetPageHeight(image);
        if (LibVips.GetHeight(image) != (long)pageHeight * pages)
            (pages, pageHeight) = (1, LibVips.GetHeight(image));

        var bands = LibVips.GetBands(image);
        var type = VipsNumbers.PixelType(LibVips.GetFormat(image));
        var colour = VipsNumbers.Colour(type, bands, LibVips.GetInterpretation(image));
        var isGreyWithAlpha = colour is null && bands == 2 && type is PixelType.UInt8 or PixelType.UInt16 && bands == 2;

        var axes = new List<Axis>();
        if (pages > 1)
            axes.Add(new Axis(pageAxis!, pages, AxisRole.Navigation));
        if (colour is null && bands > 1 && !isGreyWithAlpha)
            axes.Add(new Axis("c", bands, AxisRole.Navigation));
        axes.Add(metadata.Calibrate(new Axis("y", pageHeight)));
        axes.Add(metadata.Calibrate(new Axis("x", LibVips.GetWidth(image))));

        var description = new ImageDescription(title, colour ?? type, axes);
        var sources = new List<IImageSource> { new VipsImageSource(image, description, file, pageHeight, firstBand: 0) };
        if (isGreyWithAlpha)
            sources.Add(new VipsImageSource(image, description with { Title = $"{(title is null ? "" : $"{title}, ")}transparency" }, file, pageHeight, firstBand: 1));
        return sources;
    }
}
