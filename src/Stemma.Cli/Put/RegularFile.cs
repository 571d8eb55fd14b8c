using System.Runtime.InteropServices;

namespace Stemma.Cli.Put;

/// <summary>Tells files from pipes, sockets and devices, which block or never end when they are opened.</summary>
internal static unsafe partial class RegularFile
{
    // linux/stat.h and fcntl.h; statx has the same layout on every processor.
    private const int CurrentFolder = -100;
    private const uint WantType = 0x1;
    private const int ModeAt = 28;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Follows symbolic links. True where the system cannot tell.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var answer = stackalloc byte[256];
        return StatX(CurrentFolder, path, 0, WantType, answer) != 0 || (*(ushort*)(answer + ModeAt) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* answer);
}
