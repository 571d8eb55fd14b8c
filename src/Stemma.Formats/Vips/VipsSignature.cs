namespace Stemma.Formats.Vips;

/// <summary>How the pages that a loader counts are to be understood.</summary>
internal enum VipsPages
{
    /// <summary>There is one, or the first is the image.</summary>
    Single,

    /// <summary>Frames of an animation, all of one size.</summary>
    Frames,

    /// <summary>Pages of a document; sizes may differ.</summary>
    Pages,

    /// <summary>Ever coarser levels of one image.</summary>
    Levels,
}

/// <summary>A kind of file told from its first bytes, and the libvips operation that loads it.</summary>
internal sealed record VipsSignature(string Variant, string Loader, VipsPages Pages)
{
    private static readonly VipsSignature Png = new("PNG", "pngload", VipsPages.Single);
    private static readonly VipsSignature Jpeg = new("JPEG", "jpegload", VipsPages.Single);
    private static readonly VipsSignature Gif = new("GIF", "gifload", VipsPages.Frames);
    private static readonly VipsSignature WebP = new("WebP", "webpload", VipsPages.Frames);
    private static readonly VipsSignature Jpeg2000 = new("JPEG 2000", "jp2kload", VipsPages.Levels);
    private static readonly VipsSignature Heif = new("HEIF", "heifload", VipsPages.Pages);

    /// <summary>Levels of a slide are counted in a field of their own.</summary>
    public static VipsSignature Slide { get; } = new("whole slide", "openslideload", VipsPages.Levels);

    public static VipsSignature Tiff { get; } = new("TIFF", "tiffload", VipsPages.Pages);

    private static ReadOnlySpan<byte> Jp2Box => [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 13, 10, 0x87, 10];

    public static VipsSignature? Find(ReadOnlySpan<byte> header) =>
        header.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]) ? Png :
        header.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg :
        header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8) ? Gif :
        header.Length >= 12 && header.StartsWith("RIFF"u8) && header[8..].StartsWith("WEBP"u8) ? WebP :
        header.StartsWith(Jp2Box) || header.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) ? Jpeg2000 :
        IsHeif(header) ? Heif :
        IsTiff(header) ? Tiff :
        null;

    private static bool IsTiff(ReadOnlySpan<byte> header) =>
        // A DICOM file may begin with a TIFF's header, so that it is both.
        !(header.Length >= 132 && header.Slice(128, 4).SequenceEqual("DICM"u8)) && HasTiffMagic(header);

    private static bool HasTiffMagic(ReadOnlySpan<byte> header) =>
        header.StartsWith("II*\0"u8) || header.StartsWith("MM\0*"u8) || header.StartsWith("II+\0"u8) || header.StartsWith("MM\0+"u8);

    /// <summary>ISO base media: a <c>ftyp</c> box first, whose major brand is one of the still-image ones (ISO/IEC 23008-12, annex B; AVIF 1.1).</summary>
    private static bool IsHeif(ReadOnlySpan<byte> header)
    {
        if (header.Length < 12 || !header[4..].StartsWith("ftyp"u8))
            return false;
        var brand = header.Slice(8, 4);
        return brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8)
            || brand.SequenceEqual("msf1"u8) || brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8);
    }
}
