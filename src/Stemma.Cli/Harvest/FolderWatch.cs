namespace Stemma.Cli.Harvest;

/// <summary>Wakes a harvest when something changes in the folder, where the system can tell; network shares cannot, and are looked at regularly all the same.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly FileSystemWatcher? _watcher;

    public FolderWatch(string folder)
    {
        try
        {
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            _watcher.Created += (_, _) => Wake();
            _watcher.Changed += (_, _) => Wake();
            _watcher.Renamed += (_, _) => Wake();
            _watcher.Error += (_, _) => Wake();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            // No watches left, or none on this file system: looking regularly is enough.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Waits for a change, at most so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (await _changed.WaitAsync(atMost, cancellationToken).ConfigureAwait(false))
            // Changes come in swarms: look once for all of them.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(500, atMost.TotalMilliseconds)), cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private void Wake()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Awake already, or over.
        }
    }
}
