namespace Stemma.Formats.Tiff.Codecs;

/// <summary>Values of the Compression tag: which are decoded here, and the names of the others.</summary>
internal static class TiffCompression
{
    public const int None = 1;
    public const int Lzw = 5;
    public const int AdobeDeflate = 8;
    public const int Deflate = 32946;
    public const int PackBits = 32773;

    public static bool IsSupported(long compression) => compression is None or Lzw or AdobeDeflate or Deflate or PackBits;

    /// <summary>The predictor belongs to the codec: only these apply it.</summary>
    public static bool UsesPredictor(long compression) => compression is Lzw or AdobeDeflate or Deflate;

    /// <summary>
    /// Most decoded bytes that one coded byte can stand for: deflate 1032 (a 258-byte match in two bits), LZW a string of at most 4096 bytes in nine bits,
    /// PackBits 128 in two bytes. What declares more is refused before anything is allocated.
    /// </summary>
    public static long MostExpansion(long compression) => compression switch
    {
        AdobeDeflate or Deflate => 1040,
        Lzw => 4096,
        PackBits => 64,
        _ => 1,
    };

    public static string Name(long compression) => compression switch
    {
        None => "none",
        2 => "CCITT RLE",
        3 => "CCITT T.4 (fax)",
        4 => "CCITT T.6 (fax)",
        Lzw => "LZW",
        6 => "old-style JPEG",
        7 => "JPEG",
        AdobeDeflate or Deflate => "deflate",
        9 or 10 => "JBIG",
        PackBits => "PackBits",
        22610 or 34934 => "JPEG XR",
        32809 => "ThunderScan",
        33003 or 33005 => "JPEG 2000 (Aperio)",
        34661 => "JBIG",
        34676 or 34677 => "SGI LogLuv",
        34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50000 => "Zstandard",
        50001 => "WebP",
        50002 or 52546 => "JPEG XL",
        _ => "unknown",
    };
}
