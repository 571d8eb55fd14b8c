using Stemma.Bench.Processes;
using Stemma.Client;
using Stemma.Hub.Storage;

namespace Stemma.Bench.Ingest;

/// <summary>How fast files come in durably, beside what this machine allows in the same run. All rounds take turns, so that what else the machine does falls on all.</summary>
internal static class IngestBench
{
    private const int AtOnce = 4;
    private const int Rounds = 3;

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        using var folder = new WorkFolder("ingest");
        report.Say("Starting a hub with its own PostgreSQL …");
        await using var hub = new HubProcess(folder.Below("hub"), "--readers", "0");
        await hub.StartAsync();
        var bare = new BareSequence(folder.Below("bare"), hub.PostgresConnection);
        await bare.PrepareAsync();
        var direct = new BareSequence(folder.Below("bare"), hub.PostgresConnection, new DirectWriter());

        var noise = new byte[16 << 10];
        Random.Shared.NextBytes(noise);
        var slices = new DicomInstance();
        var warm = new SourceFolder(folder.Below("warm-up"));
        warm.Fill(1000, ".bin", Small);
        await StemmaPut.RunAsync(hub, warm, "Warm-up", AtOnce);

        await SmallAsync(report, folder, hub, bare, direct, "512 KiB", options.Quick ? 1_000 : 10_000, ".dcm", slices.Next, options.Peers);
        await SmallAsync(report, folder, hub, bare, direct, "16 KiB", options.Quick ? 2_000 : 10_000, ".bin", Small, peers: false);
        await LargeAsync(report, folder, hub, options.Quick ? 1_000_000_000 : 5_000_000_000);
        return 0;

        byte[] Small()
        {
            Guid.NewGuid().TryWriteBytes(noise);
            return noise;
        }
    }

    /// <summary>One of those that do the same work in turn.</summary>
    private sealed record Side(string Name, Func<int, Task<double>> RunAsync)
    {
        public List<double> Seconds { get; } = [];
    }

    private static async Task SmallAsync(
        Report report, WorkFolder folder, HubProcess hub, BareSequence bare, BareSequence direct, string size, int count, string extension, Func<byte[]> make, bool peers)
    {
        var source = new SourceFolder(folder.Below("source"));
        IReadOnlyDictionary<string, double>? used = null;
        Side least = new("the bare sequence", round => Task.FromResult(bare.Run(round, count, (int)new FileInfo(source.Files[0]).Length, AtOnce)));
        Side past = new("the bare sequence past the page cache", round => Task.FromResult(direct.Run(round, count, (int)new FileInfo(source.Files[0]).Length, AtOnce)));
        Side ours = new("stemma put", async round =>
        {
            var clock = CpuClock.Of(hub, "put", ProcessTree.CpuSecondsOfEnded);
            var seconds = await StemmaPut.RunAsync(hub, source, $"{size}, round {round}", AtOnce);
            used = clock.Elapsed();
            return seconds;
        });
        Side[] others = peers ? [least, past, new("Orthanc (files synced, its default; index not)", _ => OrthancAsync(sync: true)), new("Orthanc (nothing synced)", _ => OrthancAsync(sync: false))] : [least, past];
        Side[] sides = [ours, .. others];
        for (var round = 0; round < Rounds; round++)
        {
            report.Say($"{size}, round {round + 1} of {Rounds} …");
            source.Fill(count, extension, make);
            for (var turn = 0; turn < sides.Length; turn++)
            {
                // Nobody is always the first after the files were written.
                var side = sides[(turn + round) % sides.Length];
                Disk.Settle();
                side.Seconds.Add(await side.RunAsync(round));
            }

            bare.Clear();
        }

        source.Fill(0, extension, make);
        var what = $"{Rounds} × {count} × {size}";
        report.Add(Measurement.Of("ingest.bare", what, count, "files/s", least.Seconds));
        var put = Measurement.Of("ingest.put", what, count, "files/s", ours.Seconds) with { PeakMiB = ProcessTree.PeakMiB(hub.Id), CpuSeconds = used };
        foreach (var other in others)
            report.Add(put.Beside(other.Name, other.Seconds));

        async Task<double> OrthancAsync(bool sync)
        {
            await using var orthanc = await Orthanc.StartAsync(folder.Below("orthanc"), sync);
            var warm = new DicomInstance();
            for (var number = 0; number < 50; number++)
                await orthanc.StoreAsync(warm.Next());
            return await orthanc.UploadAsync(source.Files, AtOnce);
        }
    }

    private static async Task LargeAsync(Report report, WorkFolder folder, HubProcess hub, long size)
    {
        using var client = new StemmaClient(hub.Address, hub.Token);
        var project = await client.Nodes.CreateProjectAsync("Large");
        await using var limit = await LimitProcess.StartAsync(folder.Path);
        using var bare = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var http = hub.Http();
        ProcessTree.ForgetPeak(hub.Id);
        var before = ProcessTree.PeakMiB(hub.Id);
        List<double> least = [], ours = [];
        for (var round = 1; round <= Rounds; round++)
        {
            report.Say($"{size / 1e9:0.0} GB, round {round} of {Rounds} …");
            Disk.Settle();
            least.Add(await LargeUpload.SendAsync(bare, $"{limit.Address}large-{round}", size));
            Disk.Settle();
            ours.Add(await LargeUpload.SendAsync(http, $"nodes/{project.Id}/files/large/{round}.bin", size));
        }

        var what = $"{Rounds} × {size / 1e9:0.0} GB";
        report.Add(Measurement.Of("ingest.limit", what, size / 1e6, "MB/s", least) with { PeakMiB = ProcessTree.PeakMiB(limit.Id) });
        report.Add(Measurement.Of("ingest.put-large", what, size / 1e6, "MB/s", ours).Beside("receiving + SHA-256 + writing", least) with { PeakMiB = ProcessTree.PeakMiB(hub.Id) });
        report.Say($"The hub had {before:0} MiB before the large files.");
    }
}
