using Stemma.Imaging;

namespace Stemma.Formats.Vips;

/// <summary>Numbers of libvips' enumerations (VipsBandFormat, VipsInterpretation) in our terms.</summary>
internal static class VipsNumbers
{
    public const int Cmyk = 15;
    private const int Rgb = 17;
    private const int Srgb = 22;
    private const int Rgb16 = 25;

    private static readonly PixelType[] Types =
    [
        Imaging.PixelType.UInt8, Imaging.PixelType.Int8, Imaging.PixelType.UInt16, Imaging.PixelType.Int16, Imaging.PixelType.UInt32, Imaging.PixelType.Int32,
        Imaging.PixelType.Float32, Imaging.PixelType.Complex64, Imaging.PixelType.Float64, Imaging.PixelType.Complex128,
    ];

    /// <summary>Type of one band.</summary>
    public static PixelType PixelType(int format) =>
        format >= 0 && format < Types.Length ? Types[format] : throw new InvalidOperationException($"libvips gave an unknown band format, {format}.");

    public static int Bytes(int format) => PixelType(format).Bytes;

    /// <summary>The colour type of all bands together; null where the bands are no red, green, blue (and alpha).</summary>
    public static PixelType? Colour(PixelType band, int bands, int interpretation) =>
        interpretation is not (Rgb or Srgb or Rgb16) ? null : (band, bands) switch
        {
            (Imaging.PixelType.UInt8, 3) => Imaging.PixelType.Rgb8,
            (Imaging.PixelType.UInt8, 4) => Imaging.PixelType.Rgba8,
            (Imaging.PixelType.UInt16, 3) => Imaging.PixelType.Rgb16,
            (Imaging.PixelType.UInt16, 4) => Imaging.PixelType.Rgba16,
            _ => null,
        };
}
