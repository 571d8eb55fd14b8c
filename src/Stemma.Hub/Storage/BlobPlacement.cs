using Microsoft.Win32.SafeHandles;
using Stemma.Hub.Web;

namespace Stemma.Hub.Storage;

/// <summary>
/// Puts blobs under their digests, in the steps of README.md. Each step is taken for all of them before the next, so that one commit of the file system's journal
/// serves many. Whose step fails stays behind with its reason, and the others go on.
/// </summary>
internal sealed class BlobPlacement(LocalBlobStore store, BlobHolds holds)
{
    public void Place(IReadOnlyList<Placing> placings)
    {
        var going = Those(placings, placing => !IsThere(placing));
        going = Those(going, Write);
        // A crash up to here: the next start sweeps what was written; nothing was acknowledged.
        going = Those(going, placing => store.SyncBytes(placing.Incoming));
        // The bytes are durable under temporary names. A crash here: as before.
        var folders = new Dictionary<string, SafeFileHandle>();
        try
        {
            going = Those(going, placing => Name(placing, folders));
            // A name is whole whenever it is seen, since the bytes were durable first. A crash here: it may or may not survive; it has no row.
            foreach (var folder in going.GroupBy(FolderOf))
                SyncNames(folders[folder.Key], folder.Key, folder);
        }
        finally
        {
            foreach (var folder in folders.Values)
                folder.Dispose();
        }
    }

    /// <summary>Takes a step for all.</summary>
    /// <returns>Those that go on to the next.</returns>
    private List<Placing> Those(IReadOnlyList<Placing> placings, Action<Placing> step) => Those(placings, placing =>
    {
        step(placing);
        return true;
    });

    /// <summary>Takes a step for all, which says whether one goes on.</summary>
    /// <returns>Those that go on to the next.</returns>
    private List<Placing> Those(IReadOnlyList<Placing> placings, Func<Placing, bool> step)
    {
        var going = new List<Placing>(placings.Count);
        foreach (var placing in placings)
            try
            {
                if (step(placing))
                    going.Add(placing);
            }
            catch (Problem problem)
            {
                placing.Failure = problem;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                placing.Failure = store.Refuse(exception as IOException ?? new IOException(exception.Message, exception));
            }

        return going;
    }

    private bool IsThere(Placing placing)
    {
        var incoming = placing.Incoming;
        if (incoming.Poisoned || incoming.Torn)
            throw StorageProblems.Failed();
        // Before looking: what is there now stays, and what was being unlinked is gone.
        incoming.Hold(holds, placing.Digest);
        return incoming.Placed || (!placing.Replace && File.Exists(store.PathOf(placing.Digest)));
    }

    private static void Write(Placing placing)
    {
        var incoming = placing.Incoming;
        // The time of placing, from which their grace counts. An upload may have waited for its end.
        if (incoming.HasFile)
            File.SetLastWriteTimeUtc(incoming.File, TimeProvider.System.GetUtcNow().UtcDateTime);
        incoming.WriteOut();
    }

    private void Name(Placing placing, Dictionary<string, SafeFileHandle> folders)
    {
        var folder = FolderOf(placing);
        // Opened before the rename, so that a failure to write the new name is told to this descriptor, whoever's sync meets it first.
        if (!folders.ContainsKey(folder))
            folders[folder] = Posix.OpenFolder(folder);
        File.Move(placing.Incoming.Path, store.PathOf(placing.Digest), overwrite: true);
    }

    /// <summary>
    /// After a failure the names stay, since another deposit of the same bytes may have made one its own. Without a row nobody relies on them, and the next deposit
    /// renames its own file over one, which writes the name anew: that sync tells the truth again.
    /// </summary>
    private void SyncNames(SafeFileHandle folder, string path, IEnumerable<Placing> named)
    {
        Problem? failure = null;
        try
        {
            store.Sync.Folder(folder, path);
        }
        catch (IOException exception)
        {
            failure = store.Refuse(exception);
        }

        foreach (var placing in named)
            if (failure is null)
                // The name is durable: now, and only now, a row may speak of it. A crash before the row's commit: bytes without a row, which the next deposit of the same bytes replaces.
                placing.Incoming.HasBeenPlaced();
            else
            {
                placing.Incoming.Poison();
                placing.Failure = failure;
            }
    }

    private string FolderOf(Placing placing) => Path.GetDirectoryName(store.PathOf(placing.Digest))!;
}
