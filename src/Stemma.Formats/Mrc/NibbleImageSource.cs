using System.Buffers;
using Stemma.Imaging;

namespace Stemma.Formats.Mrc;

/// <summary>Pixels of 4 bits (mode 101), two per byte with the first in the low half, unpacked to bytes. Rows begin at whole bytes.</summary>
/// <param name="packed">The same image with bytes instead of columns.</param>
internal sealed class NibbleImageSource(IImageSource packed, ImageDescription description) : IImageSource
{
    public ImageDescription Description { get; } = description;

    public async ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        region.CheckInside(Description.Shape);
        var total = checked((int)region.PixelCount);
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));
        long[] origin = [.. region.Origin], size = [.. region.Size];
        var (first, columns) = (origin[^1], (int)size[^1]);
        origin[^1] = first / 2;
        size[^1] = (first + columns - 1) / 2 - first / 2 + 1;
        var packedRegion = new Region(origin, size);
        var bytes = checked((int)packedRegion.PixelCount);
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            await packed.ReadAsync(packedRegion, buffer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
            Unpack(buffer, (int)size[^1], destination.Span[..total], (int)(first % 2), columns);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> rows, int rowBytes, Span<byte> pixels, int skip, int columns)
    {
        for (; !pixels.IsEmpty; pixels = pixels[columns..], rows = rows[rowBytes..])
            for (var x = 0; x < columns; x++)
                pixels[x] = (byte)(rows[(x + skip) / 2] >> ((x + skip) % 2 * 4) & 15);
    }
}
