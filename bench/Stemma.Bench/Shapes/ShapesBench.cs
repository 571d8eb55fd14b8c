using System.Diagnostics;
using System.Text.Json;
using Stemma.Bench.Pages;
using Stemma.Bench.Processes;
using Stemma.Client;

namespace Stemma.Bench.Shapes;

/// <summary>So many shapes on one image: taken in and told by the hub, and seen, moved and changed in Chromium.</summary>
internal static class ShapesBench
{
    private const int UsualShapes = 100_000, QuickShapes = 20_000, Edge = 4096, PageSize = 20_000;

    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        var (seed, count) = (options.Seed ?? 1, options.Quick ? QuickShapes : UsualShapes);
        using var folder = new WorkFolder("shapes");
        await using var hub = new HubProcess(folder.Below("hub"), "--readers", "1", "--web", BrowserScript.Web);
        await hub.StartAsync();
        var source = new SourceFolder(folder.Below("source"));
        source.Fill(1, ".tif", () => Pictures.SmallTiff(new Random(seed), Edge, Edge));
        await StemmaPut.RunAsync(hub, source, "Shapes", atOnce: 1);
        var set = await ReadSetAsync(hub);

        using var http = hub.Http();
        var annotations = $"file-sets/{set}/images/0/annotations";
        var size = $"{count:#,0} shapes";
        var body = JsonSerializer.SerializeToUtf8Bytes(new { items = Enumerable.Range(0, count).Select(number => MadeShapes.Of(seed, number, Edge)) });
        report.Add(new SizeMeasurement("shapes", "sent", body.Length, null));
        var began = Stopwatch.GetTimestamp();
        using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } };
        using (var added = await http.PostAsync(annotations, content))
            added.EnsureSuccessStatusCode();
        report.Add(Measurement.Of("shapes", $"{size} taken in", count, "shapes/s", Stopwatch.GetElapsedTime(began).TotalSeconds));
        await TellAsync(report, http, annotations, size, count);
        return await BrowserScript.RunAsync(report, "shapes", "shapes.mjs", hub, hub.Token, size,
            ("STEMMA_FILE_SET", set.ToString()), ("STEMMA_SHAPES", count.ToString()), ("STEMMA_ROUNDS", options.Quick ? "1" : "3"));
    }

    /// <summary>The one file, once it was read.</summary>
    private static async Task<Guid> ReadSetAsync(HubProcess hub)
    {
        using var client = new StemmaClient(hub.Address, hub.Token);
        await foreach (var project in client.Nodes.ProjectsAsync())
            await foreach (var set in client.FileSets.ListAsync(project.Id, recursive: true))
            {
                var now = set;
                for (var patience = Stopwatch.StartNew(); now.Reading is "waiting" or "reading" && patience.Elapsed.TotalSeconds < 60; now = await client.FileSets.GetAsync(set.Id))
                    await Task.Delay(200);
                return now.Reading == "read" ? set.Id : throw new InvalidOperationException($"The image was to be read, but is {now.Reading}: {now.ReadingNote}");
            }

        throw new InvalidOperationException("The image is in no project.");
    }

    /// <summary>All of them, as a page of the browser asks for them.</summary>
    private static async Task TellAsync(Report report, HttpClient http, string annotations, string size, int count)
    {
        var (began, bytes, told) = (Stopwatch.GetTimestamp(), 0L, 0);
        string? cursor = null;
        do
        {
            var body = await http.GetByteArrayAsync($"{annotations}?limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            using var page = JsonDocument.Parse(body);
            bytes += body.Length;
            told += page.RootElement.GetProperty("items").GetArrayLength();
            cursor = page.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);
        if (told != count)
            throw new InvalidOperationException($"{count} shapes were made, but {told} are told.");
        report.Add(Measurement.Of("shapes", $"{size} told", count, "shapes/s", Stopwatch.GetElapsedTime(began).TotalSeconds));
        report.Add(new SizeMeasurement("shapes", "told", bytes, null));
    }
}
