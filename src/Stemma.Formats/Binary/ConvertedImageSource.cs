using System.Buffers;
using Stemma.Imaging;

namespace Stemma.Formats.Binary;

/// <summary>Turns stored numbers into pixels: from as many bytes as the region has in the file to as many as it has in the image.</summary>
public delegate void PixelConversion(ReadOnlySpan<byte> stored, Span<byte> pixels);

/// <summary>
/// An image whose pixels are stored in another type than they are handed out, one by one convertible. The stored image has the
/// same axes, or one more at the end where a pixel is made of several stored numbers.
/// </summary>
public sealed class ConvertedImageSource(IImageSource stored, ImageDescription description, PixelConversion convert) : IImageSource
{
    public ImageDescription Description { get; } = description;

    public async ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        region.CheckInside(Description.Shape);
        var total = checked((int)(region.PixelCount * Description.PixelType.Bytes));
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));
        var storedRegion = StoredRegion(region);
        var storedBytes = checked((int)(storedRegion.PixelCount * stored.Description.PixelType.Bytes));
        var buffer = ArrayPool<byte>.Shared.Rent(storedBytes);
        try
        {
            await stored.ReadAsync(storedRegion, buffer.AsMemory(0, storedBytes), cancellationToken).ConfigureAwait(false);
            convert(buffer.AsSpan(0, storedBytes), destination.Span[..total]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Region StoredRegion(Region region)
    {
        var shape = stored.Description.Shape;
        if (shape.Length == region.Rank)
            return region;
        return new Region([.. region.Origin, 0], [.. region.Size, shape[^1]]);
    }
}
