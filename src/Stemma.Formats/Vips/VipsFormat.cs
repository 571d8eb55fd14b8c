using Stemma.Formats.Native;

namespace Stemma.Formats.Vips;

/// <summary>
/// General rasters through libvips: PNG, JPEG, GIF, WebP, JPEG 2000, HEIF, whole slides (OpenSlide), and the TIFF compressions that our own reader leaves out.
/// To be asked last: it takes any TIFF.
/// </summary>
/// <remarks>
/// Grey stays grey, 16 bit stays 16 bit, palettes become RGB, CMYK becomes sRGB; a grey image with transparency is two images. Nothing is rotated, colour managed or scaled.
/// </remarks>
public sealed class VipsFormat : IFormat
{
    public string Id => "vips";

    public string Name => "Raster image";

    public string ReaderVersion => "1";

    public string MappingVersion => "1";

    public bool TryDetect(ReadOnlySpan<byte> header, string fileName) => VipsSignature.Find(header) is not null;

    /// <exception cref="NativeLibraryMissingException">libvips is not installed.</exception>
    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new VipsReader(this, input.Primary).Read());
    }
}
