using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>
/// Bytes on their way into the store, hashed as they come. Up to 1 MiB of them wait in memory; what is more goes to a temporary file beside the blobs, which has
/// no name that anybody could ask for. Disposing it without placing it leaves nothing behind, and a crash leaves a file that the next start sweeps away.
/// </summary>
public sealed class IncomingBlob : IDisposable
{
    private readonly LocalBlobStore _store;
    private readonly int _piece;
    private readonly long? _expected;
    private IncrementalHash _hash;
    private SafeFileHandle? _file;
    // Holds the bytes from _written on, and before them those of its page that are in the file: it is written from the beginning of a page.
    private PageBuffer? _buffer;
    private long _written;
    private long _hashed;
    private Task _writing = Task.CompletedTask;
    private bool _keep;
    private BlobHolds? _holds;
    private Digest _held;

    /// <param name="file">The temporary file of an upload that goes on, with its length; null: it is made when the first bytes go to it.</param>
    /// <param name="piece">Bytes that wait in memory before they are written.</param>
    /// <param name="expected">Bytes that will come; null: not known.</param>
    internal IncomingBlob(LocalBlobStore store, string path, SafeFileHandle? file, IncrementalHash hash, long length, int piece, long? expected)
    {
        _store = store;
        Path = path;
        _file = file;
        _hash = hash;
        _piece = piece;
        _expected = expected;
        Length = _written = _hashed = length;
    }

    public long Length { get; private set; }

    /// <summary>The bytes are under their digest already.</summary>
    internal bool Placed { get; private set; }

    /// <summary>
    /// A sync failed. The system forgets what it could not write and takes the next sync for a success, so nothing of this blob is trusted again: its bytes have to be received anew.
    /// </summary>
    internal bool Poisoned { get; private set; }

    /// <summary>A write failed: the file ends before what was hashed. What it holds is good, and an upload can go on from there, but this is not to be placed.</summary>
    internal bool Torn { get; private set; }

    internal string Path { get; }

    /// <summary>The temporary file, made where there is none yet.</summary>
    internal SafeFileHandle File => _file ??= Posix.OpenFile(Path);

    internal bool HasFile => _file is not null;

    /// <summary>Appends everything that arrives, in constant memory.</summary>
    /// <param name="limit">Bytes that the whole may have.</param>
    /// <param name="also">Another hash that sees the same bytes.</param>
    /// <exception cref="Web.Problem">413 beyond the limit; 507 when the disk is full.</exception>
    public async Task ReceiveAsync(PipeReader reader, long limit, CancellationToken cancellationToken, IncrementalHash? also = null)
    {
        try
        {
            while (true)
            {
                // A result that is marked as canceled still has what came before the sender was given up; the next read says so.
                var result = await reader.ReadAsync(cancellationToken);
                try
                {
                    if (Length + result.Buffer.Length > limit)
                        throw StorageProblems.TooLarge(limit);
                    await TakeAsync(result.Buffer, also);
                }
                finally
                {
                    reader.AdvanceTo(result.Buffer.End);
                }

                if (result.IsCompleted)
                    return;
            }
        }
        finally
        {
            await EndAsync(also);
        }
    }

    /// <summary>Appends so many bytes of those that arrive, and leaves the others to the next reader.</summary>
    /// <returns>How many did not come: zero, unless the sender ended before.</returns>
    /// <exception cref="Web.Problem">507 when the disk is full.</exception>
    public async Task<long> ReceiveExactlyAsync(PipeReader reader, long count, CancellationToken cancellationToken)
    {
        try
        {
            while (count > 0)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var own = result.Buffer.Slice(0, Math.Min(count, result.Buffer.Length));
                var ends = result.IsCompleted && own.Length == result.Buffer.Length;
                try
                {
                    await TakeAsync(own, null);
                    count -= own.Length;
                }
                finally
                {
                    reader.AdvanceTo(own.End);
                }

                if (ends)
                    break;
            }

            return count;
        }
        finally
        {
            await EndAsync(null);
        }
    }

    /// <summary>The digest of what is there so far.</summary>
    public Digest Digest() => Storage.Digest.From(_hash.GetCurrentHash());

    /// <summary>A place to come back to with <see cref="Rewind"/>.</summary>
    public Mark Here() => new(Length, _hash.Clone());

    /// <summary>Forgets what came after the mark. Not while bytes are received.</summary>
    public void Rewind(Mark mark)
    {
        if (mark.Length < _written)
        {
            RandomAccess.SetLength(File, mark.Length);
            _written = mark.Length;
            DropBuffer();
        }

        Length = _hashed = mark.Length;
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

    /// <summary>Begins to write what waits in memory, where there is enough of it to be worth a step of its own. To be followed by <see cref="WrittenAsync"/>.</summary>
    internal async Task BeginWriteOutAsync()
    {
        if (_buffer is not null && Length - _written >= DirectWriter.LeastBytes)
            await WriteOutAsync(null);
    }

    /// <summary>Nothing is being written any more.</summary>
    /// <exception cref="Web.Problem">507, 503: what was being written could not be.</exception>
    internal Task WrittenAsync() => _writing;

    /// <summary>Writes to the file what still waits in memory. Blocks: for the store's own threads.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    internal void WriteOut()
    {
        if (Torn)
            DropBuffer();
        if (_buffer is not { } buffer)
            return;
        (_buffer, var from, _written) = (null, _written, Length);
        Write(buffer, from, (int)(Length - from));
    }

    public void Dispose()
    {
        DropBuffer();
        _file?.Dispose();
        _hash.Dispose();
        _holds?.Release(_held);
        _holds = null;
        if (!_keep && HasFile)
            System.IO.File.Delete(Path);
    }

    private async Task TakeAsync(ReadOnlySequence<byte> bytes, IncrementalHash? also)
    {
        foreach (var segment in bytes)
            for (var left = segment; !left.IsEmpty; left = left[Fill(left.Span)..])
                if (IsFull)
                    await WriteOutAsync(also);
    }

    private async Task EndAsync(IncrementalHash? also)
    {
        Hash(also);
        // Many at once wait on disk instead, so that memory does not grow with them.
        if (_buffer is not null && PageBuffer.IsScarce)
            await WriteOutAsync(also);
        await _writing;
    }

    private bool IsFull => _buffer is { } buffer && InPage(_written) + (Length - _written) == buffer.Length;

    private static int InPage(long offset) => (int)(offset & (PageBuffer.PageBytes - 1));

    /// <returns>How many of the bytes found room.</returns>
    private int Fill(ReadOnlySpan<byte> bytes)
    {
        // Where memory is scarce, a slow sender waits in little of it.
        var piece = PageBuffer.IsScarce ? DirectWriter.LeastBytes : _piece;
        _buffer ??= Continue(PageBuffer.Rent(Math.Min(piece, _expected is { } expected ? Math.Max(expected - Length, bytes.Length) : piece)));
        var room = _buffer.Span[(int)(InPage(_written) + (Length - _written))..];
        var count = Math.Min(room.Length, bytes.Length);
        bytes[..count].CopyTo(room);
        Length += count;
        return count;
    }

    /// <summary>Puts what the file has of its last page before what is to come.</summary>
    private PageBuffer Continue(PageBuffer buffer)
    {
        var before = InPage(_written);
        if (before > 0 && RandomAccess.Read(File, buffer.Span[..before], _written - before) < before)
            throw new IOException($"{Path} has become shorter than the {_written} bytes that were written.");
        return buffer;
    }

    private void Hash(IncrementalHash? also)
    {
        if (_buffer is not { } buffer || _hashed == Length)
            return;
        var fresh = buffer.Span.Slice((int)(InPage(_written) + (_hashed - _written)), (int)(Length - _hashed));
        _hash.AppendData(fresh);
        also?.AppendData(fresh);
        _hashed = Length;
    }

    /// <summary>Hands the full buffer over to be written while the next one fills.</summary>
    private async Task WriteOutAsync(IncrementalHash? also)
    {
        Hash(also);
        await _writing;
        var (buffer, from, count) = (_buffer!, _written, (int)(Length - _written));
        (_buffer, _written) = (null, Length);
        _writing = _store.DurablyAsync(() => Write(buffer, from, count));
    }

    private void Write(PageBuffer buffer, long offset, int count)
    {
        try
        {
            _store.Write(File, buffer.Span[..(InPage(offset) + count)], offset - InPage(offset));
        }
        catch
        {
            Torn = true;
            throw;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private void DropBuffer()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    /// <summary>A length and the state of the hash there.</summary>
    public sealed record Mark(long Length, IncrementalHash Hash) : IDisposable
    {
        public void Dispose() => Hash.Dispose();
    }
}
