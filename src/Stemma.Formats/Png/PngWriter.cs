using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Stemma.Formats.Png;

/// <summary>What a PNG says beside its pixels.</summary>
/// <param name="PixelSizeMetres">Edge of a (square) pixel, written as <c>pHYs</c> in whole pixels per metre; null leaves the image uncalibrated.</param>
/// <param name="Text">Keyword and text pairs, written as UTF-8 <c>iTXt</c> chunks; keywords have 1–79 Latin-1 characters.</param>
public sealed record PngMetadata(double? PixelSizeMetres = null, IReadOnlyList<(string Keyword, string Text)>? Text = null);

/// <summary>
/// Writes PNG: grey or RGB, 8 or 16 bit, not interlaced. The same pixels always give the same bytes.
/// Source: PNG specification, third edition (W3C, 2025), sections 5, 9 and 11.
/// </summary>
public static class PngWriter
{
    private const byte FilterNone = 0;
    private const byte FilterUp = 2;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    /// <param name="bitDepth">8, or 16 (little-endian samples, as everywhere in Stemma).</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="pixels">Rows from the top, tightly packed.</param>
    /// <exception cref="ArgumentException">Sizes do not fit each other.</exception>
    public static byte[] Encode(int width, int height, int channels, int bitDepth, ReadOnlySpan<byte> pixels, PngMetadata? metadata = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
            throw new ArgumentException($"Expected 1 or 3 channels, but received {channels}.", nameof(channels));
        if (bitDepth is not (8 or 16))
            throw new ArgumentException($"Expected a bit depth of 8 or 16, but received {bitDepth}.", nameof(bitDepth));
        var rowBytes = checked(width * channels * (bitDepth / 8));
        if (pixels.Length != (long)rowBytes * height)
            throw new ArgumentException($"Expected {(long)rowBytes * height} bytes of pixels, but received {pixels.Length}.", nameof(pixels));

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        if (metadata?.PixelSizeMetres is { } size)
            WriteChunk(file, "pHYs"u8, PhysicalSize(size));
        foreach (var (keyword, text) in metadata?.Text ?? [])
            WriteChunk(file, "iTXt"u8, [.. Encoding.Latin1.GetBytes(keyword), 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
        WriteChunk(file, "IDAT"u8, Compress(pixels, rowBytes, bitDepth == 16));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] PhysicalSize(double metres)
    {
        var perMetre = Math.Round(1 / metres);
        if (!(perMetre is >= 1 and <= int.MaxValue))
            throw new ArgumentException($"A PNG cannot hold a pixel size of {metres} m; it must lie between {1.0 / int.MaxValue} and 1 m.", nameof(metres));
        var chunk = new byte[9];
        BinaryPrimitives.WriteInt32BigEndian(chunk, (int)perMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(4), (int)perMetre);
        chunk[8] = 1;
        return chunk;
    }

    /// <summary>The difference to the row above suits smooth images and drawings alike, and costs nothing to choose.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowBytes, bool swap)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var above = new byte[rowBytes];
            var row = new byte[rowBytes];
            var filtered = new byte[rowBytes + 1];
            for (var start = 0; start < pixels.Length; start += rowBytes)
            {
                pixels.Slice(start, rowBytes).CopyTo(row);
                if (swap)
                    for (var i = 0; i < rowBytes; i += 2)
                        (row[i], row[i + 1]) = (row[i + 1], row[i]);
                filtered[0] = start == 0 ? FilterNone : FilterUp;
                for (var i = 0; i < rowBytes; i++)
                    filtered[i + 1] = (byte)(row[i] - above[i]);
                zlib.Write(filtered);
                (row, above) = (above, row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = Crc(Crc(0xFFFFFFFF, type), data) ^ 0xFFFFFFFF;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
