using System.Text.Json.Nodes;
using Dapper;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>A hub, a folder that stands for a share, and a project that takes its files.</summary>
public sealed class HarvestStage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private HarvestStage(TestHub hub, string root) => (Hub, Root) = (hub, root);

    public TestHub Hub { get; }

    /// <summary>What the administrator allows; the share lies in it.</summary>
    public string Root { get; }

    public string Share => Path.Combine(Root, "microscope");

    public TestActor Administrator { get; private set; } = null!;

    public Guid Project { get; private set; }

    public static async Task<HarvestStage> SetAsync(TestDatabase database)
    {
        var root = Directory.CreateTempSubdirectory("stemma-share-").FullName;
        var stage = new HarvestStage(await TestHub.StartAsync(database, options => options.Roots = [root]), root);
        Directory.CreateDirectory(stage.Share);
        stage.Administrator = await stage.Hub.AccountAsync("ada", administrator: true);
        stage.Project = await stage.Administrator.ProjectAsync("Facility");
        return stage;
    }

    /// <summary>Watches the share: quickly, as tests want it.</summary>
    public Task<Guid> SourceAsync(JsonObject? more = null, int stableSeconds = 0)
    {
        var body = new JsonObject { ["name"] = "Titan", ["folder"] = Share, ["nodeId"] = Project, ["stableSeconds"] = stableSeconds, ["pollSeconds"] = 1 };
        foreach (var (name, value) in more ?? [])
            body[name] = value?.DeepClone();
        return Administrator.MakeAsync("harvest-sources", body);
    }

    /// <summary>Writes a file of the share.</summary>
    public string Write(string path, string content, DateTime? modified = null)
    {
        var full = Path.Combine(Share, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        if (modified is { } time)
            File.SetLastWriteTimeUtc(full, time);
        return full;
    }

    public Task<JsonNode> SourceOfAsync(Guid source) => Administrator.MustAsync("GET", $"harvest-sources/{source}");

    public async Task<JsonNode?> EntryAsync(Guid source, string path) =>
        (await Administrator.MustAsync("GET", $"harvest-sources/{source}/entries?limit=1000"))["items"]!.AsArray().FirstOrDefault(entry => (string?)entry!["path"] == path);

    /// <summary>Waits until a file of the source is in a state; its entry.</summary>
    public async Task<JsonNode> UntilAsync(Guid source, string path, string state)
    {
        JsonNode? entry = null;
        await UntilAsync(async () => (string?)(entry = await EntryAsync(source, path))?["state"] == state,
            async () => $"{path} to be {state}; it is {entry?.ToJsonString() ?? "not there"}; the source is {(await SourceOfAsync(source)).ToJsonString()}");
        return entry!;
    }

    public static async Task UntilAsync(Func<Task<bool>> holds, Func<Task<string>> what)
    {
        for (var began = DateTime.UtcNow; !await holds(); await Task.Delay(50))
            if (DateTime.UtcNow - began > Patience)
                Assert.Fail($"Waited in vain for {await what()}");
    }

    public Task<JsonNode> ScanAsync(Guid source) => Administrator.MustAsync("POST", $"harvest-sources/{source}/scan");

    /// <summary>Every version that the hub holds: dataset, path, version, size; and linked where it is.</summary>
    public async Task<string[]> FilesAsync()
    {
        await using var connection = await Hub.Database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select n.name || ': ' || f.path || ' v' || f.version || ' ' || f.size || coalesce(' ' || l.state, '')
            from files f join nodes n on n.id = f.dataset_id left join linked_files l on l.file_id = f.id
            order by n.name collate "C", f.path collate "C", f.version
            """)];
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>The administrator's client after a restart.</summary>
    public async Task RestartAsync(Action? between = null)
    {
        await Hub.RestartAsync(between);
        Administrator = Administrator with { Client = Hub.WithToken(Administrator.Token!) };
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}
