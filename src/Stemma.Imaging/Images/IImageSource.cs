namespace Stemma.Imaging;

/// <summary>What is known of an image without reading its pixels.</summary>
/// <param name="Title">The image's own name in its file; null where it has none.</param>
/// <param name="Axes">Axes in array (C) order, slowest first. Colour channels of an RGB pixel type are no axis.</param>
public sealed record ImageDescription(string? Title, PixelType PixelType, IReadOnlyList<Axis> Axes)
{
    /// <summary>Sizes of <see cref="Axes"/>, slowest first.</summary>
    public long[] Shape => [.. Axes.Select(axis => axis.Size)];

    /// <summary>Set where fewer pixels are in the file than announced; says what is missing. Missing pixels read as zero.</summary>
    public string? Partial { get; init; }
}

/// <summary>An n-dimensional image read by region. Memory does not grow with the image.</summary>
public interface IImageSource
{
    ImageDescription Description { get; }

    /// <summary>
    /// Reads a region into <paramref name="destination"/>: C order, little-endian, tightly packed.
    /// A region of any size and place inside the image gives exactly the crop of the whole.
    /// </summary>
    /// <param name="destination">At least <c>region.PixelCount · PixelType.Bytes</c> bytes.</param>
    /// <exception cref="ArgumentException">The region is not inside the image, or the destination too small.</exception>
    ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default);
}
