using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>The few system calls for durable files that .NET has no name for.</summary>
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int Directory = 0x10000;
    private const int CloseOnExec = 0x80000;
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

    private static IOException Failed(string call, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long count, uint flags);
}
