using System.Diagnostics;
using System.Net;

namespace Stemma.Bench.Ingest;

/// <summary>One large file, made while it is sent: its bytes cost nothing to make or to read.</summary>
internal sealed class LargeUpload(long size) : HttpContent
{
    /// <returns>Seconds until it was acknowledged.</returns>
    public static async Task<double> SendAsync(HttpClient client, string address, long size)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.PutAsync(address, new LargeUpload(size));
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = new byte[1 << 20];
        Random.Shared.NextBytes(piece);
        for (var sent = 0L; sent < size; sent += piece.Length)
        {
            BitConverter.TryWriteBytes(piece, sent);
            await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, size - sent)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
