using System.IO.Compression;

namespace Stemma.Formats.Tiff.Codecs;

/// <summary>Deflate in a zlib wrapper (Adobe Photoshop TIFF technical notes, 2002).</summary>
internal static class DeflateDecoder
{
    /// <summary>Decodes until either side ends or the stream turns out damaged; returns the bytes written.</summary>
    public static int Decode(byte[] source, Span<byte> destination)
    {
        var written = 0;
        try
        {
            using var stream = new ZLibStream(new MemoryStream(source, writable: false), CompressionMode.Decompress);
            while (written < destination.Length && stream.Read(destination[written..]) is > 0 and var count)
                written += count;
        }
        catch (InvalidDataException)
        {
            // What was decoded before the damage stays; the caller sees that it is too little.
        }

        return written;
    }
}
