using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Stemma.Bench.Catalog;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Pages;

/// <summary>How soon the browser application shows something, and whether its wall keeps up with whoever scrolls, in Chromium: one dataset of so many files with pictures, in a facility of 200 projects.</summary>
internal static class PagesBench
{
    private const int UsualFiles = 100_000, QuickFiles = 10_000;
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        var files = options.Files ?? (options.Quick ? QuickFiles : UsualFiles);
        using var folder = options.Data is null ? new WorkFolder("pages") : null;
        await using var hub = new HubProcess(options.Data ?? folder!.Below("hub"), "--readers", "0", "--web", Path.Combine(Root, "web", "dist"));
        await hub.StartAsync();
        await using var connection = new NpgsqlConnection(hub.PostgresConnection + ";Command Timeout=0");
        await connection.OpenAsync();
        if (await CatalogBench.AskAsync<long>(connection, "select count(*) from (select from file_sets limit 1) s") == 0)
            await BuildAsync(report, hub, connection, options.Seed ?? 1, files);
        var dataset = await CatalogBench.AskAsync<Guid>(connection, "select dataset_id from file_sets limit 1");
        var administrator = (await Searchers.ChooseAsync(hub, connection))[0];

        var browser = new ProcessStartInfo("node", [Path.Combine(Root, "web", "bench", "pages.mjs")]) { RedirectStandardOutput = true };
        browser.Environment["STEMMA_URL"] = hub.Address.ToString().TrimEnd('/');
        browser.Environment["STEMMA_TOKEN"] = administrator.Token;
        browser.Environment["STEMMA_DATASET"] = dataset.ToString();
        browser.Environment["STEMMA_FILES"] = files.ToString();
        browser.Environment["STEMMA_ROUNDS"] = options.Quick ? "2" : "5";
        using var process = Process.Start(browser)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            Tell(report, $"{files:#,0} files: ", JsonSerializer.Deserialize<Seen>(line, Names)!);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(StemmaExecutable.Path)!, "..", ".."));

    private static void Tell(Report report, string size, Seen seen)
    {
        if (seen.Bytes is { } bytes)
            report.Add(new SizeMeasurement("pages", seen.What, bytes, null));
        else
            report.Add(Measurement.Of("pages", size + seen.What, 1, "pages/s", seen.Seconds!) with { SecondsP95 = seen.Seconds!.Max(), SecondsTarget = seen.Target });
    }

    private static async Task BuildAsync(Report report, HubProcess hub, NpgsqlConnection connection, int seed, int files)
    {
        var people = MadePeople.Of(seed);
        var tree = new MadeTree(seed, files, people);
        var loader = new CatalogLoader(connection, hub.Data);
        await loader.PeopleAsync(people);
        await loader.TreeAsync(tree);
        await loader.FilesAsync(files, number => (MadeFile.Of(seed, number, files, people.Operators), tree.Datasets[0]), done =>
        {
            if (done % 20_000 == 0)
                report.Say($"{done:#,0} files written …");
        });
        await MadeThumbnails.GiveAsync(connection, hub.Data, seed);
        report.Say("Indexing …");
        while (await CatalogBench.AskAsync<bool>(connection, "select exists (select from search_changes)"))
            await Task.Delay(500);
        await using var vacuum = new NpgsqlCommand("vacuum analyze", connection);
        await vacuum.ExecuteNonQueryAsync();
    }

    /// <summary>A line of web/bench/pages.mjs: bytes, or the seconds of each round and what they may be at most.</summary>
    private sealed record Seen(string What, long? Bytes, double[]? Seconds, double? Target);
}
