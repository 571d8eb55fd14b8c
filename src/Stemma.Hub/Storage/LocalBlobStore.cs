using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>
/// Immutable bytes in a local folder, named by their SHA-256: <c>blobs/3f/3fa4…</c>. The store keeps bytes; that a blob <i>exists</i> is said by
/// its row in the catalog alone (README.md has the order of steps and what a crash between them means).
/// </summary>
public sealed class LocalBlobStore : IDisposable
{
    // 256 folders: making 4096 takes seconds on ext4, and a folder of a hundred thousand names is none the slower.
    private const int FolderDigits = 2;
    private const string TemporaryExtension = ".receiving";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Enough that syncs of many small deposits meet in one journal commit.
    private readonly DurableThreads _durable = new(16);
    private readonly string _incoming;

    /// <summary>Opens the store, making its folders where they are missing.</summary>
    public LocalBlobStore(HubOptions options)
    {
        Folder = options.BlobFolder;
        _incoming = options.IncomingFolder;
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(_incoming);
        // All folders are made and durable before the first blob, so that placing one never has to wait for its folder's own entry.
        for (var number = 0; number < 1 << (4 * FolderDigits); number++)
            Directory.CreateDirectory(Path.Combine(Folder, number.ToString($"x{FolderDigits}")));
        Posix.SyncFolder(Folder);
        Posix.SyncFolder(options.Data);
    }

    internal string Folder { get; }

    /// <summary>Begins a new temporary file.</summary>
    public IncomingBlob Begin() => Open(Path.Combine(_incoming, Guid.CreateVersion7().ToString("n") + TemporaryExtension), FileMode.CreateNew);

    /// <summary>Opens the temporary file of an upload that goes on, whatever its bytes are so far; hashes them.</summary>
    public IncomingBlob Resume(Guid upload)
    {
        var blob = Open(UploadPath(upload), FileMode.OpenOrCreate);
        blob.Keep();
        return blob;
    }

    /// <summary>Bytes that an upload has so far.</summary>
    public long LengthOf(Guid upload) => new FileInfo(UploadPath(upload)) is { Exists: true } file ? file.Length : 0;

    public void Discard(Guid upload) => File.Delete(UploadPath(upload));

    /// <summary>
    /// Puts the bytes under their digest, durably. Unless <paramref name="replace"/>, bytes that are there already are left alone,
    /// and the caller must find their row under a lock before relying on them: without a row they may be on their way out.
    /// </summary>
    /// <returns>False when bytes of this digest were there already; the temporary file then still stands.</returns>
    public Task<bool> PlaceAsync(IncomingBlob incoming, bool replace) => _durable.RunAsync(() =>
    {
        if (incoming.Placed)
            return true;
        var digest = incoming.Digest();
        var path = PathOf(digest);
        if (!replace && File.Exists(path))
            return false;
        try
        {
            Posix.SyncData(incoming.File, incoming.Path);
            // The bytes are durable under a temporary name. A crash here: the next start sweeps them; nothing was acknowledged.
            File.Move(incoming.Path, path, overwrite: true);
            incoming.HasBeenPlaced();
            // The name is whole whenever it is seen, since the bytes were durable first. A crash here: the name may or may not survive; it has no row.
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
            // The name is durable: now, and only now, a row may speak of it. A crash before the row's commit: bytes without a row,
            // which the next deposit of the same bytes replaces.
        }
        catch (IOException exception) when (StorageProblems.IsFull(exception))
        {
            throw StorageProblems.Full(Folder, exception);
        }

        return true;
    });

    /// <summary>Opens a blob for reading at any offset.</summary>
    /// <exception cref="FileNotFoundException">The bytes that the row speaks of are gone: the folder was tampered with.</exception>
    public SafeFileHandle OpenRead(Digest digest) =>
        File.OpenHandle(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);

    /// <summary>Where a blob's bytes are, for the system's own copying to a socket.</summary>
    public string PathOf(Digest digest) => PathOf(Folder, digest);

    internal static string PathOf(string folder, Digest digest) => Path.Combine(folder, digest.Hex[..FolderDigits], digest.Hex);

    /// <summary>Removes what crashes left in the incoming folder: all but the files of uploads that go on. Call at the start, before anything is received.</summary>
    /// <returns>The number of files removed.</returns>
    public int Sweep(IReadOnlySet<Guid> uploads)
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(_incoming))
        {
            if (Guid.TryParse(Path.GetFileName(path), out var upload) && uploads.Contains(upload))
                continue;
            File.Delete(path);
            removed++;
        }

        return removed;
    }

    public void Dispose() => _durable.Dispose();

    internal Task SyncAsync(IncomingBlob incoming) => _durable.RunAsync(() =>
    {
        Posix.SyncData(incoming.File, incoming.Path);
        return true;
    });

    private string UploadPath(Guid upload) => Path.Combine(_incoming, upload.ToString());

    private IncomingBlob Open(string path, FileMode mode)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.SetUnixFileMode(file, OwnerOnly);
        }
        catch (IOException exception) when (StorageProblems.IsFull(exception))
        {
            throw StorageProblems.Full(Folder, exception);
        }

        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = RandomAccess.GetLength(file);
        if (length > 0)
            HashWhole(file, hash);
        return new IncomingBlob(this, path, file, hash, length);
    }

    private static void HashWhole(SafeFileHandle file, IncrementalHash hash)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(1 << 20);
        for (long offset = 0; ;)
        {
            var count = RandomAccess.Read(file, buffer, offset);
            if (count == 0)
                break;
            hash.AppendData(buffer.AsSpan(0, count));
            offset += count;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
    }
}
