using System.Diagnostics;
using Npgsql;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Catalog;

/// <summary>How soon a file is found after it was read, and what many at once cost each.</summary>
internal static class Freshness
{
    private const int Single = 20, Batches = 5, BatchSize = 500;

    public static async Task MeasureAsync(Report report, HubProcess hub, NpgsqlConnection connection, int files, string size, Func<int, (MadeFile File, MadeNode Dataset)> make)
    {
        var loader = new CatalogLoader(connection, hub.Data);
        var next = files + await CatalogBench.AskAsync<long>(connection, "select greatest(0, count(*) - " + files + ") from file_sets");
        (MadeFile, MadeNode) Next()
        {
            var (file, dataset) = make((int)next++);
            file = file with { Name = $"new{next}_{file.Name}" };
            loader.WriteOriginal(file);
            return (file, dataset);
        }

        var single = new List<double>();
        for (var time = 0; time < Single; time++)
            single.Add(await UntilTakenAsync([Next()]));
        report.Add(Measurement.Of("catalog", $"{size}: from commit to searchable", 1, "files/s", single));
        var many = new List<double>();
        for (var time = 0; time < Batches; time++)
            many.Add(await UntilTakenAsync([.. Enumerable.Range(0, BatchSize).Select(_ => Next())]));
        report.Add(Measurement.Of("catalog", $"{size}: {BatchSize} files more", BatchSize, "files/s", many));

        async Task<double> UntilTakenAsync((MadeFile File, MadeNode Dataset)[] batch)
        {
            await loader.FilesAsync(batch);
            var began = Stopwatch.GetTimestamp();
            while (await CatalogBench.AskAsync<bool>(connection, "select exists (select from search_changes)"))
                await Task.Delay(2);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }
}
