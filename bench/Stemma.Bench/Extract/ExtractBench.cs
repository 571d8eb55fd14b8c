using System.Diagnostics;
using System.Net.Http.Json;
using Stemma.Bench.Processes;
using Stemma.Client;

namespace Stemma.Bench.Extract;

/// <summary>How many files per second two readers identify, map, picture and hand in, once they are deposited.</summary>
internal static class ExtractBench
{
    private const int Readers = 2;

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        using var folder = new WorkFolder("extract");
        await using var hub = new HubProcess(folder.Below("hub"), "--readers", "0");
        await hub.StartAsync();
        using var client = new StemmaClient(hub.Address, hub.Token);
        var work = (await client.Tokens.CreateAsync(new TokenRequest("work", "work", null))).Secret;
        var source = new SourceFolder(folder.Below("source"));
        var random = new Random(options.Seed ?? 1);
        var failed = 0L;
        foreach (var bits in new[] { 8, 16 })
        {
            var count = options.Quick ? 500 : 2000;
            report.Say($"Depositing {count} TIFFs of 512 × 512 pixels of {bits} bit …");
            source.Fill(count, ".tif", () => Pictures.SmallTiff(random, 512, 512, bits));
            await StemmaPut.RunAsync(hub, source, $"{bits} bit", atOnce: 4);
            failed += await ReadAsync(report, hub, work, count, $"512×512×{bits} bit");
        }

        return failed == 0 ? 0 : 1;
    }

    private sealed record Queue(long Queued, long Running, long Failed)
    {
        public long Left => Queued + Running;
    }

    /// <summary>Lets a worker read all that waits. The clock runs from the first files handed in, when all readers are at work, to the last.</summary>
    /// <returns>How many files could not be read.</returns>
    private static async Task<long> ReadAsync(Report report, HubProcess hub, string token, int count, string what)
    {
        using var http = hub.Http();
        var failedBefore = (await QueueAsync(http)).Failed;
        var start = new ProcessStartInfo(StemmaExecutable.Path, ["work", "--hub", hub.Address.ToString(), "--readers", Readers.ToString(), "--blobs", Path.Combine(hub.Data, "blobs"), "--end-with-input"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["STEMMA_TOKEN"] = token },
        };
        var started = Stopwatch.GetTimestamp();
        using var worker = Process.Start(start)!;
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        Queue queue;
        while ((queue = await QueueAsync(http)).Left == count)
            await Task.Delay(5);
        var (began, first) = (Stopwatch.GetTimestamp(), queue.Left);
        var clock = CpuClock.Of(hub, "worker", () => ProcessTree.CpuSeconds(worker.Id));
        while ((queue = await QueueAsync(http)).Left > 0)
            await Task.Delay(50);
        var (seconds, all) = (Stopwatch.GetElapsedTime(began).TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        var used = clock.Elapsed();
        worker.StandardInput.Close();
        await worker.WaitForExitAsync();

        var failed = queue.Failed - failedBefore;
        report.Add(Measurement.Of("extract", $"{first} × {what}, {failed} failed", first, "files/s", seconds) with { CpuSeconds = used });
        report.Add(Measurement.Of("extract.start", $"{count} × {what}, with start", count, "files/s", all));
        return failed;
    }

    private static async Task<Queue> QueueAsync(HttpClient http) => (await http.GetFromJsonAsync<Queue>("queue"))!;
}
