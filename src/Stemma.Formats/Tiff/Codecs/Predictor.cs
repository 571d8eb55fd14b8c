using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Stemma.Formats.Tiff.Codecs;

/// <summary>Undoes the differencing that is done before compression (TIFF 6.0 section 14; Adobe technical note 3 for floating point).</summary>
internal static class Predictor
{
    /// <summary>Predictor 2 on one row of little-endian samples: each is the sum of the differences before it.</summary>
    /// <param name="samples">Samples per pixel in the row; a difference reaches back by so many.</param>
    /// <param name="bytes">Bytes of a sample: 1, 2, 4 or 8.</param>
    public static void Accumulate(Span<byte> row, int samples, int bytes)
    {
        switch (bytes)
        {
            case 1:
                for (var i = samples; i < row.Length; i++)
                    row[i] += row[i - samples];
                break;
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(row);
                for (var i = samples; i < shorts.Length; i++)
                    shorts[i] += shorts[i - samples];
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(row);
                for (var i = samples; i < ints.Length; i++)
                    ints[i] += ints[i - samples];
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(row);
                for (var i = samples; i < longs.Length; i++)
                    longs[i] += longs[i - samples];
                break;
        }
    }

    /// <summary>
    /// Predictor 3 on one row: the bytes were sorted into planes, most significant first, and differenced. The result is little-endian, whatever the file's order.
    /// </summary>
    public static void JoinFloatPlanes(Span<byte> row, Span<byte> scratch, int samples, int bytes)
    {
        for (var i = samples; i < row.Length; i++)
            row[i] += row[i - samples];
        row.CopyTo(scratch);
        var count = row.Length / bytes;
        for (var value = 0; value < count; value++)
            for (var part = 0; part < bytes; part++)
                row[value * bytes + part] = scratch[(bytes - 1 - part) * count + value];
    }

    /// <summary>Turns big-endian samples into little-endian ones in place.</summary>
    public static void SwapBytes(Span<byte> row, int bytes)
    {
        switch (bytes)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(row);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(row);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(row);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
