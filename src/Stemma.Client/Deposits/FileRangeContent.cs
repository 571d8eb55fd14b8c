using System.Buffers;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Client;

/// <summary>A range of a file as the body of a request, read while it is sent. Memory does not grow with it.</summary>
/// <param name="read">Told of every piece, with its place in the file, before it is sent.</param>
/// <param name="sent">Told how many bytes went out.</param>
internal sealed class FileRangeContent(SafeFileHandle file, string path, long offset, long length, FileRangeContent.PieceRead read, Action<long> sent) : HttpContent
{
    private const int BufferBytes = 1 << 20;

    public delegate void PieceRead(long offset, ReadOnlySpan<byte> piece);

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, Math.Max(1, length)));
        try
        {
            var (position, end) = (offset, offset + length);
            while (position < end)
            {
                var count = await LocalFile.ReadAsync(file, path, buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - position)), position, cancellationToken).ConfigureAwait(false);
                read(position, buffer.AsSpan(0, count));
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                position += count;
                sent(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
