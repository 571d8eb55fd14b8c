using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Stemma.Client;

/// <summary>How files are fetched.</summary>
public sealed record DownloadOptions
{
    public Retry Retry { get; init; } = new();

    /// <summary>Told how many more bytes have arrived; a negative number when bytes have to be fetched again.</summary>
    public Action<long>? Received { get; init; }
}

/// <summary>Fetches files: bytes go to a partial file beside the target, which goes on after a loss and becomes the target only when its digest is right.</summary>
public sealed class DownloadsClient
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(60);
    private readonly HubConnection _connection;

    internal DownloadsClient(HubConnection connection) => _connection = connection;

    /// <summary>Fetches a file into <paramref name="target"/>, replacing what is there.</summary>
    /// <param name="sha256">Lower-case hexadecimal digest that the bytes must have.</param>
    /// <exception cref="DigestMismatchException">Other bytes arrived; nothing was put at the target.</exception>
    public async Task FetchAsync(Guid file, long size, string sha256, string target, DownloadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var partial = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, $".stemma-{file:n}.part");
        try
        {
            var fetch = new Fetch(_connection, file, size, sha256, partial, options);
            var found = await options.Retry.RunAsync(fetch.GoOnAsync, cancellationToken).ConfigureAwait(false);
            if (found != sha256)
            {
                File.Delete(partial);
                throw new DigestMismatchException(target, sha256, found);
            }

            File.Move(partial, target, overwrite: true);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new LocalFileException($"{target} cannot be written: {exception.Message}", exception);
        }
    }

    private sealed class Fetch(HubConnection connection, Guid file, long size, string sha256, string partial, DownloadOptions options)
    {
        private long _reported;

        /// <returns>The digest of all bytes.</returns>
        public async Task<string> GoOnAsync(Action progress, CancellationToken cancellationToken)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var target = OpenPartial();
            if (target.Length > size)
                target.SetLength(0);
            var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
            try
            {
                for (int count; (count = await target.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
                    hash.AppendData(buffer, 0, count);
                Report(target.Position);
                if (target.Position < size || size == 0)
                    await ReceiveAsync(target, hash, buffer, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        private async Task ReceiveAsync(FileStream target, IncrementalHash hash, byte[] buffer, Action progress, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"files/{file}/content");
            if (target.Position > 0)
            {
                request.Headers.Range = new RangeHeaderValue(target.Position, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue($"\"{sha256}\""));
            }

            using var response = await connection.SendAsync(request, Within, cancellationToken).ConfigureAwait(false);
            if (target.Position > 0 && response.StatusCode != HttpStatusCode.PartialContent)
            {
                // The hub begins anew: so must we.
                target.SetLength(0);
                hash.GetHashAndReset();
                Report(0);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(SilentFor);
                int count;
                try
                {
                    count = await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new HttpRequestException(HttpRequestError.ConnectionError, $"No byte arrived for {SilentFor.TotalSeconds:0} s.");
                }

                if (count == 0)
                    return;
                hash.AppendData(buffer, 0, count);
                try
                {
                    await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
                catch (IOException exception)
                {
                    throw new LocalFileException($"{partial} cannot be written: {exception.Message}", exception);
                }

                Report(target.Position);
                progress();
            }
        }

        private FileStream OpenPartial()
        {
            try
            {
                return new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            }
            catch (IOException exception)
            {
                throw new LocalFileException($"{partial} cannot be written: {exception.Message}", exception);
            }
        }

        private void Report(long arrived)
        {
            if (arrived != _reported)
                options.Received?.Invoke(arrived - _reported);
            _reported = arrived;
        }
    }
}
