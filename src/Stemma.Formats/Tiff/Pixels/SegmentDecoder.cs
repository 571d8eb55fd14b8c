using Stemma.Formats.Tiff.Codecs;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Pixels;

/// <summary>Decodes one strip or tile to little-endian samples, C order (row, column, sample).</summary>
internal static class SegmentDecoder
{
    /// <param name="index">Segment number in the file's order: plane by plane, row by row.</param>
    /// <exception cref="MalformedFileException">Fewer pixels come out than the segment announces.</exception>
    public static byte[] Decode(TiffPage page, long index, long rows)
    {
        var storedBytes = checked(page.StoredRowBytes * rows);
        var decodedBytes = checked(page.SegmentWidth * page.SamplesTogether * page.SampleType.Bytes * rows);
        var source = page.File.Source;
        if (Math.Max(storedBytes, decodedBytes) > Array.MaxLength)
            throw new UnsupportedVariantException(source.Name, $"page {page.Number} has a strip or tile of {decodedBytes} bytes; at most {Array.MaxLength} are read");

        // Segments that are not in the file read as zero; PageCompleteness has said so in the image's description.
        if (index >= page.SegmentOffsets.Length || page.SegmentOffsets[index] <= 0 || page.SegmentOffsets[index] >= source.Length)
            return new byte[decodedBytes];
        var offset = page.SegmentOffsets[index];
        var available = source.Length - offset;
        var isCut = false;
        var declared = index < page.SegmentCounts.Length && page.SegmentCounts[index] > 0 ? page.SegmentCounts[index] : Math.Min(available, 2 * storedBytes + 1024);
        if (page.Compression == TiffCompression.None)
            declared = storedBytes;
        if (declared > available)
        {
            isCut = true;
            declared = available;
        }

        if (storedBytes / TiffCompression.MostExpansion(page.Compression) > declared + 1024)
        {
            if (!isCut)
                throw new MalformedFileException(source.Name, offset, $"a strip or tile of {storedBytes} bytes", $"{declared} coded bytes, which cannot hold so many");
            return new byte[decodedBytes];
        }

        var coded = source.ReadBytes(offset, declared);
        if (page.IsBitReversed)
            ReverseBits(coded);
        var stored = new byte[storedBytes];
        var count = Decompress(page.Compression, coded, stored);
        if (count < storedBytes && !isCut)
            throw new MalformedFileException(source.Name, offset, $"{storedBytes} decoded bytes in strip or tile {index} of page {page.Number}", $"{count} (the {TiffCompression.Name(page.Compression)} data is damaged)");

        return ToSamples(page, stored, rows, decodedBytes);
    }

    private static int Decompress(int compression, byte[] coded, byte[] stored)
    {
        switch (compression)
        {
            case TiffCompression.Lzw:
                return LzwDecoder.Decode(coded, stored);
            case TiffCompression.AdobeDeflate or TiffCompression.Deflate:
                return DeflateDecoder.Decode(coded, stored);
            case TiffCompression.PackBits:
                return PackBitsDecoder.Decode(coded, stored);
            default:
                coded.CopyTo(stored, 0);
                return coded.Length;
        }
    }

    private static byte[] ToSamples(TiffPage page, byte[] stored, long rows, long decodedBytes)
    {
        var rowBytes = (int)page.StoredRowBytes;
        var scratch = page.Predictor == 3 ? new byte[rowBytes] : [];
        var big = page.File.BigEndian;
        for (var row = 0; row < rows; row++)
        {
            var span = stored.AsSpan(row * rowBytes, rowBytes);
            if (page.Predictor == 3)
            {
                Predictor.JoinFloatPlanes(span, scratch, page.SamplesTogether, page.Bits / 8);
            }
            else if (page.IsStoredAsRead || page.Predictor == 2)
            {
                if (big)
                    Predictor.SwapBytes(span, page.Predictor == 2 ? page.Bits / 8 : page.SwapBytes);
                if (page.Predictor == 2)
                    Predictor.Accumulate(span, page.SamplesTogether, page.Bits / 8);
            }
        }

        if (page.IsStoredAsRead)
            return stored;

        var result = new byte[decodedBytes];
        var resultRow = (int)(decodedBytes / rows);
        var isBig = big && page.Predictor == 1;
        for (var row = 0; row < rows; row++)
        {
            var from = stored.AsSpan(row * rowBytes, rowBytes);
            var to = result.AsSpan(row * resultRow, resultRow);
            if (page.Format == 5)
                SampleUnpacker.ComplexIntegers(from, to, page.Bits / 2, isBig);
            else if (page.Format == 3)
                SampleUnpacker.Float24(from, to, isBig);
            else
                SampleUnpacker.Integers(from, to, page.Bits, page.SampleType.Bytes, page.Format == 2, isBig);
        }

        return result;
    }

    private static void ReverseBits(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            // Reverses eight bits with three swaps of neighbours, pairs and nibbles.
            var b = bytes[i];
            b = (byte)((b & 0x55) << 1 | b >> 1 & 0x55);
            b = (byte)((b & 0x33) << 2 | b >> 2 & 0x33);
            bytes[i] = (byte)(b << 4 | b >> 4);
        }
    }
}
