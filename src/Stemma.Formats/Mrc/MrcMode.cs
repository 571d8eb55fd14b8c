using Stemma.Imaging;

namespace Stemma.Formats.Mrc;

/// <summary>The <c>mode</c> of an MRC file: how a pixel is stored, and in which type it is handed out.</summary>
internal static class MrcMode
{
    public static bool IsKnown(int mode) => mode is 0 or 1 or 2 or 3 or 4 or 6 or 12 or 16 or 101;

    /// <summary>Bytes of one row of <paramref name="columns"/> pixels; rows of 4-bit pixels are padded to whole bytes.</summary>
    public static long RowBytes(int mode, long columns) => mode switch
    {
        0 => columns,
        1 or 6 or 12 => 2 * columns,
        2 or 3 => 4 * columns,
        4 => 8 * columns,
        16 => 3 * columns,
        _ => (columns + 1) / 2,
    };

    public static PixelType PixelType(MrcHeader header) => header.Mode switch
    {
        0 => BytesAreUnsigned(header) ? Imaging.PixelType.UInt8 : Imaging.PixelType.Int8,
        1 => Imaging.PixelType.Int16,
        2 => Imaging.PixelType.Float32,
        3 or 4 => Imaging.PixelType.Complex64,
        6 => Imaging.PixelType.UInt16,
        12 => Imaging.PixelType.Float16,
        16 => Imaging.PixelType.Rgb8,
        _ => Imaging.PixelType.UInt8,
    };

    /// <summary>
    /// MRC2014 says signed; IMOD wrote unsigned bytes before 2014 and says in its flags what it does since. A recorded maximum beyond 127
    /// is proof as well (mrcfile issue 69).
    /// </summary>
    public static bool BytesAreUnsigned(MrcHeader header) =>
        header.ImodFlags is { } flags ? (flags & 1) == 0 : header.Dmin >= 0 && header.Dmax is > 127 and <= 255;
}
