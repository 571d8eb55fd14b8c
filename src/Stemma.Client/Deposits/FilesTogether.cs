using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Stemma.Client;

/// <summary>Several small files on their way in one request: a line of JSON that names them, then their bytes one after the other.</summary>
internal sealed class FilesTogether : IDisposable
{
    private const string MediaType = "application/vnd.stemma.files";

    private readonly int _limit;
    private readonly byte[] _bytes;
    private readonly List<(Deposit Deposit, Announced Announced)> _files = [];
    private int _length;

    /// <param name="limit">Bytes that may go in one request.</param>
    public FilesTogether(int limit)
    {
        _limit = limit;
        _bytes = ArrayPool<byte>.Shared.Rent(limit);
    }

    public IReadOnlyList<(Deposit Deposit, Announced Announced)> Files => _files;

    /// <summary>Reads a file and its digest.</summary>
    /// <returns>False: there is no room for it.</returns>
    /// <exception cref="LocalFileException">It cannot be read.</exception>
    public async Task<bool> TryAddAsync(Deposit deposit, CancellationToken cancellationToken)
    {
        using var file = LocalFile.Open(deposit.LocalPath);
        var size = RandomAccess.GetLength(file);
        if (size > _limit - _length)
            return false;
        var own = _bytes.AsMemory(_length, (int)size);
        await LocalFile.ReadWholeAsync(file, deposit.LocalPath, own, cancellationToken).ConfigureAwait(false);
        _files.Add((deposit, new Announced(deposit.Path, size, Convert.ToHexStringLower(SHA256.HashData(own.Span)), File.GetLastWriteTimeUtc(file))));
        _length += own.Length;
        return true;
    }

    /// <summary>The request's body; it can be made again for another try.</summary>
    public HttpContent Body() => new Content(JsonSerializer.SerializeToUtf8Bytes(new Manifest(_files.Select(file => file.Announced)), ClientJson.Options), _bytes.AsMemory(0, _length));

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    internal sealed record Announced(string Path, long Size, string Sha256, DateTime ModifiedAt);

    private sealed record Manifest(IEnumerable<Announced> Files);

    private sealed class Content : HttpContent
    {
        private readonly byte[] _manifest;
        private readonly ReadOnlyMemory<byte> _bytes;

        public Content(byte[] manifest, ReadOnlyMemory<byte> bytes)
        {
            (_manifest, _bytes) = ([.. manifest, (byte)'\n'], bytes);
            Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _manifest.Length + _bytes.Length;
            return true;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(_manifest, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(_bytes, cancellationToken).ConfigureAwait(false);
        }
    }
}
