using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Stemma.Hub.Accounts;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Web.Walk;

/// <summary>A hub with a project and a space, and everybody who calls: each with their role on both.</summary>
public sealed class WalkWorld(TestHub hub) : IAsyncDisposable
{
    private readonly Dictionary<WalkCaller, TestActor> _actors = [];
    private int _names;
    private Guid? _read;

    public TestHub Hub { get; } = hub;

    /// <summary>A folder beneath which files may be linked and harvested.</summary>
    public string Root => Hub.Options.Roots[0];

    public Guid Project { get; private set; }

    public Guid Space { get; private set; }

    public TestActor this[WalkCaller caller] => _actors[caller];

    public TestActor Owner => this[WalkCaller.Owner];

    public TestActor Administrator => this[WalkCaller.Administrator];

    public static async Task<WalkWorld> MakeAsync(TestDatabase database, string root)
    {
        var world = new WalkWorld(await TestHub.StartAsync(database, options => options.Roots = [root]));
        var hub = world.Hub;
        world._actors[WalkCaller.Owner] = await hub.AccountAsync("olga");
        world._actors[WalkCaller.OwnerWithReadToken] = await hub.TokenAsync(world.Owner.Id, TokenScope.Read);
        foreach (var caller in new[] { WalkCaller.Outsider, WalkCaller.Guest, WalkCaller.Viewer, WalkCaller.Editor })
            world._actors[caller] = await hub.AccountAsync(caller.ToString().ToLowerInvariant());
        world._actors[WalkCaller.Administrator] = await hub.AccountAsync("anton", administrator: true);
        world._actors[WalkCaller.Worker] = await hub.WorkerAsync();
        world._actors[WalkCaller.Stranger] = hub.Stranger();

        world.Project = await world.Owner.ProjectAsync("Additive manufacturing");
        world.Space = await world.Owner.MakeAsync("spaces", new JsonObject { ["name"] = "Collaboration" });
        foreach (var node in new[] { world.Project, world.Space })
            await world.ShareAsync(node);
        var link = await world.Owner.MustAsync("POST", $"nodes/{world.Project}/links", new JsonObject { ["role"] = "guest" });
        var client = hub.Client();
        client.DefaultRequestHeaders.Add("Stemma-Link", link["secret"]!.GetValue<string>());
        world._actors[WalkCaller.GuestLink] = new TestActor(link["id"]!.GetValue<Guid>(), client);
        return world;
    }

    /// <summary>Gives guest, viewer and editor their roles on a node of the owner's.</summary>
    public async Task ShareAsync(Guid node)
    {
        foreach (var (caller, role) in new[] { (WalkCaller.Guest, "guest"), (WalkCaller.Viewer, "viewer"), (WalkCaller.Editor, "editor") })
            await Owner.MustAsync("PUT", $"nodes/{node}/grants/{this[caller].Id}", new JsonObject { ["role"] = role });
    }

    /// <summary>A name that nothing has yet.</summary>
    public string Name(string what) => $"{what} {++_names}";

    public Task<Guid> DatasetAsync() => Owner.DatasetAsync(Project, Name("dataset"));

    public Task<Guid> CollectionAsync() => Owner.CollectionAsync(Project, Name("collection"));

    /// <summary>An account that has nothing to do with the project.</summary>
    public async Task<Guid> SomebodyAsync() => (await Hub.AccountAsync(Name("somebody").Replace(' ', '-'))).Id;

    /// <summary>A file of a few bytes in a new dataset, with the ids that its deposit answers.</summary>
    public async Task<(Guid Dataset, Guid FileSet, Guid File)> FileAsync(string name = "a.dm3")
    {
        var dataset = await DatasetAsync();
        using var content = new ByteArrayContent([.. "pixels"u8, .. Guid.NewGuid().ToByteArray()]);
        using var answer = await Owner.Client.PutAsync($"nodes/{dataset}/files/{name}", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        var deposited = JsonNode.Parse(text)!;
        return (dataset, deposited["fileSetId"]!.GetValue<Guid>(), deposited["file"]!["id"]!.GetValue<Guid>());
    }

    /// <summary>A task that the worker has claimed, with the only file of its set.</summary>
    public async Task<(Guid Task, int Attempt, Guid File)> TaskAsync()
    {
        var (_, fileSet, file) = await FileAsync();
        await RunAsync("delete from tasks where subject_id <> @fileSet", new { fileSet });
        var claimed = await this[WalkCaller.Worker].MustAsync("POST", "tasks/claim?wait=0",
            new JsonObject { ["worker"] = "walk", ["kinds"] = new JsonArray("extract"), ["limit"] = 1 });
        var task = claimed["tasks"]![0]!;
        return (task["id"]!.GetValue<Guid>(), task["attempt"]!.GetValue<int>(), file);
    }

    /// <summary>An archive that a worker is unpacking.</summary>
    public async Task<(Guid Task, int Attempt)> UnpackingAsync()
    {
        using var bytes = new ByteArrayContent([.. "PK"u8, .. Guid.NewGuid().ToByteArray()]);
        using var put = await Owner.Client.PutAsync($"nodes/{Project}/files/archives/{Guid.NewGuid():n}.zip?unpack=true", bytes, TestContext.Current.CancellationToken);
        put.IsSuccessStatusCode.ShouldBeTrue();
        var claimed = await this[WalkCaller.Worker].MustAsync("POST", "tasks/claim?wait=0",
            new JsonObject { ["worker"] = "walk", ["kinds"] = new JsonArray("unpack"), ["limit"] = 1 });
        var task = claimed["tasks"]![0]!;
        return (task["id"]!.GetValue<Guid>(), task["attempt"]!.GetValue<int>());
    }

    /// <summary>A file set that was read: it has an image with thumbnail and preview, and original metadata.</summary>
    public async Task<Guid> ReadFileSetAsync()
    {
        if (_read is { } fileSet)
            return fileSet;
        var (task, attempt, file) = await TaskAsync();
        using var result = Result();
        using var answer = await this[WalkCaller.Worker].Client.PostAsync($"tasks/{task}/complete?attempt={attempt}", result, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        _read = await ScalarAsync<Guid>("select file_set_id from files where id = @file", new { file });
        return _read.Value;
    }

    /// <summary>What a worker hands in.</summary>
    public static MultipartFormDataContent Result() => new()
    {
        {
            new StringContent("""
                {"format":"dm3","formatName":"DigitalMicrograph 3","readerVersion":"1","softwareVersion":"0.1.0","seconds":0.1,
                 "images":[{"index":0,"title":null,"shape":[2,3],"pixelType":"uint16","axes":[],"partial":null,"preview":null}],"acquisition":{},"warnings":[],
                 "members":[],"companions":[],"entries":null,"refused":null}
                """, Encoding.UTF8, "application/json"),
            "result"
        },
        { new StringContent("{}", Encoding.UTF8, "application/json"), "original" },
        { Picture(), "thumbnail-0" },
        { Picture(), "preview-0" },
        { Picture(), "spectrum-0" },
    };

    private static ByteArrayContent Picture() => new([0xFF, 0xD8, 0xFF]) { Headers = { ContentType = new("image/jpeg") } };

    public async Task RunAsync(string sql, object? parameters = null)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
