using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Harvest;

/// <summary>The system calls of Linux that reach into a share: none of them leaves the folder it is given. Those that write stand in a file of their own.</summary>
internal static unsafe partial class ShareCalls
{
    public const int PermissionDenied = 13, NotPermitted = 1, NoEntry = 2, NotADirectory = 20, TooManyLinks = 40, TryAgain = 11, CrossesDevice = 18;
    private const int NoDevice = 19, NoSuchAddress = 6, NotConnected = 107, TimedOut = 110, HostDown = 112, NoRoute = 113, Stale = 116, RemoteError = 121, Shutdown = 108;

    private const int CurrentFolder = -100;
    private const int ReadOnly = 0, NoTerminal = 0x100, NonBlocking = 0x800, NoAccessTime = 0x40000, CloseOnExec = 0x80000, PathOnly = 0x200000;
    private const ulong NoMagicLinks = 2, NoSymlinks = 4, Beneath = 8;
    private const int NoFollow = 0x100, EmptyPath = 0x1000, NoAutomount = 0x800;
    private const uint BasicStats = 0x7ff;
    private const int SetSignal = 10, SetLease = 1024, ReadLease = 0, NoLease = 2, UrgentSignal = 23;
    // The same number on every architecture of Linux.
    private const int OpenAt2Number = 437;

    // O_DIRECTORY is among the few flags that differ between architectures.
    private static int DirectoryFlag => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;

    /// <summary>Whether an error says that the share is away, and not that something is wrong with one file.</summary>
    public static bool IsAway(int error) => error is Stale or NotConnected or TimedOut or HostDown or NoRoute or NoDevice or NoSuchAddress or RemoteError or Shutdown;

    /// <summary>Whether an error says that there is no file of that name (a symbolic link is none).</summary>
    public static bool IsAbsent(int error) => error is NoEntry or NotADirectory or TooManyLinks or CrossesDevice;

    /// <summary>Opens an administrator's root, which may itself be reached by links.</summary>
    public static SafeFileHandle OpenRoot(string path)
    {
        var descriptor = Open(path, ReadOnly | DirectoryFlag | CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, true) : throw Failed(path);
    }

    public static SafeFileHandle OpenFolder(SafeFileHandle beneath, string path) => OpenQuietly(beneath, path, ReadOnly | DirectoryFlag);

    /// <summary>A handle that only names the file: needs no right to read it, and asks nothing of it.</summary>
    public static SafeFileHandle OpenName(SafeFileHandle beneath, string path) => OpenBeneath(beneath, path, PathOnly);

    /// <summary>For reading; without waiting for the other end, should it be a pipe.</summary>
    public static SafeFileHandle OpenFile(SafeFileHandle beneath, string path) => OpenQuietly(beneath, path, ReadOnly | NoTerminal | NonBlocking);

    /// <summary>Without touching the access time, where we may ask for that (as owner or root).</summary>
    private static SafeFileHandle OpenQuietly(SafeFileHandle beneath, string path, int flags)
    {
        try
        {
            return OpenBeneath(beneath, path, flags | NoAccessTime);
        }
        catch (ShareException denied) when (denied.Error == NotPermitted)
        {
            return OpenBeneath(beneath, path, flags);
        }
    }

    /// <summary>What a handle is of.</summary>
    public static FileStamp Stamp(SafeFileHandle handle, string path) => Stamp(handle, "", EmptyPath, path);

    /// <summary>What a name in a folder is of; a link is not followed.</summary>
    public static FileStamp Stamp(SafeFileHandle folder, string name, string path) => Stamp(folder, name, NoFollow | NoAutomount, path);

    /// <summary>Reads the next entries of a folder into a buffer.</summary>
    /// <returns>Bytes filled; 0 at the end.</returns>
    public static int ReadEntries(SafeFileHandle folder, byte[] buffer, string path)
    {
        fixed (byte* start = buffer)
        {
            var count = GetDents(folder, start, (nuint)buffer.Length);
            return count >= 0 ? (int)count : throw Failed(path);
        }
    }

    /// <summary>
    /// Whether somebody has the file open for writing: then the kernel refuses a read lease on it. Known for local file systems only,
    /// and for files that we own (or as root).
    /// </summary>
    public static bool IsBeingWritten(SafeFileHandle file)
    {
        // Whoever opens it for writing while the lease stands, for microseconds, makes the kernel signal us: by default with a signal that ends the process.
        if (Fcntl(file, SetSignal, UrgentSignal) != 0)
            return false;
        if (Fcntl(file, SetLease, ReadLease) != 0)
            return Marshal.GetLastPInvokeError() == TryAgain;
        _ = Fcntl(file, SetLease, NoLease);
        return false;
    }

    private static SafeFileHandle OpenBeneath(SafeFileHandle beneath, string path, int flags, ulong mode = 0)
    {
        var how = stackalloc ulong[3] { (ulong)(flags | CloseOnExec), mode, Beneath | NoSymlinks | NoMagicLinks };
        while (true)
        {
            var descriptor = OpenAt2(OpenAt2Number, beneath, path.Length == 0 ? "." : path, how, 3 * sizeof(ulong));
            if (descriptor >= 0)
                return new SafeFileHandle((nint)descriptor, true);
            const int interrupted = 4;
            if (Marshal.GetLastPInvokeError() != interrupted)
                throw Failed(path);
        }
    }

    private static FileStamp Stamp(SafeFileHandle at, string name, int flags, string path)
    {
        // struct statx has the same layout on every architecture.
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
            if (Statx(at, name, flags, BasicStats, start) != 0)
                throw Failed(path);
        var mode = BitConverter.ToUInt16(buffer[28..]);
        var (major, minor) = (BitConverter.ToUInt32(buffer[136..]), BitConverter.ToUInt32(buffer[140..]));
        return new FileStamp(
            (mode & 0xF000) switch { 0x8000 => ShareItemKind.File, 0x4000 => ShareItemKind.Folder, _ => ShareItemKind.Other },
            BitConverter.ToInt64(buffer[40..]), FileStamp.Time(BitConverter.ToInt64(buffer[112..]), BitConverter.ToUInt32(buffer[120..])),
            BitConverter.ToInt64(buffer[32..]), $"{major}:{minor}");
    }

    private static ShareException Failed(string path) => new(Marshal.GetLastPInvokeError(), path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long OpenAt2(long number, SafeFileHandle folder, string path, ulong* how, nuint size);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDents(SafeFileHandle folder, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, nint argument);
}
