using System.Buffers.Binary;

namespace Stemma.Formats.Tiff.Codecs;

/// <summary>Widens samples that no machine type fits (1 to 7, 9 to 15, 24 … bits, 24-bit floats, complex integers) to the next type that does. Exact.</summary>
internal static class SampleUnpacker
{
    /// <summary>Unpacks unsigned or signed integers of any width from one row.</summary>
    /// <param name="source">One row; sample 0 begins at its first bit. Widths of whole bytes are in the file's byte order, others are most significant bit first.</param>
    /// <param name="bytes">Bytes of a sample in <paramref name="destination"/>, which is little-endian.</param>
    public static void Integers(ReadOnlySpan<byte> source, Span<byte> destination, int bits, int bytes, bool isSigned, bool bigEndian)
    {
        var count = destination.Length / bytes;
        var wholeBytes = bits % 8 == 0 ? bits / 8 : 0;
        long at = 0;
        for (var i = 0; i < count; i++)
        {
            ulong value = 0;
            if (wholeBytes > 0)
            {
                for (var part = 0; part < wholeBytes; part++)
                    value = value << 8 | source[i * wholeBytes + (bigEndian ? part : wholeBytes - 1 - part)];
            }
            else
            {
                for (var left = bits; left > 0;)
                {
                    var free = 8 - (int)(at & 7);
                    var take = Math.Min(free, left);
                    value = value << take | (uint)(source[(int)(at >> 3)] >> free - take & (1 << take) - 1);
                    at += take;
                    left -= take;
                }
            }

            if (isSigned && bits < 64 && (value >> bits - 1 & 1) == 1)
                value |= ulong.MaxValue << bits;
            for (var part = 0; part < bytes; part++)
                destination[i * bytes + part] = (byte)(value >> 8 * part);
        }
    }

    /// <summary>Widens little-endian 24-bit floats (1 sign, 7 exponent, 16 mantissa bits) to float32.</summary>
    public static void Float24(ReadOnlySpan<byte> source, Span<byte> destination, bool bigEndian)
    {
        for (var i = 0; i < destination.Length / 4; i++)
        {
            var at = source.Slice(i * 3, 3);
            var raw = bigEndian ? at[0] << 16 | at[1] << 8 | at[2] : at[2] << 16 | at[1] << 8 | at[0];
            var mantissa = raw & 0xFFFF;
            var exponent = raw >> 16 & 0x7F;
            double magnitude = exponent switch
            {
                0 => Math.ScaleB(mantissa, -62 - 16),
                127 => mantissa == 0 ? double.PositiveInfinity : double.NaN,
                _ => Math.ScaleB(0x10000 + mantissa, exponent - 63 - 16),
            };
            BinaryPrimitives.WriteSingleLittleEndian(destination[(i * 4)..], (float)((raw & 0x800000) != 0 ? -magnitude : magnitude));
        }
    }

    /// <summary>Turns integer parts of complex numbers into floating ones: 8 and 16 bits into float32, 32 bits into float64.</summary>
    public static void ComplexIntegers(ReadOnlySpan<byte> source, Span<byte> destination, int partBits, bool bigEndian)
    {
        var bytes = partBits / 8;
        var target = partBits == 32 ? 8 : 4;
        for (var i = 0; i < destination.Length / target; i++)
        {
            var at = source.Slice(i * bytes, bytes);
            int value = (partBits, bigEndian) switch
            {
                (8, _) => (sbyte)at[0],
                (16, true) => BinaryPrimitives.ReadInt16BigEndian(at),
                (16, false) => BinaryPrimitives.ReadInt16LittleEndian(at),
                (_, true) => BinaryPrimitives.ReadInt32BigEndian(at),
                (_, false) => BinaryPrimitives.ReadInt32LittleEndian(at),
            };
            if (target == 8)
                BinaryPrimitives.WriteDoubleLittleEndian(destination[(i * 8)..], value);
            else
                BinaryPrimitives.WriteSingleLittleEndian(destination[(i * 4)..], value);
        }
    }
}
