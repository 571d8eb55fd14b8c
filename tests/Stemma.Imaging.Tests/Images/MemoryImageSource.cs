namespace Stemma.Imaging.Tests;

/// <summary>An image that lies in memory: little-endian, C order of its axes, tightly packed.</summary>
internal sealed class MemoryImageSource : IImageSource
{
    private readonly ReadOnlyMemory<byte> _pixels;

    /// <exception cref="ArgumentException">The pixels are not as many as the description says.</exception>
    public MemoryImageSource(ImageDescription description, ReadOnlyMemory<byte> pixels)
    {
        var expected = description.Shape.Aggregate((long)description.PixelType.Bytes, (bytes, size) => checked(bytes * size));
        if (pixels.Length != expected)
            throw new ArgumentException($"Expected {expected} bytes of pixels, but received {pixels.Length}.", nameof(pixels));
        (Description, _pixels) = (description, pixels);
    }

    public ImageDescription Description { get; }

    /// <summary>All pixels.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var shape = Description.Shape;
        region.CheckInside(shape);
        var pixelBytes = Description.PixelType.Bytes;
        if (destination.Length < region.PixelCount * pixelBytes)
            throw new ArgumentException($"The region needs {region.PixelCount * pixelBytes} bytes, but the destination has {destination.Length}.", nameof(destination));
        cancellationToken.ThrowIfCancellationRequested();

        var rank = region.Rank;
        var run = rank == 0 ? pixelBytes : (int)region.Size[^1] * pixelBytes;
        var index = new long[rank];
        for (var done = 0; done < region.PixelCount * pixelBytes; done += run)
        {
            long at = 0;
            for (var axis = 0; axis < rank; axis++)
                at = (at * shape[axis]) + region.Origin[axis] + index[axis];
            _pixels.Span.Slice((int)(at * pixelBytes), run).CopyTo(destination.Span[done..]);
            for (var axis = rank - 2; axis >= 0 && ++index[axis] == region.Size[axis]; axis--)
                index[axis] = 0;
        }

        return ValueTask.CompletedTask;
    }
}
