using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>The few system calls for durable files that .NET has no name for.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0, ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180; // 0600
    private const int SetFlags = 4;

    // The two flags whose numbers differ between the processors that .NET runs on.
    private static readonly int Directory = IsArm ? 0x4000 : 0x10000, Direct = IsArm ? 0x10000 : 0x4000;
    private const uint StartWriting = 2;

    /// <summary>Makes the entries of a folder durable: a rename survives a power cut only after this.</summary>
    public static void SyncFolder(string path)
    {
        using var folder = OpenFolder(path);
        SyncFolder(folder, path);
    }

    /// <summary>Opens a folder for <see cref="SyncFolder(SafeFileHandle, string)"/>. Every descriptor hears once of what could not be written since it was opened, and of nothing before.</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        // .NET cannot open a directory.
        var descriptor = Open(path, ReadOnly | Directory | CloseOnExec);
        return descriptor < 0 ? throw Failed("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Opens a file for reading and writing, making it where there is none, for its owner alone.</summary>
    public static SafeFileHandle OpenFile(string path)
    {
        var descriptor = Open(path, ReadWrite | Create | CloseOnExec, OwnerOnly);
        return descriptor < 0 ? throw Failed("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Has writes go past the page cache, or through it again. Past it, memory, offset and length are whole pages.</summary>
    /// <returns>False: the file system has no such way.</returns>
    public static bool TrySetDirect(SafeFileHandle file, bool direct) => Control(file, SetFlags, direct ? Direct : 0) == 0;

    /// <summary>Makes the entries of an open folder durable.</summary>
    public static void SyncFolder(SafeFileHandle folder, string path)
    {
        if (Fsync(folder) != 0)
            throw Failed("fsync", path);
    }

    /// <summary>Makes a file's bytes and length durable.</summary>
    public static void SyncData(SafeFileHandle file, string path)
    {
        if (Fdatasync(file) != 0)
            throw Failed("fdatasync", path);
    }

    /// <summary>Asks the system to begin writing a range out, without waiting, so that the last sync of a large file finds little left to do.</summary>
    public static void BeginWriting(SafeFileHandle file, long offset, long count) =>
        _ = SyncFileRange(file, offset, count, StartWriting); // Advice: where it is not supported, the sync at the end does it all.

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private static IOException Failed(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode = 0);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long count, uint flags);
}
