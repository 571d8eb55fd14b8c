using System.Collections.Concurrent;
using Stemma.Client;

namespace Stemma.Bench.Crash;

/// <summary>
/// Deposit pictures through the client, as <c>stemma put</c> does, trying every one again until it is acknowledged: small ones in one request each,
/// several in one request, twins (the same bytes under two paths at the same moment), and large ones resumably in little pieces.
/// </summary>
internal sealed class Depositors(StemmaClient client, Guid project, string folder, int seed)
{
    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromMinutes(2);
    private const int LotFiles = 8;

    // The readers are to keep up: what waits at the end is only waited for.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly UploadOptions Whole = new() { Retry = new Retry { Patience = AcknowledgedWithin, FirstDelay = TimeSpan.FromMilliseconds(50), LongestDelay = TimeSpan.FromMilliseconds(400) } };
    private readonly ConcurrentDictionary<string, string> _acknowledged = new();
    private readonly ConcurrentQueue<string> _refused = new();
    private long _arrived;
    private int _wentOn;

    /// <summary>Digests by path.</summary>
    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    public IReadOnlyList<string> Refused => [.. _refused];

    public int WentOn => _wentOn;

    /// <summary>Whether the hub has a part of a large picture now.</summary>
    public bool IsInTheMiddle => Interlocked.Read(ref _arrived) > 0;

    /// <param name="enough">Begins no further pictures; those begun are brought to their end.</param>
    public Task RunAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return Task.WhenAll(
            EachAsync("small", 1, (16, 300), (name, file) => SendAsync($"small/{name}", file, Whole, cancellationToken), enough),
            LotsAsync(2, cancellationToken, enough),
            EachAsync("twins", 3, (16, 300), (name, file) => Task.WhenAll(SendAsync($"left/{name}", file, Whole, cancellationToken), SendAsync($"right/{name}", file, Whole, cancellationToken)), enough),
            EachAsync("large", 4, (1200, 1800), (name, file) => SendInPiecesAsync($"large/{name}", file, cancellationToken), enough));
    }

    private async Task EachAsync(string kind, int number, (int Least, int Most) edge, Func<string, string, Task> send, CancellationToken enough)
    {
        var random = new Random(seed * 31 + number);
        for (var count = 0; !enough.IsCancellationRequested; count++)
        {
            var file = Path.Combine(folder, $"{kind}.tif");
            await File.WriteAllBytesAsync(file, Pictures.SmallTiff(random, random.Next(edge.Least, edge.Most), random.Next(edge.Least, edge.Most)), CancellationToken.None);
            await send($"{count:00000}.tif", file);
            await Task.Delay(Pause, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lots of pictures that are sent together; two of each lot have the same bytes.</summary>
    private async Task LotsAsync(int number, CancellationToken cancellationToken, CancellationToken enough)
    {
        var random = new Random(seed * 31 + number);
        for (var count = 0; !enough.IsCancellationRequested; count++)
        {
            var lot = new List<Deposit>();
            for (var index = 0; index < LotFiles; index++)
            {
                var file = Path.Combine(folder, $"lot-{index}.tif");
                await File.WriteAllBytesAsync(file, index == LotFiles - 1 ? await File.ReadAllBytesAsync(lot[0].LocalPath, CancellationToken.None)
                    : Pictures.SmallTiff(random, random.Next(16, 300), random.Next(16, 300)), CancellationToken.None);
                lot.Add(new Deposit(project, $"lots/{count:00000}-{index}.tif", file));
            }

            await SendLotAsync(lot, cancellationToken);
            await Task.Delay(Pause * LotFiles, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendLotAsync(IReadOnlyList<Deposit> lot, CancellationToken cancellationToken)
    {
        foreach (var sent in await client.Deposits.SendTogetherAsync(lot, Whole, cancellationToken))
            if (sent.Result is { } result)
                _acknowledged[sent.Deposit.Path] = result.Sha256;
            else
            {
                _refused.Enqueue($"{sent.Deposit.Path}: {sent.Failure!.Message}");
                await SendAsync(sent.Deposit.Path, sent.Deposit.LocalPath, Whole, cancellationToken);
            }
    }

    private async Task SendInPiecesAsync(string path, string file, CancellationToken cancellationToken)
    {
        var interrupted = false;
        var retry = Whole.Retry with { Waiting = (_, _) => interrupted = IsInTheMiddle };
        await SendAsync(path, file, Whole with { WholeFileBytes = 0, ChunkBytes = 64 << 10, Retry = retry, Sent = Count }, cancellationToken);
        Interlocked.Exchange(ref _arrived, 0);

        void Count(long bytes)
        {
            // The first word after an interruption: a negative count down to where the hub is, or the next piece.
            if (interrupted && Interlocked.Read(ref _arrived) + Math.Min(bytes, 0) > 0)
                _wentOn++;
            interrupted = false;
            Interlocked.Add(ref _arrived, bytes);
        }
    }

    private async Task SendAsync(string path, string file, UploadOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var result = await client.Deposits.SendAsync(new Deposit(project, path, file), options, cancellationToken: cancellationToken);
                _acknowledged[path] = result.Sha256;
                return;
            }
            catch (StemmaProblemException refused) when (!refused.IsTransient)
            {
                // As a person would: the same command again.
                _refused.Enqueue($"{path}: {refused.Status} {refused.Message}");
                Interlocked.Exchange(ref _arrived, 0);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
