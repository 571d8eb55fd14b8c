namespace Stemma.Hub.Harvest;

/// <summary>
/// What the kernel says about changes beneath a folder of a local disk. Only a hint: it may miss some and stop at any time, and polling sees them all.
/// On network shares it would hear only of what this machine does itself, so that there it is not even asked.
/// </summary>
internal sealed class ChangeHints : IDisposable
{
    private const int MaxPaths = 200;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _paths = [];
    private readonly FileSystemWatcher _watcher;
    private readonly string _folder;
    private readonly Action _wake;
    private bool _everything;

    private ChangeHints(string folder, Action wake)
    {
        (_folder, _wake) = (folder, wake);
        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true, InternalBufferSize = 64 << 10,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Created += (_, change) => Note(change.FullPath);
        _watcher.Changed += (_, change) => Note(change.FullPath);
        _watcher.Deleted += (_, change) => Note(change.FullPath);
        _watcher.Renamed += (_, change) => Note(change.OldFullPath, change.FullPath);
        _watcher.Error += (_, _) => NoteEverything();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Null where the kernel cannot tell.</summary>
    public static ChangeHints? TryListen(string folder, Action wake)
    {
        try
        {
            return new ChangeHints(folder, wake);
        }
        catch (Exception refused) when (refused is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Too many folders for the limit on watches, or none there.
            return null;
        }
    }

    /// <summary>Paths beneath the folder where something happened since the last call; null: too many, look everywhere.</summary>
    public IReadOnlyCollection<string>? Drain()
    {
        lock (_lock)
        {
            IReadOnlyCollection<string>? paths = _everything ? null : [.. _paths];
            _paths.Clear();
            _everything = false;
            return paths;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void Note(params ReadOnlySpan<string> paths)
    {
        lock (_lock)
            foreach (var path in paths)
                if (_paths.Count >= MaxPaths)
                    _everything = true;
                else if (path.Length > _folder.Length)
                    _paths.Add(path[_folder.Length..].TrimStart('/'));
        _wake();
    }

    private void NoteEverything()
    {
        lock (_lock)
            _everything = true;
        _wake();
    }
}
