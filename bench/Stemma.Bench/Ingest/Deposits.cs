using System.Diagnostics;
using System.Net.Http.Headers;

namespace Stemma.Bench.Ingest;

/// <summary>Real deposits: <c>PUT</c> over loopback, so many at once, each of other bytes.</summary>
internal sealed class Deposits(HubReady hub) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 16 })
    {
        BaseAddress = new Uri(hub.Address), Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", hub.Token) },
    };

    /// <returns>Seconds for all files.</returns>
    public async Task<double> RunAsync(string dataset, int count, int size, int atOnce)
    {
        // The dataset is there before the clock runs, as with every file but the first of a folder.
        await PutAsync($"{dataset}/first.bin", new byte[1]);
        var next = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            var bytes = new byte[size];
            Random.Shared.NextBytes(bytes);
            for (int number; (number = Interlocked.Increment(ref next)) <= count;)
            {
                BitConverter.TryWriteBytes(bytes, number);
                await PutAsync($"{dataset}/{number:d6}.bin", bytes);
            }
        })));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>One large file, made while it is sent.</summary>
    public Task<double> PutLargeAsync(string path, long size) => SendLargeAsync(_client, $"nodes/{hub.Project}/files/{path}", size);

    public static async Task<double> SendLargeAsync(HttpClient client, string address, long size)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.PutAsync(address, new MadeContent(size));
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose() => _client.Dispose();

    private async Task PutAsync(string path, byte[] bytes)
    {
        using var answer = await _client.PutAsync($"nodes/{hub.Project}/files/{path}", new ByteArrayContent(bytes));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Bytes that cost nothing to make.</summary>
    private sealed class MadeContent(long size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
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
}
