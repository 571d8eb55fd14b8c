using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Worker.Native;

/// <summary>What a reader child asks of the system. Linux; elsewhere the calls are left out.</summary>
internal static partial class Posix
{
    // sys/resource.h on Linux
    private const int ResourceData = 2;
    private const int ResourceCore = 4;

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

    /// <summary>Ends the process at once: no finalizers, which might wait for a reader that hangs.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetProcessGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref Limit limit);
}
