using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Worker.Native;

/// <summary>
/// One end of a Unix socket over which a worker hands open files to its reader child (SCM_RIGHTS): the child may use them, and never sees where they lie.
/// 64-bit Linux.
/// </summary>
internal sealed unsafe partial class DescriptorChannel(SafeFileHandle socket) : IDisposable
{
    /// <summary>Files in one message; the system allows 253.</summary>
    public const int AtOnce = 250;

    // sys/socket.h on Linux
    private const int Unix = 1, SequencedPackets = 5, CloseOnExec = 0x80000;
    private const int SocketLevel = 1, Rights = 1;
    private const int DoNotWait = 0x40, NoSignal = 0x4000, ReceiveCloseOnExec = 0x40000000, ControlTruncated = 8;
    private const int SetDescriptorFlags = 2;
    private const int Interrupted = 4, TryAgain = 11, TooManyReferences = 109;
    private const int ControlHeader = 16;

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public void* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>A connected pair; the child's end passes to every process that this one starts until it is closed.</summary>
    public static (DescriptorChannel Ours, SafeFileHandle Childs) Pair()
    {
        var ends = stackalloc int[2];
        if (SocketPair(Unix, SequencedPackets | CloseOnExec, 0, ends) != 0)
            throw Failed("A channel for open files could not be made");
        var (ours, childs) = (new DescriptorChannel(new SafeFileHandle(ends[0], ownsHandle: true)), new SafeFileHandle(ends[1], ownsHandle: true));
        _ = Fcntl(childs, SetDescriptorFlags, 0);
        return (ours, childs);
    }

    /// <summary>Hands over files, at most <see cref="AtOnce"/>. They may be closed here at once.</summary>
    /// <returns>False when the other end has to take earlier ones first.</returns>
    /// <exception cref="IOException">The other end is gone.</exception>
    public bool TrySend(ReadOnlySpan<SafeFileHandle> files)
    {
        var count = (byte)files.Length;
        var control = stackalloc long[(ControlHeader + (AtOnce * sizeof(int))) / sizeof(long)];
        control[0] = ControlHeader + (files.Length * sizeof(int));
        ((int*)control)[2] = SocketLevel;
        ((int*)control)[3] = Rights;
        for (var index = 0; index < files.Length; index++)
            ((int*)control)[(ControlHeader / sizeof(int)) + index] = (int)files[index].DangerousGetHandle();
        var vector = new Vector { Start = &count, Length = 1 };
        var message = new Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)Aligned(control[0]) };
        while (SendMessage(socket, &message, DoNotWait | NoSignal) < 0)
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain or TooManyReferences:
                    return false;
                default:
                    throw Failed("Open files could not be handed to the reader");
            }
        return true;
    }

    /// <summary>Waits for so many files.</summary>
    /// <exception cref="IOException">The other end is gone, or more files are open than this process may have.</exception>
    public SafeFileHandle[] Receive(int count)
    {
        var files = new SafeFileHandle[count];
        var control = stackalloc long[(ControlHeader + (AtOnce * sizeof(int))) / sizeof(long)];
        for (var received = 0; received < count;)
        {
            byte announced;
            var vector = new Vector { Start = &announced, Length = 1 };
            var message = new Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlHeader + (AtOnce * sizeof(int)) };
            var length = ReceiveMessage(socket, &message, ReceiveCloseOnExec);
            if (length < 0 && Marshal.GetLastPInvokeError() == Interrupted)
                continue;
            if (length < 0)
                throw Failed("Open files could not be taken over");
            var taken = message.ControlLength < ControlHeader ? 0 : (int)(control[0] - ControlHeader) / sizeof(int);
            if (length == 0 || (message.Flags & ControlTruncated) != 0 || taken != announced || received + taken > count)
                throw new IOException($"Expected {count} open files from the worker, received {received + taken}: either it is gone, or this process may not have so many files open.");
            for (var index = 0; index < taken; index++)
                files[received++] = new SafeFileHandle(((int*)control)[(ControlHeader / sizeof(int)) + index], ownsHandle: true);
        }

        return files;
    }

    public void Dispose() => socket.Dispose();

    private static long Aligned(long length) => (length + sizeof(long) - 1) / sizeof(long) * sizeof(long);

    private static IOException Failed(string what) => new($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeFileHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeFileHandle socket, Message* message, int flags);
}
