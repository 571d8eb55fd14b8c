namespace Stemma.Cli.Put;

/// <summary>A file to deposit.</summary>
/// <param name="Local">Where it lies.</param>
/// <param name="Path">Its path below the destination, separated by <c>/</c>.</param>
internal sealed record SourceFile(string Local, string Path, long Size);

/// <summary>Something that was named but cannot be deposited.</summary>
internal sealed record Unreadable(string Path, string Why);

/// <summary>
/// Finds the files of what a person named. A folder brings its own name along (<c>put a/b</c> gives <c>b/…</c>; <c>put a/b/.</c> gives what is in it).
/// Symbolic links are followed to files within the folder and nowhere else.
/// </summary>
internal sealed class SourceFiles
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
    private readonly List<SourceFile> _files = [];
    private readonly List<Unreadable> _unreadable = [];

    private SourceFiles()
    {
    }

    /// <summary>In the order of their paths.</summary>
    public IReadOnlyList<SourceFile> Files => _files;

    public IReadOnlyList<Unreadable> Unreadable => _unreadable;

    public static SourceFiles Find(IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        var found = new SourceFiles();
        foreach (var path in paths)
            found.Add(path, cancellationToken);
        found._files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    private void Add(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
            var contentOnly = path.EndsWith("/.", StringComparison.Ordinal);
            AddFolder(new DirectoryInfo(root), root, contentOnly ? "" : Path.GetFileName(root) + "/", cancellationToken);
        }
        else if (File.Exists(path))
        {
            AddFile(new FileInfo(path), Path.GetFileName(path));
        }
        else
        {
            _unreadable.Add(new Unreadable(path, "there is no such file or folder"));
        }
    }

    private void AddFolder(DirectoryInfo folder, string root, string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<FileSystemInfo> entries;
        try
        {
            entries = [.. folder.EnumerateFileSystemInfos("*", Everything)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _unreadable.Add(new Unreadable(prefix.TrimEnd('/'), $"the folder cannot be listed: {exception.Message}"));
            return;
        }

        foreach (var entry in entries)
            if (entry.LinkTarget is not null)
                AddLink(entry, root, prefix + entry.Name);
            else if (entry is DirectoryInfo below)
                AddFolder(below, root, $"{prefix}{entry.Name}/", cancellationToken);
            else
                AddFile((FileInfo)entry, prefix + entry.Name);
    }

    private void AddLink(FileSystemInfo link, string root, string path)
    {
        FileSystemInfo? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException exception)
        {
            _unreadable.Add(new Unreadable(path, $"the symbolic link leads nowhere: {exception.Message}"));
            return;
        }

        if (target is FileInfo { Exists: true } file && Path.GetFullPath(file.FullName).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            AddFile(file, path);
        else
            _unreadable.Add(new Unreadable(path, target is DirectoryInfo ? "is a symbolic link to a folder, which is not followed" : "is a symbolic link out of the folder, which is not followed"));
    }

    private void AddFile(FileInfo file, string path)
    {
        if (RegularFile.Is(file.FullName))
            _files.Add(new SourceFile(file.FullName, path, file.Length));
        else
            _unreadable.Add(new Unreadable(path, "is a pipe, socket or device, not a file"));
    }
}
