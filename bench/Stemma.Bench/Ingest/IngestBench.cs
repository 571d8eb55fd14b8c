namespace Stemma.Bench.Ingest;

/// <summary>How fast files come in durably, beside what this machine allows in the same run.</summary>
internal static class IngestBench
{
    private const int AtOnce = 4;
    private const int Rounds = 3;

    public static async Task<int> RunAsync(Report report, bool quick)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"stemma-bench-{Environment.ProcessId}")).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        try
        {
            report.Say("Starting a hub with its own PostgreSQL …");
            await using (var hub = await Child.StartAsync<HubReady>(HubChild.Word, Path.Combine(folder, "data")))
            {
                using var deposits = new Deposits(hub.Ready);
                var bare = new BareSequence(Path.Combine(folder, "bare"), hub.Ready.Postgres);
                await bare.PrepareAsync();
                await deposits.RunAsync("warm-up", 500, 16 << 10, AtOnce);
                await SmallAsync(report, bare, deposits, "512 KiB", 512 << 10, quick ? 600 : 3_400);
                await SmallAsync(report, bare, deposits, "16 KiB", 16 << 10, quick ? 1_000 : 4_000);
                await LargeAsync(report, hub, deposits, folder, quick ? 1L << 30 : 5_000_000_000);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>Rounds of both, in turn, so that what else the machine does falls on both.</summary>
    private static async Task SmallAsync(Report report, BareSequence bare, Deposits deposits, string name, int size, int count)
    {
        List<double> least = [], ours = [];
        for (var round = 0; round < Rounds; round++)
        {
            least.Add(bare.Run(round, count, size, AtOnce));
            ours.Add(await deposits.RunAsync($"{size} round {round}", count, size, AtOnce));
        }

        var (bareSeconds, seconds) = (Report.Median(least), Report.Median(ours));
        var what = $"{Rounds} x {count} x {name}";
        report.Add(new Measurement("ingest.bare", what, bareSeconds, count / bareSeconds, "files/s"));
        report.Add(new Measurement("ingest.put", what, seconds, count / seconds, "files/s", "the bare sequence", bareSeconds, bareSeconds / seconds));
    }

    private static async Task LargeAsync(Report report, Child<HubReady> hub, Deposits deposits, string folder, long size)
    {
        await using var limit = await Child.StartAsync<LimitReady>(LimitChild.Word, folder);
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        List<double> least = [], ours = [];
        for (var round = 0; round < Rounds; round++)
        {
            least.Add(await Deposits.SendLargeAsync(client, limit.Ready.Address + "large", size));
            ours.Add(await deposits.PutLargeAsync($"large/{round}.bin", size));
        }

        var (limitSeconds, seconds) = (Report.Median(least), Report.Median(ours));
        var what = $"{Rounds} x {size / 1e9:0.0} GB";
        report.Add(new Measurement("ingest.limit", what, limitSeconds, size / limitSeconds / 1e6, "MB/s", PeakMiB: limit.PeakMiB()));
        report.Add(new Measurement("ingest.put-large", what, seconds, size / seconds / 1e6, "MB/s", "receiving + SHA-256 + writing", limitSeconds, limitSeconds / seconds, hub.PeakMiB()));
    }
}
