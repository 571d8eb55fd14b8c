using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Worker.Native;

/// <summary>
/// Opens plain files for reading where others may write names: no link is followed, and nothing waits for the other end of a pipe.
/// Each answer is null where there is no plain file, or none that we may read. An <see cref="IOException"/> says that no more files can be opened.
/// </summary>
internal static unsafe partial class RegularFile
{
    // fcntl.h and linux/openat2.h
    private const int ReadOnly = 0, NoTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000, PathOnly = 0x200000;
    private const ulong NoMagicLinks = 2, NoSymlinks = 4, Beneath = 8;
    private const int EmptyPath = 0x1000;
    private const int WillNeed = 3;
    private const uint TypeAndSize = 0x201;
    private const int KindMask = 0xF000, PlainFile = 0x8000;
    private const int OpenAt2Number = 437, Interrupted = 4, SystemFull = 23, ProcessFull = 24;

    /// <summary>Folders on the way may be links; the file itself may not.</summary>
    public static SafeFileHandle? Open(string path)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(path) ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        // O_NOFOLLOW differs between architectures.
        var noFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
        return Plain(Open(path, ReadOnly | NoTerminal | NonBlocking | CloseOnExec | noFollow), path);
    }

    /// <param name="root">May itself be reached by links; below it there may be none, and no way out.</param>
    public static SafeFileHandle? Open(string root, string path)
    {
        if (!OperatingSystem.IsLinux())
            return Open(Path.Combine(root, path));
        var descriptor = Open(root, PathOnly | CloseOnExec);
        if (descriptor < 0)
            return Nothing(root);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        var how = stackalloc ulong[3] { ReadOnly | NoTerminal | NonBlocking | CloseOnExec, 0, Beneath | NoSymlinks | NoMagicLinks };
        nint file;
        do
            file = OpenAt2(OpenAt2Number, folder, path, how, 3 * sizeof(ulong));
        while (file < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return Plain((int)file, path);
    }

    /// <summary>Has the system bring the first bytes of a file from the disk, without waiting for them.</summary>
    public static void WillBeRead(SafeFileHandle file, long bytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(file, 0, (nint)bytes, WillNeed);
    }

    // A file that is there must not look absent for want of descriptors.
    private static SafeFileHandle? Nothing(string path) => Marshal.GetLastPInvokeError() is var error && error is SystemFull or ProcessFull
        ? throw new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}. Give the worker fewer readers, or raise the limit of open files (ulimit -n).")
        : null;

    private static SafeFileHandle? Plain(int descriptor, string path)
    {
        if (descriptor < 0)
            return Nothing(path);
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        // struct statx has the same layout on every architecture.
        var status = stackalloc byte[256];
        if (Statx(file, "", EmptyPath, TypeAndSize, status) == 0 && (*(ushort*)(status + 28) & KindMask) == PlainFile)
            return file;
        file.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenAt2(nint number, SafeFileHandle folder, string path, ulong* how, nuint size);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, nint offset, nint length, int advice);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, byte* status);
}
