using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Stemma.Hub.Web;

namespace Stemma.Hub.Storage;

/// <summary>
/// Immutable bytes in a local folder, named by their SHA-256: <c>blobs/3f/3fa4…</c>. The store keeps bytes; that a blob <i>exists</i> is said by
/// its row in the catalog alone (README.md has the order of steps and what a crash between them means).
/// </summary>
public sealed partial class LocalBlobStore : IDisposable
{
    // 256 folders: making 4096 takes seconds on ext4, and a folder of a hundred thousand names is none the slower.
    private const int FolderDigits = 2;
    private const string TemporaryExtension = ".receiving";

    // Small, so that a sender on a bad line gets on, also when the hub is killed.
    private const int ResumablePieceBytes = 256 << 10;

    private readonly BlobHolds _holds = new();
    private readonly DirectWriter _writer = new();
    // Enough that syncs of many small deposits meet in one journal commit.
    private readonly DurableThreads _durable = new(16);
    private readonly string _incoming;
    // Poisoned files that could not be deleted. A restart forgets them; by then the disk can be written again, or the hub does not start.
    private readonly ConcurrentDictionary<string, bool> _undeleted = new();
    private readonly ILogger _logger;

    /// <summary>Opens the store, making its folders where they are missing.</summary>
    public LocalBlobStore(HubOptions options, ILogger<LocalBlobStore>? logger = null)
    {
        _logger = logger ?? NullLogger<LocalBlobStore>.Instance;
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

    internal SyncCalls Sync { get; set; } = SyncCalls.System;

    /// <summary>Begins to take bytes in.</summary>
    /// <param name="expected">How many will come; null: not known.</param>
    public IncomingBlob Begin(long? expected = null) => new(this, Path.Combine(_incoming, Guid.CreateVersion7().ToString("n") + TemporaryExtension), null,
        IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 0, PageBuffer.LargestBytes, expected);

    /// <summary>Opens the temporary file of an upload that goes on, whatever its bytes are so far; hashes them.</summary>
    public IncomingBlob Resume(Guid upload)
    {
        var path = UploadPath(upload);
        if (_undeleted.ContainsKey(path) && !DeletePoisoned(path))
            throw StorageProblems.Failed();
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blob = new IncomingBlob(this, path, file, hash, HashWhole(file, hash), ResumablePieceBytes, null);
        blob.Keep();
        return blob;
    }

    /// <summary>Bytes that an upload has so far.</summary>
    public long LengthOf(Guid upload) =>
        new FileInfo(UploadPath(upload)) is { Exists: true } file && !_undeleted.ContainsKey(UploadPath(upload)) ? file.Length : 0;

    public void Discard(Guid upload) => File.Delete(UploadPath(upload));

    /// <summary>
    /// Puts the bytes under their digest, durably. Unless <paramref name="replace"/>, bytes that are there already are left alone,
    /// and the caller must find their row under a lock before relying on them: without a row they may be on their way out. Either way nobody removes them
    /// until <paramref name="incoming"/> is disposed.
    /// </summary>
    /// <returns>False when bytes of this digest were there already; what was received then still stands.</returns>
    /// <exception cref="Problem">507: the disk is full. 503: it failed. After either, the bytes have to be received again.</exception>
    public async Task<bool> PlaceAsync(IncomingBlob incoming, bool replace)
    {
        var placing = new Placing(incoming, replace);
        await PlaceAsync([placing]);
        return placing.Failure is null ? placing.IsPlaced : throw placing.Failure;
    }

    /// <summary>Puts several under their digests; what failed for one is said there, and the others go on.</summary>
    internal async Task PlaceAsync(IReadOnlyList<Placing> placings)
    {
        foreach (var placing in placings)
            try
            {
                await placing.Incoming.WrittenAsync();
            }
            catch (Problem problem)
            {
                placing.Failure = problem;
            }

        await DurablyAsync(() => new BlobPlacement(this, _holds).Place([.. placings.Where(placing => placing.Failure is null)]));
    }

    /// <summary>Opens a blob for reading at any offset.</summary>
    /// <exception cref="FileNotFoundException">The bytes that the row speaks of are gone: the folder was tampered with.</exception>
    public SafeFileHandle OpenRead(Digest digest) =>
        File.OpenHandle(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);

    /// <summary>The digests in one of the folders.</summary>
    internal IEnumerable<Digest> Names(byte folder)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Folder, folder.ToString($"x{FolderDigits}"))))
            if (Digest.TryParse(Path.GetFileName(path), out var digest) && PathOf(digest) == path)
                yield return digest;
    }

    internal bool IsPlacedBefore(Digest digest, DateTimeOffset time) => new FileInfo(PathOf(digest)) is { Exists: true } file && file.LastWriteTimeUtc <= time.UtcDateTime;

    /// <summary>Unlinks bytes, unless a deposit holds them or they came in after the given time. The caller keeps deposits from finding a row.</summary>
    /// <returns>False: they stay.</returns>
    internal bool TryRemove(Digest digest, DateTimeOffset placedBefore) => _holds.TryAlone(digest, () =>
    {
        var file = new FileInfo(PathOf(digest));
        if (file.Exists && file.LastWriteTimeUtc > placedBefore.UtcDateTime)
            return false;
        file.Delete();
        return true;
    });

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

    internal Task SyncAsync(IncomingBlob incoming) => DurablyAsync(() =>
    {
        if (incoming.Poisoned)
            throw StorageProblems.Failed();
        incoming.WriteOut();
        SyncBytes(incoming);
    });

    /// <summary>Takes a step that waits for the disk.</summary>
    /// <exception cref="Problem">507: the disk is full. 503: it failed.</exception>
    internal Task DurablyAsync(Action step) => _durable.RunAsync(() =>
    {
        try
        {
            step();
        }
        catch (IOException exception)
        {
            throw Refuse(exception);
        }
    });

    /// <summary>Writes bytes that begin where a page begins, in memory and in the file.</summary>
    internal void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        // What the page cache took is begun to be written out at once, so that the sync at the end finds little left to do.
        if (_writer.Write(file, bytes, offset))
            Posix.BeginWriting(file, offset, bytes.Length);
    }

    /// <summary>What the caller hears of a storage that is full or failed; the log hears the rest.</summary>
    internal Problem Refuse(IOException exception)
    {
        if (StorageProblems.IsFull(exception))
        {
            LogFull(exception);
            return StorageProblems.Full();
        }

        LogFailed(exception);
        return StorageProblems.Failed();
    }

    /// <summary>Makes the file durable. After a failure the system holds the lost pages for written: the file goes at once, and whoever sent it begins anew.</summary>
    /// <exception cref="IOException">It failed.</exception>
    internal void SyncBytes(IncomingBlob incoming)
    {
        try
        {
            Sync.Data(incoming.File, incoming.Path);
        }
        catch (IOException)
        {
            incoming.Poison();
            _undeleted[incoming.Path] = true;
            DeletePoisoned(incoming.Path);
            throw;
        }
    }

    private bool DeletePoisoned(string path)
    {
        try
        {
            File.Delete(path);
            return _undeleted.TryRemove(path, out _);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogFailed(exception);
            return false;
        }
    }

    private string UploadPath(Guid upload) => Path.Combine(_incoming, upload.ToString());

    private static long HashWhole(SafeFileHandle file, IncrementalHash hash)
    {
        using var buffer = PageBuffer.Rent(PageBuffer.LargestBytes);
        for (long offset = 0; ;)
        {
            var count = RandomAccess.Read(file, buffer.Span, offset);
            if (count == 0)
                return offset;
            hash.AppendData(buffer.Span[..count]);
            offset += count;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The storage is full: bytes that came in could not be kept. Make room on the disk of the data folder.")]
    private partial void LogFull(Exception problem);

    [LoggerMessage(2, LogLevel.Error, "The storage failed: bytes that came in are not trusted, and are to be sent again. Look after the disk of the data folder.")]
    private partial void LogFailed(Exception problem);
}
