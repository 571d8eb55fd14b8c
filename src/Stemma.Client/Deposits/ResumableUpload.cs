using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Client;

/// <summary>One large file on its way (tus 1.0: creation, then pieces, asking for the offset after every loss).</summary>
internal sealed class ResumableUpload(
    DepositsClient deposits, Deposit deposit, SafeFileHandle file, long length, DateTime modified, UploadOptions options, UnfinishedUpload? unfinished)
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _hashed;
    private long _reported;
    private Uri? _address = unfinished is not null && unfinished.Length == length && SameTime(unfinished.Modified, modified) ? deposits.AddressOf(unfinished) : null;

    public async Task<DepositResult> SendAsync(CancellationToken cancellationToken)
    {
        using (_hash)
        {
            var done = await options.Retry.RunAsync(GoOnAsync, cancellationToken).ConfigureAwait(false);
            var hex = Convert.ToHexStringLower(_hash.GetHashAndReset());
            var stored = await options.Retry.RunAsync(token => deposits.FileAsync(done.File!.Value, token), cancellationToken).ConfigureAwait(false);
            return stored.Sha256 == hex
                ? new DepositResult(stored.Id, done.FileSet ?? Guid.Empty, length, hex, AlreadyThere: false)
                : throw new DigestMismatchException(deposit.Path, hex, stored.Sha256);
        }
    }

    private async Task<UploadState> GoOnAsync(Action progress, CancellationToken cancellationToken)
    {
        UploadState? state = null;
        if (_address is not null)
            state = await deposits.StateAsync(_address, cancellationToken).ConfigureAwait(false);
        if (state is null || state.Offset > length)
        {
            _address = await deposits.CreateUploadAsync(deposit, length, modified, cancellationToken).ConfigureAwait(false);
            state = new UploadState(0, null, null);
        }

        Report(state.Offset);
        // An upload from an earlier run: what the hub has was never hashed by this one.
        await HashUpToAsync(state.Offset, cancellationToken).ConfigureAwait(false);
        while (state.File is null)
        {
            var offset = state.Offset;
            using var body = new FileRangeContent(file, deposit.LocalPath, offset, Math.Min(options.ChunkBytes, length - offset), Hash, count => Report(_reported + count));
            try
            {
                state = await deposits.PatchAsync(_address!, offset, body, cancellationToken).ConfigureAwait(false);
            }
            catch (StemmaProblemException problem) when (problem.Status is 409 or 423)
            {
                // The hub still works on what a lost connection had sent: ask for the offset again in a moment.
                throw new HttpRequestException(HttpRequestError.ConnectionError, problem.Message, problem);
            }

            progress();
            Report(state.Offset);
            if (state.File is null && state.Offset <= offset && state.Offset >= length)
                throw new StemmaProblemException("about:blank", 204, "The upload ended without a file",
                    $"All {length} bytes of {deposit.Path} were sent, but the hub did not say which file they became. Look at the dataset, and try again if it is not there.");
        }

        return state;
    }

    /// <summary>Adds to the digest what it does not have yet; bytes that are sent again are in it already.</summary>
    private void Hash(long offset, ReadOnlySpan<byte> piece)
    {
        if (offset + piece.Length <= _hashed)
            return;
        var known = (int)Math.Max(0, _hashed - offset);
        _hash.AppendData(piece[known..]);
        _hashed = offset + piece.Length;
    }

    private async Task HashUpToAsync(long offset, CancellationToken cancellationToken)
    {
        if (_hashed >= offset)
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            while (_hashed < offset)
            {
                var count = await LocalFile.ReadAsync(file, deposit.LocalPath, buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset - _hashed)), _hashed, cancellationToken).ConfigureAwait(false);
                Hash(_hashed, buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Report(long arrived)
    {
        if (arrived != _reported)
            options.Sent?.Invoke(arrived - _reported);
        _reported = arrived;
    }

    // The hub keeps microseconds.
    private static bool SameTime(DateTimeOffset? told, DateTime here) => told is { } time && Math.Abs((time.UtcDateTime - here).TotalMilliseconds) < 1;
}
