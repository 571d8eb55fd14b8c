using System.Buffers;
using System.IO.Pipelines;

namespace Stemma.Hub.Web;

/// <summary>
/// A request body whose sender must get on: within every <paramref name="patience"/> of waiting for it, so many bytes must come. Only waiting counts, not the
/// time that we take; what came fast before is no credit for silence now.
/// </summary>
/// <remarks>
/// A sender that was given up is told to the reader in two steps: bytes not consumed yet come once more, marked as canceled, so that they can be kept;
/// the next read throws. The server's own limit cannot do this: it measures the average since the beginning, and over HTTP/2 it cannot be set for one request.
/// </remarks>
internal sealed class PacedReader(PipeReader inner, TimeSpan patience, long leastBytes, TimeProvider clock) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;
    private long _held;
    private long _arrived;
    private TimeSpan _waited;
    private bool _givenUp;

    /// <exception cref="Problem">408: the sender is too slow.</exception>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_givenUp)
            throw TooSlow();
        var read = inner.ReadAsync(cancellationToken);
        return Take(read.IsCompleted ? await read : await WaitAsync(read.AsTask()));
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_givenUp || !inner.TryRead(out result))
        {
            result = default;
            return false;
        }

        result = Take(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _held = _buffer.Slice(consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private ReadResult Take(ReadResult result)
    {
        _buffer = result.Buffer;
        _arrived += result.Buffer.Length - _held;
        return result;
    }

    private async Task<ReadResult> WaitAsync(Task<ReadResult> read)
    {
        while (true)
        {
            var began = clock.GetTimestamp();
            var left = patience - _waited;
            try
            {
                var result = await read.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
                _waited += clock.GetElapsedTime(began);
                return result;
            }
            catch (TimeoutException) when (!read.IsFaulted)
            {
                // It came together with the end of patience.
                if (read.IsCompleted)
                    continue;
                if (_arrived < leastBytes)
                    return await GiveUpAsync(read);
                (_arrived, _waited) = (0, TimeSpan.Zero);
            }
        }
    }

    private async Task<ReadResult> GiveUpAsync(Task<ReadResult> read)
    {
        inner.CancelPendingRead();
        var result = await read;
        // It came to its end in this very moment.
        if (result.IsCompleted)
            return result;
        _givenUp = true;
        if (!result.Buffer.IsEmpty)
            return new ReadResult(result.Buffer, isCanceled: true, isCompleted: false);
        inner.AdvanceTo(result.Buffer.End);
        throw TooSlow();
    }

    private Problem TooSlow() => new(408, "too-slow", "The sender is too slow",
        $"Only {_arrived} bytes came within {patience.TotalSeconds:0} s of waiting, but at least {leastBytes} are expected. A resumable upload (tus) keeps what came: ask with HEAD and go on from there; "
        + "anything else is to be sent again. The administrator can set UploadMinimumBytesPerSecond and UploadPatienceSeconds.");
}
