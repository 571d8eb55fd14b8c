namespace Stemma.Hub.Harvest;

/// <summary>What a look through a source's folders saw.</summary>
/// <param name="Files">Files that the source's patterns let in.</param>
/// <param name="Added">Seen for the first time.</param>
/// <param name="Changed">Other size or time than before.</param>
/// <param name="Returned">Missed before, and there again as they were.</param>
/// <param name="Gone">Not there any more. What was taken stays.</param>
/// <param name="LeftOut">Folders that cannot be read, and names that cannot be kept.</param>
public sealed record ScanCounts(long Folders, long Files, long Added, long Changed, long Returned, long Gone, long LeftOut);

/// <summary>
/// One walk through a source's folders, which only takes note; files are taken later, when they have rested. Memory grows with the number of
/// folders, not of files: listings are streamed, compared with what is known by the thousand, and only where a folder holds less than
/// is known are the known files asked for one by one. A file is gone only when the share says that nothing has its name.
/// </summary>
/// <param name="before">Which folder it was at the last scan that went through; nulls: there was none.</param>
internal sealed class SourceScan(
    HarvestEntries entries, HarvestSource source, (string? Device, long? Inode) before, ShareFolder share, NameFilter filter, ObservationClock clock)
{
    private const int MaxPathBytes = 2000;
    private readonly List<(string Path, FileStamp Stamp)> _files = [];
    private readonly Dictionary<string, long> _held = [];
    private readonly HashSet<string> _visited = [];
    private string? _firstLeftOut;
    private long _folders, _seen, _added, _changed, _returned, _gone, _leftOut;

    /// <summary>What was left out and why, in one line; null where nothing was.</summary>
    public string? LeftOut => _leftOut switch
    {
        0 => null,
        1 => $"{_firstLeftOut}.",
        _ => $"{_leftOut} files or folders are left out; the first: {_firstLeftOut}.",
    };

    public ScanCounts Counts => new(_folders, _seen, _added, _changed, _returned, _gone, _leftOut);

    /// <summary>Looks through everything.</summary>
    /// <exception cref="SourceAwayException">The share is away, or another folder is in its place: nothing is concluded.</exception>
    public async Task WalkAllAsync(CancellationToken cancellationToken)
    {
        await RequireSameFolderAsync(cancellationToken);
        await WalkAsync("", recursive: true, cancellationToken);
        await FlushAsync(cancellationToken);
        await MissFoldersAsync(cancellationToken);
    }

    /// <summary>Looks where something was heard of. What such a look does not see, the next full one does.</summary>
    public async Task WalkHintsAsync(IReadOnlyCollection<string> hints, CancellationToken cancellationToken)
    {
        await RequireSameFolderAsync(cancellationToken);
        foreach (var hint in hints)
        {
            await WalkAsync(ParentOf(hint), recursive: false, cancellationToken);
            if (!IsAbsent(hint, ShareItemKind.Folder))
                await WalkAsync(hint, recursive: true, cancellationToken);
        }

        await FlushAsync(cancellationToken);
    }

    private bool IsEmpty()
    {
        try
        {
            return !share.List("").Any();
        }
        catch (ShareException refused)
        {
            throw share.Away(refused);
        }
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    /// <summary>A share that is not mounted leaves an empty folder, or another one, in its place.</summary>
    private async Task RequireSameFolderAsync(CancellationToken cancellationToken)
    {
        var empty = IsEmpty();
        if (!empty && before.Inode == share.Stamp.Inode && before.Device == share.Stamp.Device)
            return;
        var known = await entries.SampleAsync(source.Id, cancellationToken);
        if (known.Count == 0)
            return;
        if (empty)
            throw new SourceAwayException($"The folder {share.Place.FullPath} is empty, but files were seen in it before. Is the share mounted? What was taken stays in any case.");
        // Also after a plain remount the numbers may differ: then what was there is still there.
        if (before.Inode is not null && !known.Exists(path => !IsAbsent(path, ShareItemKind.File)))
            throw new SourceAwayException($"Another folder is at {share.Place.FullPath} than before, and none of the files seen before is in it. Is the share mounted? If this is right, set the source's folder anew.");
    }

    private async Task WalkAsync(string start, bool recursive, CancellationToken cancellationToken)
    {
        var ahead = new Stack<string>([start]);
        while (ahead.TryPop(out var folder))
        {
            if (folder.Length > 0 && !filter.EntersFolder(folder) || !_visited.Add(folder) && !recursive)
                continue;
            _folders++;
            try
            {
                await ListAsync(folder, recursive ? ahead : null, cancellationToken);
            }
            catch (ShareException refused) when (folder.Length == 0 && start.Length == 0 || refused.IsAway)
            {
                throw share.Away(refused);
            }
            catch (ShareException gone) when (gone.IsAbsent)
            {
                // Renamed or removed since it was listed; the next scan knows.
                _held.Remove(folder);
            }
            catch (ShareException refused)
            {
                _held.Remove(folder);
                LeaveOut($"{folder}/", refused.Reason);
            }
        }
    }

    private async Task ListAsync(string folder, Stack<string>? ahead, CancellationToken cancellationToken)
    {
        long held = 0;
        foreach (var item in share.List(folder))
        {
            var path = SharePlace.Join(folder, item.Name);
            if (!item.IsNameable)
                LeaveOut(path, "the name is no UTF-8; rename it, or mount the share with the character set that it uses");
            else if (item.Kind == ShareItemKind.Folder)
                ahead?.Push(path);
            else if (item is { Kind: ShareItemKind.File, Stamp: { } stamp } && filter.TakesFile(path))
            {
                if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
                {
                    LeaveOut(path, $"the path has more than {MaxPathBytes} bytes");
                    continue;
                }

                held++;
                _seen++;
                _files.Add((path, stamp));
                if (_files.Count == HarvestEntries.BatchSize)
                    await CompareAsync(cancellationToken);
            }
        }

        _held[folder] = held;
        if (_held.Count >= HarvestEntries.BatchSize)
            await FlushAsync(cancellationToken);
    }

    private void LeaveOut(string path, string why)
    {
        _leftOut++;
        _firstLeftOut ??= $"{path}: {why}";
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        if (_files.Count == 0)
            return;
        var compared = await entries.CompareAsync(source.Id, clock.Now, _files, cancellationToken);
        _files.Clear();
        _added += compared.Added;
        _changed += compared.Changed;
        _returned += compared.Returned;
    }

    /// <summary>Compares what was listed, then asks for what the folders listed were known to hold besides.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await CompareAsync(cancellationToken);
        var known = await entries.CountPresentAsync(source.Id, _held.Keys, cancellationToken);
        foreach (var (folder, count) in known)
            if (count > _held[folder])
                await MissFilesAsync(folder, cancellationToken);
        _held.Clear();
    }

    private async Task MissFilesAsync(string folder, CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var paths = await entries.PresentAsync(source.Id, folder, after, cancellationToken);
            if (paths.Count == 0)
                return;
            after = paths[^1];
            var missed = paths.FindAll(path => IsAbsent(path, ShareItemKind.File));
            if (missed.Count > 0)
                _gone += await entries.MarkGoneAsync(source.Id, missed, clock.Now, cancellationToken);
        }
    }

    /// <summary>Folders with known files that were not come by: gone, or excluded, or unreadable at present.</summary>
    private async Task MissFoldersAsync(CancellationToken cancellationToken)
    {
        for (string? after = null; ;)
        {
            var folders = await entries.FoldersAsync(source.Id, after, cancellationToken);
            if (folders.Count == 0)
                return;
            after = folders[^1];
            foreach (var folder in folders)
                if (!_visited.Contains(folder) && IsAbsent(folder, ShareItemKind.Folder))
                    _gone += await entries.MarkFolderGoneAsync(source.Id, folder, clock.Now, cancellationToken);
        }
    }

    /// <summary>Whether the share says that nothing of the kind has this name. Where it does not say, the file is not given up.</summary>
    private bool IsAbsent(string path, ShareItemKind kind)
    {
        try
        {
            return share.Probe(path)?.Kind != kind;
        }
        catch (ShareException away) when (away.IsAway)
        {
            throw share.Away(away);
        }
        catch (ShareException)
        {
            return false;
        }
    }
}
