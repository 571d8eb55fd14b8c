using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>Writes baseline JPEG through libjpeg-turbo. Encoders are cheap and made per call; the class is safe to share.</summary>
public static class JpegEncoder
{
    /// <summary>Quality of picture-wall thumbnails, of 1–100.</summary>
    public const int ThumbnailQuality = 85;

    /// <summary>Quality of large previews, of 1–100.</summary>
    public const int PreviewQuality = 90;

    /// <summary>Largest width or height that a JPEG can have.</summary>
    public const int MaxEdge = 65535;

    /// <param name="pixels">Rows from the top, tightly packed; 1 (grey) or 3 (RGB) bytes per pixel.</param>
    /// <param name="quality">1–100. From 90 on colour keeps its full resolution; below, it is halved in both directions.</param>
    /// <exception cref="ArgumentException">Sizes do not fit each other, or JPEG.</exception>
    /// <exception cref="NativeLibraryMissingException">libjpeg-turbo is not installed.</exception>
    public static unsafe byte[] Encode(int width, int height, int channels, ReadOnlySpan<byte> pixels, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (width is < 1 or > MaxEdge || height is < 1 or > MaxEdge)
            throw new ArgumentException($"A JPEG is 1 to {MaxEdge} pixels wide and high, not {width} × {height}.");
        if (channels is not (1 or 3))
            throw new ArgumentException($"A JPEG has 1 or 3 channels, not {channels}.", nameof(channels));
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"Expected {(long)width * height * channels} bytes of pixels, but received {pixels.Length}.", nameof(pixels));

        nint encoder;
        try
        {
            encoder = LibTurboJpeg.InitCompress();
        }
        catch (DllNotFoundException missing)
        {
            throw new NativeLibraryMissingException(LibTurboJpeg.Library, LibTurboJpeg.Package, missing);
        }

        try
        {
            var sampling = channels == 1 ? LibTurboJpeg.SamplingGray : quality >= 90 ? LibTurboJpeg.Sampling444 : LibTurboJpeg.Sampling420;
            var size = LibTurboJpeg.BufferSize(width, height, sampling);
            var buffer = GC.AllocateUninitializedArray<byte>(checked((int)size));
            fixed (byte* source = pixels, destination = buffer)
            {
                var target = destination;
                var format = channels == 1 ? LibTurboJpeg.PixelsGray : LibTurboJpeg.PixelsRgb;
                if (LibTurboJpeg.Compress(encoder, source, width, 0, height, format, &target, &size, sampling, quality, LibTurboJpeg.NoReallocation) != 0)
                    throw new InvalidOperationException($"libjpeg-turbo: {Marshal.PtrToStringUTF8(LibTurboJpeg.Error(encoder))}");
            }

            return buffer[..(int)size];
        }
        finally
        {
            _ = LibTurboJpeg.Destroy(encoder);
        }
    }
}
