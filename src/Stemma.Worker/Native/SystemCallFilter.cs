using System.Runtime.InteropServices;

namespace Stemma.Worker.Native;

/// <summary>
/// Closes this process to system calls that reading a file never needs (seccomp): starting programs or processes, sockets, other processes, kernel
/// interfaces that are rich in bugs, and changing or removing any file that exists. A refused call fails with EPERM. Linux on x86-64 and ARM64.
/// </summary>
internal static unsafe partial class SystemCallFilter
{
    private const int SetNoNewPrivileges = 38, SetDumpable = 4;
    private const int SetFilterMode = 1, AllThreads = 1;
    private const uint Allow = 0x7fff0000, Refuse = 0x00050000 | 1, NotImplemented = 0x00050000 | 38;

    // struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits.
    private const uint Number = 0, ProcessorKind = 4;
    private const uint CloneThread = 0x10000, WriteOrTruncate = 0x3 | 0x200, CreateNew = 0x40 | 0x80;

    // Numbers on x86-64 and on ARM64; -1 where there is no such call. From asm/unistd_64.h and asm-generic/unistd.h.
    private static readonly (string Name, int X64, int Arm64)[] Refused =
    [
        // programs and processes
        ("execve", 59, 221), ("execveat", 322, 281), ("fork", 57, -1), ("vfork", 58, -1),
        ("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("process_madvise", 440, 440), ("kcmp", 312, 272),
        ("pidfd_open", 434, 434), ("pidfd_getfd", 438, 438), ("pidfd_send_signal", 424, 424), ("tkill", 200, 130), ("move_pages", 279, 239), ("migrate_pages", 256, 238),
        // the network, and sockets of services on this machine
        ("socket", 41, 198), ("socketpair", 53, 199), ("connect", 42, 203), ("bind", 49, 200),
        // mounts and namespaces
        ("mount", 165, 40), ("umount2", 166, 39), ("pivot_root", 155, 41), ("chroot", 161, 51), ("unshare", 272, 97), ("setns", 308, 268),
        ("open_tree", 428, 428), ("move_mount", 429, 429), ("fsopen", 430, 430), ("fsconfig", 431, 431), ("fsmount", 432, 432), ("fspick", 433, 433), ("mount_setattr", 442, 442),
        ("name_to_handle_at", 303, 264), ("open_by_handle_at", 304, 265),
        // the kernel
        ("bpf", 321, 280), ("perf_event_open", 298, 241), ("userfaultfd", 323, 282), ("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427),
        ("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219), ("personality", 135, 92), ("modify_ldt", 154, -1), ("vmsplice", 278, 75),
        ("init_module", 175, 105), ("finit_module", 313, 273), ("delete_module", 176, 106), ("kexec_load", 246, 104), ("kexec_file_load", 320, 294), ("reboot", 169, 142),
        ("swapon", 167, 224), ("swapoff", 168, 225), ("acct", 163, 89), ("quotactl", 179, 60), ("quotactl_fd", 443, 443), ("settimeofday", 164, 170), ("clock_settime", 227, 112),
        ("sethostname", 170, 161), ("setdomainname", 171, 162), ("iopl", 172, -1), ("ioperm", 173, -1),
        // what exists stays as it is: a worker that is no root shares its user with the child, and the child's files with the blob store
        ("creat", 85, -1), ("truncate", 76, 45), ("chmod", 90, -1), ("fchmod", 91, 52), ("fchmodat", 268, 53), ("fchmodat2", 452, 452),
        ("chown", 92, -1), ("fchown", 93, 55), ("lchown", 94, -1), ("fchownat", 260, 54), ("utime", 132, -1), ("utimes", 235, -1), ("futimesat", 261, -1), ("utimensat", 280, 88),
        ("setxattr", 188, 5), ("lsetxattr", 189, 6), ("fsetxattr", 190, 7), ("removexattr", 197, 14), ("lremovexattr", 198, 15), ("fremovexattr", 199, 16),
        // in its folder there are plain files only, which the worker takes over by name
        ("link", 86, -1), ("linkat", 265, 37), ("symlink", 88, -1), ("symlinkat", 266, 36), ("mknod", 133, -1), ("mknodat", 259, 33), ("mkdir", 83, -1), ("mkdirat", 258, 34),
        ("rename", 82, -1), ("renameat", 264, 38), ("renameat2", 316, 276),
        // a removed blob could be made anew with other bytes; what a task leaves, the worker removes
        ("unlink", 87, -1), ("unlinkat", 263, 35), ("rmdir", 84, -1),
    ];

    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction(ushort code, uint value, byte ifTrue = 0, byte ifFalse = 0)
    {
        public ushort Code = code;
        public byte IfTrue = ifTrue;
        public byte IfFalse = ifFalse;
        public uint Value = value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Filter
    {
        public ushort Length;
        public Instruction* Instructions;
    }

    /// <summary>Closes all threads of this process, for good.</summary>
    /// <returns>Null, or why it could not be done.</returns>
    public static string? Close()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return $"there is no filter for {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}";
        // Other processes of our user may not look into this one.
        if (Control(SetDumpable, 0) != 0 || Control(SetNoNewPrivileges, 1) != 0)
            return Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        var instructions = Program(RuntimeInformation.ProcessArchitecture == Architecture.X64).ToArray();
        fixed (Instruction* first = instructions)
        {
            var filter = new Filter { Length = (ushort)instructions.Length, Instructions = first };
            var call = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 317 : 277;
            return SystemCall(call, SetFilterMode, AllThreads, &filter) switch
            {
                0 => null,
                > 0 and var thread => $"thread {thread} could not be reached",
                _ => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()),
            };
        }
    }

    private static List<Instruction> Program(bool x64)
    {
        const uint x64Kind = 0xC000003E, arm64Kind = 0xC00000B7, firstX32 = 0x40000000;
        var program = new List<Instruction>
        {
            Load(ProcessorKind), Equal(x64 ? x64Kind : arm64Kind, skipUnless: 0, skipIf: 1), Return(Refuse),
            Load(Number), AtLeast(firstX32), Return(Refuse),
        };
        foreach (var (_, onX64, onArm64) in Refused)
            if ((x64 ? onX64 : onArm64) is >= 0 and var number)
                On(number, Return(Refuse));

        // Their arguments lie in memory, where a filter cannot look; the C library falls back to the older call.
        On(435, Return(NotImplemented)); // clone3
        On(437, Return(NotImplemented)); // openat2
        // Threads, and nothing else.
        On(x64 ? 56 : 220, Load(Argument(0)), AnyOf(CloneThread, skipUnless: 1), Return(Allow), Return(Refuse)); // clone
        // Files are opened for reading, or made, and where is not seen here. An existing one, be it a blob under /proc/self/fd, cannot be opened for writing.
        if (x64)
            On(2, Opening(1)); // open
        On(x64 ? 257 : 56, Opening(2)); // openat
        // Signals and limits reach this process only. (prlimit64's 0 is this process, too.)
        var ourselves = (uint)Environment.ProcessId;
        foreach (var (onX64, onArm64) in ((int, int)[])[(62, 129), (234, 131), (129, 138), (297, 240)]) // kill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            On(x64 ? onX64 : onArm64, Load(Argument(0)), Equal(ourselves, skipUnless: 1), Return(Allow), Return(Refuse));
        On(x64 ? 302 : 261, Load(Argument(0)), Equal(ourselves, skipUnless: 0, skipIf: 1), Equal(0, skipUnless: 1), Return(Allow), Return(Refuse)); // prlimit64
        program.Add(Return(Allow));
        return program;

        void On(int number, params ReadOnlySpan<Instruction> then)
        {
            program.Add(Equal((uint)number, skipUnless: (byte)then.Length));
            program.AddRange(then);
        }
    }

    private static Instruction[] Opening(int flags) =>
    [
        Load(Argument(flags)), And(WriteOrTruncate), Equal(0, skipUnless: 1), Return(Allow),
        Load(Argument(flags)), And(CreateNew), Equal(CreateNew, skipUnless: 1), Return(Allow), Return(Refuse),
    ];

    // The lower half of an argument: both architectures are little-endian, and these arguments are ints.
    private static uint Argument(int index) => (uint)(16 + (8 * index));

    private static Instruction Load(uint offset) => new(0x20, offset);

    private static Instruction And(uint mask) => new(0x54, mask);

    private static Instruction Equal(uint value, byte skipUnless, byte skipIf = 0) => new(0x15, value, skipIf, skipUnless);

    private static Instruction AtLeast(uint value) => new(0x35, value, 0, 1);

    private static Instruction AnyOf(uint bits, byte skipUnless) => new(0x45, bits, 0, skipUnless);

    private static Instruction Return(uint value) => new(0x06, value);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nint argument, nint third = 0, nint fourth = 0, nint fifth = 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint operation, nint flags, Filter* filter);
}
