using System.Buffers;
using System.Buffers.Binary;
using Stemma.Formats.Binary;
using Stemma.Imaging;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// Unfolds a packed complex image: the Fourier transform of a real image, of which DM stores one half, since F(−v, −u) is the
/// conjugate of F(v, u). The zero frequency is at (height/2, width/2).
/// <see cref="DmLayout.PackedSquare"/> (even sizes) keeps columns u ≥ 0 as complex numbers from (v, 0) on; column 0 of the upper half holds the
/// column of the highest frequency, and the four values that must be real share the two first numbers of rows 0 and height/2.
/// <see cref="DmLayout.PackedHalf"/> keeps width/2 + 1 complex columns from u = 0 down to the most negative frequency.
/// </summary>
internal sealed class PackedComplexImageSource(ByteSource file, DmImage image, ImageDescription description, bool littleEndian) : IImageSource
{
    private readonly long _width = image.Dimensions[0];
    private readonly long _height = image.Dimensions[1];
    private readonly int _number = image.PixelType.ChannelType.Bytes;

    public ImageDescription Description { get; } = description;

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        region.CheckInside(Description.Shape);
        var pixelBytes = Description.PixelType.Bytes;
        var total = checked(region.PixelCount * pixelBytes);
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));
        var rows = new Row[3];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new Row(ArrayPool<byte>.Shared.Rent(checked((int)RowBytes)));
        try
        {
            var target = destination.Span[..(int)total];
            for (long y = 0; y < region.Size[0]; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (long x = 0; x < region.Size[1]; x++)
                {
                    WritePixel(region.Origin[0] + y, region.Origin[1] + x, target[..pixelBytes], rows);
                    target = target[pixelBytes..];
                }
            }
        }
        finally
        {
            foreach (var row in rows)
                ArrayPool<byte>.Shared.Return(row.Bytes);
        }

        return ValueTask.CompletedTask;
    }

    private long RowBytes => image.Layout == DmLayout.PackedSquare ? _width * _number : (_width / 2 + 1) * 2 * _number;

    private void WritePixel(long v, long u, Span<byte> target, Row[] rows)
    {
        var (row, real, imaginary, conjugate) = image.Layout == DmLayout.PackedSquare ? PlaceInSquare(v, u) : PlaceInHalf(v, u);
        WriteNumber(Load(rows, row), real, false, target[.._number]);
        if (imaginary is { } place)
            WriteNumber(Load(rows, row), place, conjugate, target[_number..]);
        else
            target[_number..].Clear();
    }

    /// <summary>Row and positions within it, counted in numbers; no imaginary position means a real value.</summary>
    private (long Row, long Real, long? Imaginary, bool Conjugate) PlaceInSquare(long v, long u)
    {
        var (centreX, centreY) = (_width / 2, _height / 2);
        if (u > centreX)
            return (v, 2 * (u - centreX), 2 * (u - centreX) + 1, false);
        if (u > 0 && u < centreX)
            return Conjugate(PlaceInSquare((_height - v) % _height, _width - u));
        if (v == 0 || v == centreY)
            return (u == 0 ? 0 : centreY, v == centreY ? 0 : 1, null, false);
        if (v < centreY)
            return Conjugate(PlaceInSquare(_height - v, u));
        return u == 0 ? (v - centreY, 0, 1, false) : (v, 0, 1, false);
    }

    private (long Row, long Real, long? Imaginary, bool Conjugate) PlaceInHalf(long v, long u)
    {
        var (centreX, centreY) = (_width / 2, _height / 2);
        return u <= centreX
            ? (v, 2 * (centreX - u), 2 * (centreX - u) + 1, false)
            : ((2 * centreY - v + _height) % _height, 2 * (u - centreX), 2 * (u - centreX) + 1, true);
    }

    private static (long, long, long?, bool) Conjugate((long Row, long Real, long? Imaginary, bool Conjugate) place) =>
        (place.Row, place.Real, place.Imaginary, !place.Conjugate);

    /// <summary>Three rows in hand are enough for one row of the image: its own, its mirror, and one of the highest frequency.</summary>
    private ReadOnlySpan<byte> Load(Row[] rows, long index)
    {
        var row = rows[0];
        foreach (var candidate in rows)
        {
            if (candidate.Index == index)
                return candidate.Bytes;
            if (candidate.Used < row.Used)
                row = candidate;
        }

        file.Read(image.Data.Offset + index * RowBytes, row.Bytes.AsSpan(0, (int)RowBytes));
        row.Index = index;
        row.Used = rows.Max(other => other.Used) + 1;
        return row.Bytes;
    }

    private void WriteNumber(ReadOnlySpan<byte> row, long place, bool negate, Span<byte> target)
    {
        var bytes = row.Slice((int)place * _number, _number);
        if (_number == 4)
        {
            var value = littleEndian ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes);
            BinaryPrimitives.WriteSingleLittleEndian(target, negate ? -value : value);
        }
        else
        {
            var value = littleEndian ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
            BinaryPrimitives.WriteDoubleLittleEndian(target, negate ? -value : value);
        }
    }

    private sealed class Row(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;
        public long Index { get; set; } = -1;
        public long Used { get; set; }
    }
}
