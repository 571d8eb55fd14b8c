using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Harvest;

/// <summary>The calls that write into a share: only names within a folder that is held open, and never through a link.</summary>
internal static unsafe partial class ShareCalls
{
    public const int Exists = 17;
    private const int Unsupported = 22, NotImplemented = 38;
    private const int WriteOnly = 1, Create = 0x40, Exclusive = 0x80;
    private const uint NoReplace = 1;

    // rw-r--r--, as far as the hub's umask allows.
    private const ulong ReadableByAll = 0x1A4;

    /// <summary>Makes a file that was not there.</summary>
    public static SafeFileHandle CreateFile(SafeFileHandle folder, string name) => OpenBeneath(folder, name, WriteOnly | Create | Exclusive, ReadableByAll);

    /// <summary>Gives a file another name in its folder.</summary>
    /// <param name="replace">Whether it may take the place of what has that name.</param>
    public static void Rename(SafeFileHandle folder, string from, string to, bool replace)
    {
        if (RenameAt2(folder, from, folder, to, replace ? 0 : NoReplace) == 0)
            return;
        // Not every network share can rename only where nothing is: there the look before must do.
        if (replace || Marshal.GetLastPInvokeError() is not (Unsupported or NotImplemented))
            throw Failed(to);
        if (RenameAt2(folder, from, folder, to, 0) != 0)
            throw Failed(to);
    }

    /// <summary>Removes a name from a folder; of a link, the link.</summary>
    public static void Remove(SafeFileHandle folder, string name)
    {
        if (UnlinkAt(folder, name, 0) != 0)
            throw Failed(name);
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(SafeFileHandle fromFolder, string from, SafeFileHandle toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkAt(SafeFileHandle folder, string name, int flags);
}
