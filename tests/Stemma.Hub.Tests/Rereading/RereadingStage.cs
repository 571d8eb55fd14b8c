using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Queue;
using Stemma.Hub.Rereading;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Rereading;

/// <summary>A hub with files, and workers of the tests that read them with whichever readers a test wants. The feeder steps when the test says so.</summary>
internal sealed class RereadingStage : IAsyncDisposable
{
    private int _names;

    private RereadingStage(TestHub hub, TestActor administrator, TestActor worker)
    {
        Hub = hub;
        Administrator = administrator;
        Worker = worker;
    }

    public TestHub Hub { get; }

    public TestActor Administrator { get; }

    public TestActor Worker { get; }

    public Guid Project { get; private set; }

    public Guid Dataset { get; private set; }

    /// <summary>What the last announcement was answered, as a worker says it in its claims.</summary>
    public int? Generation { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TaskQueue Queue => Hub.Services.GetRequiredService<TaskQueue>();

    public static async Task<RereadingStage> SetAsync(TestDatabase database, Action<HubOptions>? configure = null)
    {
        var hub = await TestHub.StartAsync(database, configure);
        var stage = new RereadingStage(hub, await hub.AccountAsync("anton", administrator: true), await hub.WorkerAsync());
        stage.Project = await stage.Administrator.ProjectAsync("Alloys");
        stage.Dataset = await stage.Administrator.DatasetAsync(stage.Project, "Day 1");
        return stage;
    }

    /// <summary>The same hub after a restart, at its new address.</summary>
    public RereadingStage Anew() => new(Hub, new TestActor(Administrator.Id, Hub.WithToken(Administrator.Token!), Administrator.Token), new TestActor(Worker.Id, Hub.WithToken(Worker.Token!), Worker.Token))
    {
        Project = Project, Dataset = Dataset, Generation = Generation,
    };

    /// <summary>A worker starts with these readers of the format <c>dm3</c>, and others.</summary>
    public async Task AnnounceAsync(string readerVersion, string mappingVersion = "1", string softwareVersion = "0.1.0", string[]? others = null)
    {
        var answer = await Worker.MustAsync("PUT", "readers", new JsonObject
        {
            ["worker"] = "test", ["softwareVersion"] = softwareVersion,
            ["readers"] = new JsonArray([Reader("dm3", readerVersion, mappingVersion), .. (others ?? []).Select(format => Reader(format, "1", "1"))]),
        });
        Generation = (int?)answer["generation"];
    }

    private static JsonNode Reader(string format, string readerVersion, string mappingVersion) => new JsonObject
    {
        ["format"] = format, ["name"] = $"Format {format}", ["readerVersion"] = readerVersion, ["mappingVersion"] = mappingVersion,
    };

    /// <summary>Deposits a file; it waits to be read.</summary>
    public async Task<Guid> DepositAsync(Guid? dataset = null)
    {
        var name = $"{++_names:000}.dm3";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(name));
        using var answer = await Administrator.Client.PutAsync($"nodes/{dataset ?? Dataset}/files/{name}", content, Cancelled);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["fileSetId"]!.GetValue<Guid>();
    }

    /// <summary>Deposits files and has them read.</summary>
    public async Task<List<Guid>> ReadFilesAsync(int count, ReadAs how, Guid? dataset = null)
    {
        var sets = new List<Guid>();
        for (var index = 0; index < count; index++)
            sets.Add(await DepositAsync(dataset));
        (await ReadAllAsync(how)).ShouldBe(count);
        return sets;
    }

    /// <summary>Claims tasks as a worker does.</summary>
    public Task<IReadOnlyList<ClaimedTask>> ClaimAsync(int limit = 32, int? generation = null) =>
        Queue.ClaimAsync(new ClaimRequest("test", ["extract", "unpack", "reread"], limit, generation ?? Generation), Cancelled);

    /// <summary>Reads until nothing is queued.</summary>
    /// <returns>How many were read.</returns>
    public async Task<int> ReadAllAsync(ReadAs how)
    {
        var read = 0;
        while (await ClaimAsync() is { Count: > 0 } tasks)
            foreach (var task in tasks)
            {
                await CompleteAsync(task, how);
                read++;
            }

        return read;
    }

    public async Task CompleteAsync(ClaimedTask task, ReadAs how)
    {
        if (how.Failure is { } failure)
        {
            await Queue.FailAsync(task.Id, new FailRequest(task.Attempt, "the reader does not like it", failure), Cancelled);
            return;
        }

        // Over HTTP, as a worker hands it in: the artifacts are written by the hub.
        using var result = how.Result();
        using var answer = await Worker.Client.PostAsync($"tasks/{task.Id}/complete?attempt={task.Attempt}", result, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Lets the feeder do all that it can now.</summary>
    public async Task FeedAsync()
    {
        var feeder = Hub.Services.GetRequiredService<RereadingFeeder>();
        // The feeder of the hub itself may hold its lock, or have done the step: nothing to do twice in a row is nothing to do.
        for (var idle = 0; idle < 3;)
            idle = await feeder.StepAsync(Cancelled) ? 0 : idle + 1;
    }

    /// <summary>Has the newest batch done to its end.</summary>
    public async Task<JsonNode> FinishAsync(ReadAs how)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            await FeedAsync();
            await ReadAllAsync(how);
            var newest = await NewestAsync();
            if ((string?)newest["state"] == "ended")
                return newest;
        }

        throw new InvalidOperationException($"The batch does not end: {await NewestAsync()}");
    }

    public async Task<JsonNode> NewestAsync() => (await Administrator.MustAsync("GET", "rereadings"))["items"]![0]!;

    public async Task<Guid> StartAsync(string choice = "outdated", string? format = null, Guid? node = null) =>
        (await Administrator.MustAsync("POST", "rereadings", new JsonObject { ["choice"] = choice, ["format"] = format, ["nodeId"] = node?.ToString() }))["id"]!.GetValue<Guid>();

    public Task<JsonNode> SetAsync(Guid set) => Administrator.MustAsync("GET", $"file-sets/{set}");

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Hub.Database.OpenConnectionAsync(Cancelled);
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}

/// <summary>What a reader of the tests makes of a file.</summary>
internal sealed record ReadAs(string ReaderVersion = "1", string MappingVersion = "1")
{
    public double Step { get; init; } = 0.1;
    public JsonObject Acquisition { get; init; } = [];
    public JsonObject Original { get; init; } = new() { ["Microscope"] = new JsonObject { ["User"] = "JLAU", ["HT"] = 200 } };
    public string Pixels { get; init; } = "pixels";
    public FailureKind? Failure { get; init; }

    public MultipartFormDataContent Result() => new()
    {
        {
            new StringContent(new JsonObject
            {
                ["format"] = "dm3", ["formatName"] = "DigitalMicrograph 3", ["readerVersion"] = ReaderVersion, ["mappingVersion"] = MappingVersion, ["softwareVersion"] = "0.1.0", ["seconds"] = 0.1,
                ["images"] = new JsonArray(new JsonObject
                {
                    ["index"] = 0, ["title"] = null, ["shape"] = new JsonArray(2, 3), ["pixelType"] = "uint16", ["partial"] = null, ["preview"] = null,
                    ["axes"] = new JsonArray(Axis("y", 2), Axis("x", 3)),
                }),
                ["acquisition"] = Acquisition.DeepClone(), ["warnings"] = new JsonArray(), ["members"] = new JsonArray(), ["companions"] = new JsonArray(), ["entries"] = null, ["refused"] = null,
            }.ToJsonString(), Encoding.UTF8, "application/json"),
            "result"
        },
        { new StringContent(Original.ToJsonString(), Encoding.UTF8, "application/json"), "original" },
        { new ByteArrayContent(Encoding.UTF8.GetBytes(Pixels)) { Headers = { ContentType = new("image/png") } }, "preview-0" },
    };

    private JsonObject Axis(string name, int size) => new() { ["name"] = name, ["role"] = "signal", ["size"] = size, ["scale"] = Step, ["offset"] = 0, ["unit"] = "nm" };
}
