using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Tests.Harvest;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Sidecars;

/// <summary>A share whose files are linked into a project that keeps texts beside them.</summary>
internal sealed class SidecarStage : IAsyncDisposable
{
    private SidecarStage(HarvestStage harvest) => Harvest = harvest;

    public HarvestStage Harvest { get; }

    public TestActor Ada => Harvest.Administrator;

    public Guid Project => Harvest.Project;

    public Guid Source { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="sidecars">Whether the source allows texts.</param>
    public static async Task<SidecarStage> SetAsync(TestDatabase database, bool sidecars = true, bool kept = true)
    {
        var stage = new SidecarStage(await HarvestStage.SetAsync(database));
        stage.Source = await stage.Harvest.SourceAsync(new JsonObject { ["mode"] = "link", ["sidecars"] = sidecars });
        if (kept)
            await stage.SwitchAsync(true);
        return stage;
    }

    public Task<JsonNode> SwitchAsync(bool kept) => Ada.MustAsync("PUT", $"nodes/{Project}/sidecars", new JsonObject { ["kept"] = kept }, "*");

    public Task<JsonNode> StatusAsync() => Ada.MustAsync("GET", $"nodes/{Project}/sidecars");

    /// <summary>A file on the share, linked and not read by anything; its file set.</summary>
    public async Task<Guid> FileAsync(string path, string content = "pixels")
    {
        Harvest.Write(path, content);
        await Harvest.UntilAsync(Source, path, "taken");
        var set = await SetOfAsync(path);
        await RunAsync("update file_sets set reading = 'no_reader' where id = @set", new { set });
        await Harvest.Hub.Services.GetRequiredService<SidecarKeeper>().TakeAsync(Cancelled);
        return set;
    }

    public Task<Guid> SetOfAsync(string path) =>
        Harvest.ScalarAsync<Guid>("select f.file_set_id from linked_files l join files f on f.id = l.file_id where l.path = @path order by f.id desc limit 1", new { path = $"microscope/{path}" });

    public string At(string path) => Path.Combine(Harvest.Share, path);

    /// <summary>The text beside a file; null: there is none.</summary>
    public string? TextOf(string path) => File.Exists(At(path) + ".stemma.txt") ? File.ReadAllText(At(path) + ".stemma.txt") : null;

    /// <summary>Waits until the text beside a file is as it should be.</summary>
    public Task UntilTextAsync(string path, Func<string?, bool> holds) => HarvestStage.UntilAsync(
        () => Task.FromResult(holds(TextOf(path))), async () => $"the text beside {path}: {TextOf(path) ?? "none"}; {(await StatusAsync()).ToJsonString()}");

    public Task UntilStatusAsync(Func<JsonNode, bool> holds) => HarvestStage.UntilAsync(async () => holds(await StatusAsync()), async () => (await StatusAsync()).ToJsonString());

    /// <summary>Waits until everything that changed was taken in.</summary>
    public async Task SettledAsync()
    {
        var keeper = Harvest.Hub.Services.GetRequiredService<SidecarKeeper>();
        await HarvestStage.UntilAsync(async () =>
        {
            await keeper.TakeAsync(Cancelled);
            return !await Harvest.ScalarAsync<bool>("select exists (select from sidecar_changes)");
        }, () => Task.FromResult("changes to be taken in"));
    }

    public Task TagAsync(Guid set, params string[] tags) =>
        Ada.MustAsync("PATCH", $"file-sets/{set}", new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) }, "*");

    public async Task RunAsync(string sql, object? parameters = null)
    {
        await using var connection = await Harvest.Hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(sql, parameters);
    }

    public string[] Names() => [.. Directory.EnumerateFiles(Harvest.Share, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Harvest.Share, file)).Order(StringComparer.Ordinal)];

    public static byte[] Marked(string text) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{SidecarMark.FirstLine}\r\n{text}")];

    public ValueTask DisposeAsync() => Harvest.DisposeAsync();
}
