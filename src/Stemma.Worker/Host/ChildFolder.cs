using Stemma.Worker.Native;
using Stemma.Worker.Sandboxing;

namespace Stemma.Worker.Host;

/// <summary>
/// The folder that one reader child writes into, of which the child may make what it likes: names in it are never followed. What a task brought forth is
/// moved out before the next one begins.
/// </summary>
internal sealed class ChildFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly string _root;

    public ChildFolder(string scratch, ReaderSandbox sandbox)
    {
        _root = Path.Combine(scratch, $"reader-{Guid.NewGuid():n}");
        Folders = new SandboxFolders(Path.Combine(_root, "work"), Path.Combine(_root, "tmp"));
        ScratchFolder.Create(_root);
        if (sandbox.WalksToItsFolder && OperatingSystem.IsLinux())
            foreach (var folder in (string[])[scratch, _root])
                File.SetUnixFileMode(folder, Passage);
        foreach (var folder in (string[])[Folders.Work, Folders.Temporary])
        {
            ScratchFolder.Create(folder);
            if (sandbox.User is { } user)
                Posix.GiveTo(folder, user);
        }
    }

    public SandboxFolders Folders { get; }

    /// <summary>Moves a file that the child made to where the child cannot reach it.</summary>
    /// <param name="name">As the child calls it; only its last part counts, since the child may have been taken over.</param>
    /// <returns>Its new path.</returns>
    /// <exception cref="IOException">There is no plain file of this name.</exception>
    public string TakeOver(string name, string folder)
    {
        var file = Path.GetFileName(name);
        if (file is "" or "." or "..")
            throw new IOException($"the reader handed over '{name}', which is no file's name");
        var target = Path.Combine(folder, file);
        if (!OperatingSystem.IsLinux())
        {
            File.Move(Path.Combine(Folders.Work, file), target);
            return target;
        }

        Posix.Rename(Path.Combine(Folders.Work, file), target);
        using var opened = RegularFile.Open(target);
        return opened is not null ? target : throw new IOException($"the reader handed over '{file}', which is no plain file");
    }

    /// <summary>Removes what is left of a task, copies and libraries' temporary files too: in a sandbox the child may remove nothing.</summary>
    /// <returns>Whether the work folder is empty now. What is not a plain file can be removed safely only when the child has ended.</returns>
    public bool TryEmpty()
    {
        if (!OperatingSystem.IsLinux())
            return true;
        var empty = true;
        foreach (var path in Directory.EnumerateFileSystemEntries(Folders.Work))
            empty &= Posix.TryRemove(path);
        // Folders in it, where bwrap shows a program that lies in /tmp, stay.
        foreach (var path in Directory.EnumerateFileSystemEntries(Folders.Temporary))
            Posix.TryRemove(path);
        return empty;
    }

    /// <summary>Removes it; its child must have ended.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next worker sweeps.
        }
    }
}
