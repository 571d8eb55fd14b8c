namespace Stemma.Formats.Tiff.Codecs;

/// <summary>Byte-oriented run lengths (TIFF 6.0 section 9).</summary>
internal static class PackBitsDecoder
{
    /// <summary>Decodes until either side ends; returns the bytes written.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int position = 0, written = 0;
        while (position < source.Length && written < destination.Length)
        {
            int header = (sbyte)source[position++];
            if (header >= 0)
            {
                var count = Math.Min(Math.Min(header + 1, source.Length - position), destination.Length - written);
                source.Slice(position, count).CopyTo(destination[written..]);
                position += count;
                written += count;
            }
            else if (header != -128 && position < source.Length)
            {
                var count = Math.Min(1 - header, destination.Length - written);
                destination.Slice(written, count).Fill(source[position++]);
                written += count;
            }
        }

        return written;
    }
}
