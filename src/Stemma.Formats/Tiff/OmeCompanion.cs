namespace Stemma.Formats.Tiff;

/// <summary>Recognises a <c>.companion.ome</c> file: OME-XML that describes TIFF files beside it.</summary>
internal static class OmeCompanion
{
    public static bool Is(ReadOnlySpan<byte> header)
    {
        if (header.StartsWith("\uFEFF"u8))
            header = header[3..];
        header = header.TrimStart(" \t\r\n"u8);
        return header.StartsWith("<"u8) && (header.IndexOf("<OME "u8) >= 0 || header.IndexOf("<OME:OME "u8) >= 0);
    }
}
