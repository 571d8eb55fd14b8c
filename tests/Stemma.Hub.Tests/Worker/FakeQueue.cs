using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stemma.Client;

namespace Stemma.Hub.Tests.Worker;

/// <summary>A hub's queue over real HTTP: hands out tasks and keeps what comes back.</summary>
internal sealed class FakeQueue : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<WorkTask> _tasks = Channel.CreateUnbounded<WorkTask>();
    private readonly ConcurrentDictionary<Guid, byte[]> _inputs = new();
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<Ending>> _endings = new();

    private FakeQueue(WebApplication app)
    {
        _app = app;
        Map();
    }

    /// <summary>How a task ended: parts of the result by name, or a failure.</summary>
    internal sealed record Ending(IReadOnlyDictionary<string, string> Parts, TaskFailure? Failure);

    public Uri Address => new(_app.Urls.First());

    public ConcurrentDictionary<string, string> Deposits { get; } = new();

    /// <summary>Tasks that the next heartbeat cancels.</summary>
    public ConcurrentDictionary<Guid, bool> Cancelled { get; } = new();

    /// <summary>Tasks that were handed out, in their order.</summary>
    public Channel<Guid> Claimed { get; } = Channel.CreateUnbounded<Guid>();

    /// <summary>Tasks whose leases were prolonged.</summary>
    public Channel<Guid> Prolonged { get; } = Channel.CreateUnbounded<Guid>();

    public static async Task<FakeQueue> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var queue = new FakeQueue(builder.Build());
        await queue._app.StartAsync();
        return queue;
    }

    /// <summary>Queues a task and waits for its end.</summary>
    public Task<Ending> DoAsync(string name, byte[] bytes, string kind = "extract", Guid? id = null, IEnumerable<(string Name, byte[] Bytes)>? parts = null)
    {
        var task = id ?? Guid.CreateVersion7();
        var ending = _endings[task] = new TaskCompletionSource<Ending>(TaskCreationOptions.RunContinuationsAsynchronously);
        _tasks.Writer.TryWrite(new WorkTask(task, 1, kind, 3, Guid.CreateVersion7(), [Member(name, bytes), .. (parts ?? []).Select(part => Member(part.Name, part.Bytes))], null));
        return ending.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskMember Member(string name, byte[] bytes)
    {
        var file = Guid.CreateVersion7();
        _inputs[file] = bytes;
        return new TaskMember(file, name, "primary", bytes.Length, new string('0', 64), null);
    }

    private void Map()
    {
        var api = _app.MapGroup("/api/v1/tasks");
        api.MapPost("/claim", async (HttpContext context) =>
        {
            var request = (await context.Request.ReadFromJsonAsync<ClaimRequest>(ClientJson.Options))!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            patience.CancelAfter(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(_tasks.Reader.WaitToReadAsync(patience.Token).AsTask());
            var tasks = new List<WorkTask>();
            while (tasks.Count < request.Limit && _tasks.Reader.TryRead(out var task))
            {
                tasks.Add(task);
                Claimed.Writer.TryWrite(task.Id);
            }

            return Results.Json(new ClaimedTasks(tasks), ClientJson.Options);
        });
        api.MapPost("/{id}/heartbeat", (Guid id) =>
        {
            Prolonged.Writer.TryWrite(id);
            return Results.Json(new HeartbeatAnswer(Cancelled.ContainsKey(id)), ClientJson.Options);
        });
        api.MapGet("/{id}/inputs/{file}", (Guid file) => Results.Bytes(_inputs[file]));
        api.MapPost("/{id}/fail", async (HttpContext context, Guid id) =>
        {
            var body = await JsonSerializer.DeserializeAsync<TaskFailure>(context.Request.Body, ClientJson.Options);
            _endings[id].TrySetResult(new Ending(new Dictionary<string, string>(), body));
            return Results.NoContent();
        });
        api.MapPost("/{id}/complete", async (HttpContext context, Guid id) =>
        {
            var reader = new Microsoft.AspNetCore.WebUtilities.MultipartReader(context.Request.ContentType!.Split("boundary=")[1].Trim('"'), context.Request.Body);
            var parts = new Dictionary<string, string>();
            while (await reader.ReadNextSectionAsync() is { } section)
                parts[Microsoft.Net.Http.Headers.ContentDispositionHeaderValue.Parse(section.ContentDisposition).Name.Value!.Trim('"')] = await new StreamReader(section.Body).ReadToEndAsync();
            _endings[id].TrySetResult(new Ending(parts, null));
            return Results.NoContent();
        });
        api.MapPut("/{id}/deposits/{**path}", async (HttpContext context, string path) =>
        {
            if (path.Contains("unwanted", StringComparison.Ordinal))
                return Results.Problem("The name is not wanted here.", statusCode: 400);
            Deposits[path] = await new StreamReader(context.Request.Body).ReadToEndAsync();
            return Results.Json(new { file = new { id = Guid.CreateVersion7(), path, version = 1, size = 1, sha256 = "" }, fileSetId = Guid.Empty, datasetId = Guid.Empty, alreadyThere = false });
        });
    }
}
