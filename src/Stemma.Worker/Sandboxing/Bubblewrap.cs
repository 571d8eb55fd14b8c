using System.Runtime.InteropServices;

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
        if (options.Blobs is { } blobs && Path.GetDirectoryName(Path.GetFullPath(blobs)) is { } data && programs.SelectMany(folder => folder).Any(folder => IsWithin(data, folder)))
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

    /// <summary>Folders of our executable, of the runtime, and of libraries that an administrator put elsewhere.</summary>
    private static IEnumerable<string> Programs(WorkerOptions options)
    {
        // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var files = options.ChildCommand.Where(word => Path.IsPathFullyQualified(word) && File.Exists(word)).Select(word => Path.GetDirectoryName(word)!);
        var libraries = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':').Where(Path.IsPathFullyQualified);
        return files.Append(runtime).Concat(libraries).Where(folder => folder is not ("/" or "/tmp") && !Libraries.Append("/usr").Any(known => IsWithin(folder, known))).Distinct();
    }

    private static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
