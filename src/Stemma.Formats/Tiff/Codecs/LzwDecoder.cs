namespace Stemma.Formats.Tiff.Codecs;

/// <summary>
/// LZW as in TIFF 6.0 section 13: codes of 9 to 12 bits, most significant bit first, code width raised one code early.
/// Files of before 1988 pack the codes least significant bit first and raise the width in time; they are told by their first clear code.
/// </summary>
internal static class LzwDecoder
{
    private const int Clear = 256;
    private const int End = 257;
    private const int MostCodes = 4096;

    /// <summary>Decodes until <paramref name="destination"/> is full, the end code, the end of the input, or a code that cannot be. Returns the bytes written.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var isOld = source.Length >= 2 && source[0] == 0 && (source[1] & 1) == 1;
        var prefix = new ushort[MostCodes];
        var suffix = new byte[MostCodes];
        var lengths = new ushort[MostCodes];
        for (var i = 0; i < 256; i++)
        {
            suffix[i] = (byte)i;
            lengths[i] = 1;
        }

        int next = 258, width = 9, previous = -1, written = 0;
        uint bits = 0;
        int held = 0, position = 0;
        while (written < destination.Length)
        {
            while (held < width && position < source.Length)
            {
                bits = isOld ? bits | (uint)source[position] << held : bits << 8 | source[position];
                position++;
                held += 8;
            }

            if (held < width)
                break;
            int code;
            if (isOld)
            {
                code = (int)(bits & (1u << width) - 1);
                bits >>= width;
            }
            else
            {
                code = (int)(bits >> held - width & (1u << width) - 1);
            }

            held -= width;
            if (code == End)
                break;
            if (code == Clear)
            {
                next = 258;
                width = 9;
                previous = -1;
                continue;
            }

            if (previous < 0)
            {
                if (code > 255)
                    break;
                destination[written++] = (byte)code;
                previous = code;
                continue;
            }

            if (code > next || code == next && next >= MostCodes)
                break;
            // The string to write is that of the code, or, for the code about to be made, the previous string with its own first byte after it.
            var known = code < next ? code : previous;
            int length = lengths[known];
            var first = WriteString(known, length, prefix, suffix, destination, written);
            written = Math.Min(destination.Length, written + length);
            if (code == next && written < destination.Length)
                destination[written++] = first;

            if (next < MostCodes)
            {
                prefix[next] = (ushort)previous;
                suffix[next] = first;
                lengths[next] = (ushort)(lengths[previous] + 1);
                next++;
                if (width < 12 && next >= (1 << width) - (isOld ? 0 : 1))
                    width++;
            }

            previous = code;
        }

        return written;
    }

    /// <summary>Writes the string of a code backwards into its place, cut at the end of the destination; returns its first byte.</summary>
    private static byte WriteString(int code, int length, ushort[] prefix, byte[] suffix, Span<byte> destination, int start)
    {
        for (var at = start + length - 1; at > start; at--)
        {
            if (at < destination.Length)
                destination[at] = suffix[code];
            code = prefix[code];
        }

        destination[start] = suffix[code];
        return suffix[code];
    }
}
