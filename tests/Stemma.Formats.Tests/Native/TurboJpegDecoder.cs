using System.Runtime.InteropServices;

namespace Stemma.Formats.Tests.Native;

/// <summary>libjpeg-turbo's own decoder, called directly: the truth for JPEG pixels.</summary>
internal static unsafe partial class TurboJpegDecoder
{
    private const string Library = "libturbojpeg.so.0";

    public static (int Width, int Height, byte[] Pixels) Decode(ReadOnlySpan<byte> jpeg, int channels)
    {
        var decoder = InitDecompress();
        try
        {
            fixed (byte* source = jpeg)
            {
                DecompressHeader(decoder, source, (nuint)jpeg.Length, out var width, out var height, out _, out _).ShouldBe(0);
                var pixels = new byte[width * height * channels];
                fixed (byte* target = pixels)
                    Decompress(decoder, source, (nuint)jpeg.Length, target, width, 0, height, channels == 1 ? 6 : 0, 0).ShouldBe(0);
                return (width, height, pixels);
            }
        }
        finally
        {
            _ = Destroy(decoder);
        }
    }

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    private static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    private static partial int DecompressHeader(nint decoder, byte* jpeg, nuint size, out int width, out int height, out int sampling, out int colours);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    private static partial int Decompress(nint decoder, byte* jpeg, nuint size, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint decoder);
}
