using System.Runtime.InteropServices;
using Stemma.Worker.Native;

namespace Stemma.Worker.Sandboxing;

/// <summary>
/// Namespaces made by bwrap: no network, no other processes, and a file system in which there is only what a reader needs to run. Where the worker is root, the
/// reader is nobody.
/// </summary>
internal sealed class Bubblewrap(string program) : ReaderSandbox
{
    // What libraries look up outside /usr. Links in /etc/alternatives lead to some of them.
    private static readonly string[] Settings = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"];
    private static readonly string[] Libraries = ["/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin"];
    private static readonly SandboxFolders Seen = new("/stemma-task", "/tmp");

    public override bool IsComplete => true;

    public override string Description =>
        $"Readers are in a sandbox{(User is null ? "" : " as nobody")}: no network, no other processes, no files but those of their task.";

    /// <summary>Readers see the folders of programs and libraries whole; in some there is what they must not see.</summary>
    /// <returns>Null, or what is wrong and what to do; a sentence.</returns>
    internal static string? WhyNot(WorkerOptions options) =>
        WhyNot(options, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    internal static string? WhyNot(WorkerOptions options, string home)
    {
        foreach (var folder in Programs(options))
            foreach (var (what, path) in Private(options, home))
                if (IsWithin(Real(path), Real(folder)) && !(DataBelow(folder, options) is { } covered && IsWithin(Real(path), Real(covered))))
                    return $"A full one would show readers all of {folder}, from which the program or its libraries come, and in it {what}, {path}: give the program a folder of its own.";
        return null;
    }

    internal override uint? User => Environment.IsPrivilegedProcess ? Nobody : null;

    // bwrap itself, and its first process of the new namespace.
    internal override int LevelsToReader => 2;

    internal override SandboxFolders Inside(SandboxFolders folders) => Seen;

    internal override IReadOnlyList<string> Before(WorkerOptions options, SandboxFolders folders)
    {
        List<string> words = [program, "--die-with-parent", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "reader", "--cap-drop", "ALL"];
        // As root without a user namespace: a user of its own can then be given to the reader, which ends all other rights.
        if (User is null)
            words.AddRange(["--unshare-user", "--disable-userns"]);
        else
            words.AddRange(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
        words.AddRange(["--ro-bind", "/usr", "/usr"]);
        foreach (var folder in Libraries)
            words.AddRange(new DirectoryInfo(folder).LinkTarget is { } target ? ["--symlink", target, folder] : ["--ro-bind-try", folder, folder]);
        var programs = Programs(options).ToLookup(folder => IsWithin(folder, Seen.Temporary));
        words.AddRange(Settings.Concat(programs[false]).SelectMany(Show));
        words.AddRange(["--proc", "/proc", "--dev", "/dev", "--bind", folders.Work, Seen.Work, "--bind", folders.Temporary, Seen.Temporary]);
        words.AddRange(programs[true].SelectMany(Show));
        // The hub's data may lie below the folder of its program.
        foreach (var data in programs.SelectMany(folder => folder).Select(folder => DataBelow(folder, options)).OfType<string>())
            words.AddRange(["--tmpfs", data, "--remount-ro", data]);
        words.AddRange(["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"]);
        if (User is { } user)
            words.AddRange(LowerRights.Words(user));
        return words;
    }

    /// <summary>A path where it is here, too. The folders on the way are empty ones that everybody may pass; bwrap would make them root's alone.</summary>
    private static List<string> Show(string path)
    {
        var words = new List<string>();
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
            words.AddRange(["--dir", path[..slash]]);
        words.AddRange(["--ro-bind-try", path, path]);
        return words;
    }

    private static IEnumerable<(string What, string Path)> Private(WorkerOptions options, string home)
    {
        (string, string?)[] all =
        [
            ("your home folder", home), ("the folder of the settings", options.Settings), ("the folder for temporary files", options.Scratch),
            ("the hub's data", Data(options)), ("the hub's blobs", options.Blobs),
        ];
        foreach (var (what, path) in all)
            if (!string.IsNullOrEmpty(path))
                yield return (what, path);
    }

    private static string? Data(WorkerOptions options) => options.Blobs is { } blobs ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(blobs))) : null;

    /// <summary>The hub's data where a folder would show them, which is where something empty is laid over them; null: it does not, or is itself their folder.</summary>
    private static string? DataBelow(string folder, WorkerOptions options) =>
        Data(options) is { } data && Real(data) != Real(folder) && IsWithin(Real(data), Real(folder)) ? Path.Combine(folder, Path.GetRelativePath(Real(folder), Real(data))) : null;

    private static string Real(string path) => Posix.RealPath(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    /// <summary>Folders of our executable, of the runtime, and of libraries that an administrator put elsewhere.</summary>
    private static IEnumerable<string> Programs(WorkerOptions options)
    {
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var files = options.ChildCommand.Where(word => Path.IsPathFullyQualified(word) && File.Exists(word)).Select(word => Path.GetDirectoryName(word)!);
        var libraries = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':').Where(Path.IsPathFullyQualified).Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return files.Append(runtime).Concat(libraries).Where(folder => folder is not ("/" or "/tmp") && !Libraries.Append("/usr").Any(known => IsWithin(folder, known))).Distinct();
    }

    private static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
