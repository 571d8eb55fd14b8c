using System.Buffers.Binary;
using Stemma.Imaging;

namespace Stemma.Formats.Binary;

/// <summary>
/// An image whose pixels lie uncompressed in one run of a file, in C order of <see cref="Description"/>'s axes or along given strides.
/// Reads only the rows that a region touches.
/// </summary>
public sealed class RawImageSource : IImageSource
{
    private readonly ByteSource _file;
    private readonly long _offset;
    private readonly bool _bigEndian;
    private readonly long[] _strides;
    private readonly long _end;

    /// <param name="offset">Byte offset of the pixel with all indices zero.</param>
    /// <param name="strides">Bytes between neighbours along each axis, in the axes' order; null means tightly packed C order.</param>
    /// <param name="end">Offset behind the last byte that can belong to the pixels of a partial image; null means the end of the file.</param>
    public RawImageSource(ByteSource file, long offset, ImageDescription description, bool bigEndian = false, IReadOnlyList<long>? strides = null, long? end = null)
    {
        _file = file;
        _offset = offset;
        _bigEndian = bigEndian;
        Description = description;
        _strides = strides?.ToArray() ?? Packed(description);
        _end = Math.Min(end ?? file.Length, file.Length);
    }

    public ImageDescription Description { get; }

    public static long[] Packed(ImageDescription description)
    {
        var strides = new long[description.Axes.Count];
        long step = description.PixelType.Bytes;
        for (var axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step = checked(step * description.Axes[axis].Size);
        }

        return strides;
    }

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        region.CheckInside(Description.Shape);
        var pixelBytes = Description.PixelType.Bytes;
        var total = checked(region.PixelCount * pixelBytes);
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));

        // Trailing axes that are read whole and lie packed form one run.
        var shape = Description.Shape;
        var first = region.Rank;
        long run = pixelBytes;
        while (first > 0 && _strides[first - 1] == run && (first == region.Rank || region.Size[first] == shape[first]))
            run *= region.Size[--first];

        var index = new long[first];
        var target = destination.Span[..(int)total];
        for (long done = 0; done < total; done += run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var position = _offset;
            for (var axis = 0; axis < region.Rank; axis++)
                position += (region.Origin[axis] + (axis < first ? index[axis] : 0)) * _strides[axis];
            ReadOrZero(position, target.Slice((int)done, (int)run));
            for (var axis = first - 1; axis >= 0 && ++index[axis] == region.Size[axis]; axis--)
                index[axis] = 0;
        }

        if (_bigEndian)
            SwapBytes(target, Description.PixelType.ChannelType.Bytes);
        return ValueTask.CompletedTask;
    }

    /// <summary>Pixels beyond the end of a truncated file are zero; the description says so (<see cref="ImageDescription.Partial"/>).</summary>
    private void ReadOrZero(long position, Span<byte> target)
    {
        var available = Description.Partial is null ? target.Length : (int)Math.Clamp(_end - position, 0, target.Length);
        if (available > 0)
            _file.Read(position, target[..available]);
        target[available..].Clear();
    }

    private static void SwapBytes(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
