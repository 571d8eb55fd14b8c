using System.Diagnostics;
using Npgsql;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Catalog;

/// <summary>How long searches take in a catalog of so many files, over HTTP and under its access rules, and what the index costs.</summary>
internal static class CatalogBench
{
    private const int FilesPerDataset = 50;

    // The lock of the hub's indexer: who holds it is the one who indexes.
    private const long IndexerLock = 0x7365_6172_6368;

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        foreach (var files in options.Files is { } asked ? [asked] : options.Quick ? new[] { 20_000 } : [100_000, 1_000_000])
            await RunAsync(report, options, files);
        return 0;
    }

    private static async Task RunAsync(Report report, BenchOptions options, int files)
    {
        using var folder = options.Data is null ? new WorkFolder("catalog") : null;
        await using var hub = new HubProcess(options.Data ?? folder!.Below("hub"), "--readers", "0");
        await hub.StartAsync();
        await using var connection = new NpgsqlConnection(hub.PostgresConnection + ";Command Timeout=0");
        await connection.OpenAsync();
        var seed = options.Seed ?? 1;
        var people = MadePeople.Of(seed);
        var tree = new MadeTree(seed, files, people);
        MadeFile Make(long number) => MadeFile.Of(seed, number, files, people.Operators);
        (MadeFile, MadeNode) MakeInPlace(int number) => (Make(number), tree.Datasets[number / FilesPerDataset % tree.Datasets.Count]);
        var size = $"{files:#,0} files";
        if (await AskAsync<long>(connection, "select count(*) from (select from file_sets limit 1) s") == 0)
            await BuildAsync(report, hub, connection, people, tree, files, size, MakeInPlace);
        await IndexSize.TellAsync(report, connection, files, size);
        await new SearchRounds(report, connection, seed, files, options.Quick, Make).RunAsync(await Searchers.ChooseAsync(hub, connection));
        await Freshness.MeasureAsync(report, hub, connection, files, size, MakeInPlace);
    }

    private static async Task BuildAsync(
        Report report, HubProcess hub, NpgsqlConnection connection, MadePeople people, MadeTree tree, int files, string size, Func<int, (MadeFile, MadeNode)> make)
    {
        var began = Stopwatch.GetTimestamp();
        await RunAsync(connection, $"select pg_advisory_lock({IndexerLock})");
        var loader = new CatalogLoader(connection, hub.Data);
        await loader.PeopleAsync(people);
        await loader.TreeAsync(tree);
        await loader.FilesAsync(files, make, done =>
        {
            if (done % 100_000 == 0)
                report.Say($"{done:#,0} files written, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s …");
        });
        await RunAsync(connection, "analyze");
        report.Add(Measurement.Of("catalog", $"{size}: rows and trees written", files, "files/s", Stopwatch.GetElapsedTime(began).TotalSeconds));

        var clock = new CpuClock(("hub", () => ProcessTree.CpuSeconds(hub.Id)), ("PostgreSQL", () => ProcessTree.CpuSeconds(hub.PostmasterId!.Value)));
        began = Stopwatch.GetTimestamp();
        await RunAsync(connection, $"select pg_advisory_unlock({IndexerLock})");
        long waiting, told = files;
        while ((waiting = await AskAsync<long>(connection, "select count(*) from (select from search_changes limit 1) c")) > 0)
        {
            await Task.Delay(200);
            if (Stopwatch.GetElapsedTime(began).TotalSeconds is var seconds && (long)seconds / 30 != told)
            {
                told = (long)seconds / 30;
                report.Say($"{await AskAsync<long>(connection, "select count(*) from search_documents"):#,0} files indexed, {seconds:0} s …");
            }
        }

        report.Add(Measurement.Of("catalog", $"{size}: indexed", files, "files/s", Stopwatch.GetElapsedTime(began).TotalSeconds) with { CpuSeconds = clock.Elapsed() });
        began = Stopwatch.GetTimestamp();
        await RunAsync(connection, "vacuum analyze");
        report.Say($"Vacuumed in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
