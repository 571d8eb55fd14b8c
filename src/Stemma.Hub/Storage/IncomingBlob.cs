using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>
/// Bytes on their way into the store: a temporary file beside the blobs, hashed while it is written. It has no name that anybody
/// could ask for; disposing it without placing it leaves nothing behind, and a crash leaves a file that the next start sweeps away.
/// </summary>
public sealed class IncomingBlob : IDisposable
{
    // One gathering write and one pass of the hash stay within the cache of a core.
    private const int GatherBytes = 256 << 10;
    private const long WriteOutBytes = 32 << 20;
    private const int VectorLimit = 512;

    private readonly LocalBlobStore _store;
    private readonly List<ReadOnlyMemory<byte>> _vector = [];
    private IncrementalHash _hash;
    private long _writtenOut;
    private bool _keep;
    private BlobHolds? _holds;
    private Digest _held;

    internal IncomingBlob(LocalBlobStore store, string path, SafeFileHandle file, IncrementalHash hash, long length)
    {
        _store = store;
        Path = path;
        File = file;
        _hash = hash;
        Length = _writtenOut = length;
    }

    public long Length { get; private set; }

    /// <summary>The bytes are under their digest already.</summary>
    internal bool Placed { get; private set; }

    /// <summary>
    /// A sync failed. The system forgets what it could not write and takes the next sync for a success, so nothing of this blob is trusted again: its bytes have to be received anew.
    /// </summary>
    internal bool Poisoned { get; private set; }

    internal string Path { get; }

    internal SafeFileHandle File { get; }

    /// <summary>Appends everything that arrives, in constant memory.</summary>
    /// <param name="limit">Bytes that the whole may have.</param>
    /// <param name="gather">Bytes to wait for before writing; fewer lose less when the sender goes away, more are faster.</param>
    /// <param name="also">Another hash that sees the same bytes.</param>
    /// <exception cref="Web.Problem">413 beyond the limit; 507 when the disk is full.</exception>
    public async Task ReceiveAsync(PipeReader reader, long limit, CancellationToken cancellationToken, int gather = GatherBytes, IncrementalHash? also = null)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var arrived = result.Buffer;
            // Canceled: the sender was given up, and the next read says so. What came before is written first.
            if (arrived.Length < gather && !result.IsCompleted && !result.IsCanceled)
            {
                reader.AdvanceTo(arrived.Start, arrived.End);
                continue;
            }

            if (Length + arrived.Length > limit)
                throw StorageProblems.TooLarge(limit);
            Append(arrived, also);
            reader.AdvanceTo(arrived.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>The digest of what is there so far.</summary>
    public Digest Digest() => Storage.Digest.From(_hash.GetCurrentHash());

    /// <summary>A place to come back to with <see cref="Rewind"/>.</summary>
    public Mark Here() => new(Length, _hash.Clone());

    /// <summary>Forgets what came after the mark.</summary>
    public void Rewind(Mark mark)
    {
        RandomAccess.SetLength(File, mark.Length);
        Length = _writtenOut = mark.Length;
        _hash.Dispose();
        _hash = mark.Hash.Clone();
    }

    /// <summary>Makes what was received durable where it is, for an upload that goes on later.</summary>
    /// <exception cref="Web.Problem">503, 507: it could not be; the upload begins anew.</exception>
    public Task SyncAsync() => _store.SyncAsync(this);

    /// <summary>Leaves the file where it is when disposed: it belongs to an upload that goes on.</summary>
    internal void Keep() => _keep = true;

    internal void HasBeenPlaced() => Placed = _keep = true;

    internal void Poison() => Poisoned = true;

    /// <summary>Keeps the bytes of this digest in the store from being removed until this is disposed: whoever commits a row about them does so before.</summary>
    internal void Hold(BlobHolds holds, Digest digest)
    {
        if (_holds is not null)
            return;
        holds.Take(digest);
        (_holds, _held) = (holds, digest);
    }

    public void Dispose()
    {
        File.Dispose();
        _hash.Dispose();
        _holds?.Release(_held);
        _holds = null;
        if (!_keep)
            System.IO.File.Delete(Path);
    }

    private void Append(in ReadOnlySequence<byte> arrived, IncrementalHash? also)
    {
        foreach (var segment in arrived)
        {
            if (segment.Length == 0)
                continue;
            _hash.AppendData(segment.Span);
            also?.AppendData(segment.Span);
            _vector.Add(segment);
            if (_vector.Count == VectorLimit)
                WriteVector();
        }

        WriteVector();
        if (Length - _writtenOut >= WriteOutBytes)
        {
            Posix.BeginWriting(File, _writtenOut, Length - _writtenOut);
            _writtenOut = Length;
        }
    }

    private void WriteVector()
    {
        if (_vector.Count == 0)
            return;
        try
        {
            RandomAccess.Write(File, _vector, Length);
        }
        catch (IOException exception) when (StorageProblems.IsFull(exception))
        {
            throw _store.Refuse(exception);
        }

        foreach (var segment in _vector)
            Length += segment.Length;
        _vector.Clear();
    }

    /// <summary>A length and the state of the hash there.</summary>
    public sealed record Mark(long Length, IncrementalHash Hash) : IDisposable
    {
        public void Dispose() => Hash.Dispose();
    }
}
