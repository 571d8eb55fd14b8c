using Npgsql;
using Stemma.Bench.Catalog;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Pages;

/// <summary>How soon the browser application shows something, and whether its wall keeps up with whoever scrolls, in Chromium: one dataset of so many files with pictures, in a facility of 200 projects.</summary>
internal static class PagesBench
{
    private const int UsualFiles = 100_000, QuickFiles = 10_000;

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        var files = options.Files ?? (options.Quick ? QuickFiles : UsualFiles);
        using var folder = options.Data is null ? new WorkFolder("pages") : null;
        await using var hub = new HubProcess(options.Data ?? folder!.Below("hub"), "--readers", "0", "--web", BrowserScript.Web);
        await hub.StartAsync();
        await using var connection = new NpgsqlConnection(hub.PostgresConnection + ";Command Timeout=0");
        await connection.OpenAsync();
        if (await CatalogBench.AskAsync<long>(connection, "select count(*) from (select from file_sets limit 1) s") == 0)
            await BuildAsync(report, hub, connection, options.Seed ?? 1, files);
        var dataset = await CatalogBench.AskAsync<Guid>(connection, "select dataset_id from file_sets limit 1");
        var administrator = (await Searchers.ChooseAsync(hub, connection))[0];

        return await BrowserScript.RunAsync(report, "pages", "pages.mjs", hub, administrator.Token, $"{files:#,0} files",
            ("STEMMA_DATASET", dataset.ToString()), ("STEMMA_FILES", files.ToString()), ("STEMMA_ROUNDS", options.Quick ? "2" : "5"));
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
}
