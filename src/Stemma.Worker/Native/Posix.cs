using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Worker.Native;

/// <summary>What a reader child and its worker ask of the system. Linux; elsewhere what a child does for its own good is left out.</summary>
internal static partial class Posix
{
    // sys/resource.h on Linux
    private const int ResourceData = 2;
    private const int ResourceCore = 4;

    // fcntl.h on Linux; what an ordinary user may ask for.
    private const int SetPipeSize = 1031;
    private const int PipeBytes = 1 << 20;

    // unistd.h
    private const int ReadAccess = 4;

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary>
    /// Moves the protocol away from standard output: it continues on a descriptor that only we know, and whatever a library prints
    /// goes to standard error.
    /// </summary>
    public static Stream TakeStandardOutput()
    {
        if (!OperatingSystem.IsLinux())
            return Console.OpenStandardOutput();
        var own = Duplicate(1);
        if (own < 0 || DuplicateTo(2, 1) < 0)
            throw new IOException($"Standard output could not be set aside (error {Marshal.GetLastPInvokeError()}).");
        // An answer goes into the pipe as a whole: nobody waits for the other to take or bring the next piece.
        _ = Fcntl(own, SetPipeSize, PipeBytes);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    /// <summary>Makes this process the head of a group of its own, so that Ctrl-C at the terminal reaches the worker and not its children.</summary>
    public static void LeaveProcessGroup()
    {
        if (OperatingSystem.IsLinux())
            _ = SetProcessGroup(0, 0);
    }

    /// <summary>Bounds private writable memory and leaves no core dumps of other people's data.</summary>
    public static void LimitMemory(long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var core = default(Limit);
        _ = SetLimit(ResourceCore, ref core);
        var data = new Limit { Soft = (ulong)bytes, Hard = (ulong)bytes };
        _ = SetLimit(ResourceData, ref data);
    }

    /// <summary>Whether this process may open a path for reading.</summary>
    public static bool MayRead(string path) => Access(path, ReadAccess) == 0;

    /// <summary>A path without links; as it is where it leads nowhere.</summary>
    public static unsafe string RealPath(string path)
    {
        const int longest = 4096;
        var resolved = stackalloc byte[longest];
        return OperatingSystem.IsLinux() && Resolve(path, resolved) is not null ? Marshal.PtrToStringUTF8((nint)resolved)! : path;
    }

    /// <summary>Moves a name within a file system; what it names is not looked at, be it a link or a folder.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) != 0)
            throw Failed("rename", from);
    }

    /// <summary>Removes a name that is no folder's.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool TryRemove(string path) => Unlink(path) == 0;

    /// <summary>Gives a file or folder of root's to a user and the group of the same number.</summary>
    public static void GiveTo(string path, uint user)
    {
        if (ChangeOwner(path, user, user) != 0)
            throw Failed("chown", path);
    }

    /// <summary>Ends the process at once: no finalizers, which might wait for a reader that hangs.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    private static IOException Failed(string call, string path) =>
        new($"{call} of {path} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* Resolve(string path, byte* resolved);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref Limit limit);
}
