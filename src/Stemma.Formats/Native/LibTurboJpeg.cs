using System.Runtime.InteropServices;

namespace Stemma.Formats.Native;

/// <summary>The TurboJPEG 2.1 API (turbojpeg.h), compression only. Licence of the library: BSD-3-Clause and IJG.</summary>
internal static unsafe partial class LibTurboJpeg
{
    public const string Library = "libturbojpeg.so.0";
    public const string Package = "libturbojpeg0";

    public const int PixelsRgb = 0;
    public const int PixelsGray = 6;
    public const int Sampling444 = 0;
    public const int Sampling420 = 2;
    public const int SamplingGray = 3;

    /// <summary>The destination is ours and large enough: never reallocate it.</summary>
    public const int NoReallocation = 1024;

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    public static partial nuint BufferSize(int width, int height, int sampling);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        nint encoder, byte* pixels, int width, int pitch, int height, int pixelFormat, byte** jpeg, nuint* jpegSize, int sampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    public static partial nint Error(nint encoder);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint encoder);
}
