using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stemma.Hub.Tests.Client;

/// <summary>A hub's deposits and downloads over real HTTP, kept in memory, that breaks connections when told to.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, Upload> _uploads = new();
    private int _failures;

    private FakeHub(WebApplication app)
    {
        _app = app;
        Map();
    }

    internal sealed record File(Guid Id, string Path, byte[] Bytes)
    {
        public string Sha256 { get; init; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));
    }

    private sealed class Upload
    {
        public required Dictionary<string, string> Metadata { get; init; }
        public required byte[] Bytes { get; init; }
        public int Offset { get; set; }
    }

    public Uri Address => new(_app.Urls.First());

    public Guid Node { get; } = Guid.CreateVersion7();

    public ConcurrentDictionary<string, File> Files { get; } = new();

    /// <summary>Bodies of deposits and pieces that began.</summary>
    public int Received;

    /// <summary>Bytes of a piece or download after which the connection breaks; once.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>So many requests are answered with 503 before one is taken.</summary>
    public void FailNext(int count) => _failures = count;

    /// <summary>Stores other bytes than came.</summary>
    public bool Corrupts { get; set; }

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var hub = new FakeHub(builder.Build());
        await hub._app.StartAsync();
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            if (context.Request.Method is "PUT" or "PATCH" && Interlocked.Decrement(ref _failures) >= 0)
            {
                context.Response.StatusCode = 503;
                return;
            }

            await next(context);
        });
        var api = _app.MapGroup("/api/v1");
        api.MapGet("/nodes/{id}", (Guid id) => Results.Json(new { id, kind = "project", name = "P", createdAt = DateTime.UtcNow, modifiedAt = DateTime.UtcNow, version = 1 }));
        api.MapGet("/projects", () => Results.Json(new { items = new[] { new { id = Node, kind = "project", name = "P", createdAt = DateTime.UtcNow, modifiedAt = DateTime.UtcNow, version = 1 } } }));
        api.MapGet("/nodes/{id}/children", () => Results.Json(new { items = Array.Empty<object>() }));
        api.MapGet("/nodes/{id}/files", (Guid id) => Results.Json(new { items = Files.Values.Select(file => new { file.Id, file.Path, size = file.Bytes.Length, file.Sha256, datasetId = id }) }));
        api.MapPut("/nodes/{id}/files/{**path}", async (HttpContext context, string path) =>
        {
            Interlocked.Increment(ref Received);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var digest = context.Request.Headers["Repr-Digest"].ToString();
            return digest == $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body.ToArray()))}:" ? Results.Json(Deposit(path.Contains('/') ? path : $"Files/{path}", body.ToArray())) : Results.StatusCode(422);
        });
        api.MapGet("/uploads", () => Results.Json(new
        {
            items = _uploads.Select(upload => new
            {
                id = upload.Key, node = upload.Value.Metadata["node"], path = upload.Value.Metadata["path"], length = upload.Value.Bytes.Length, offset = upload.Value.Offset,
                modified = upload.Value.Metadata["modified"],
            }),
        }));
        api.MapPost("/uploads", (HttpContext context) =>
        {
            var id = Guid.CreateVersion7();
            _uploads[id] = new Upload
            {
                Bytes = new byte[int.Parse(context.Request.Headers["Upload-Length"]!)],
                Metadata = context.Request.Headers["Upload-Metadata"].ToString().Split(',').Select(pair => pair.Split(' '))
                    .ToDictionary(pair => pair[0], pair => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(pair[1]))),
            };
            return Results.Created($"/api/v1/uploads/{id}", null);
        });
        api.MapMethods("/uploads/{id}", ["HEAD"], (HttpContext context, Guid id) =>
        {
            if (!_uploads.TryGetValue(id, out var upload))
                return Results.NotFound();
            context.Response.Headers["Upload-Offset"] = upload.Offset.ToString();
            return Results.Ok();
        });
        api.MapPatch("/uploads/{id}", PatchAsync);
        api.MapGet("/files/{id}", (Guid id) => Files.Values.FirstOrDefault(file => file.Id == id) is { } file ? Results.Json(Wire(file)) : Results.NotFound());
        api.MapGet("/files/{id}/content", ContentAsync);
    }

    private async Task<IResult> PatchAsync(HttpContext context, Guid id)
    {
        Interlocked.Increment(ref Received);
        var upload = _uploads[id];
        if (context.Request.Headers["Upload-Offset"] != upload.Offset.ToString())
            return Results.Conflict();
        var end = upload.Offset + (int)context.Request.ContentLength!.Value;
        var stop = BreakAfter is { } after ? Math.Min(end, upload.Offset + after) : end;
        while (upload.Offset < stop)
            upload.Offset += await context.Request.Body.ReadAsync(upload.Bytes.AsMemory(upload.Offset, stop - upload.Offset));
        if (stop < end)
        {
            BreakAfter = null;
            context.Abort();
            return Results.Empty;
        }

        context.Response.Headers["Upload-Offset"] = upload.Offset.ToString();
        if (upload.Offset == upload.Bytes.Length)
        {
            _uploads.TryRemove(id, out _);
            Deposit(upload.Metadata["path"], upload.Bytes);
            context.Response.Headers["Stemma-File"] = Files[upload.Metadata["path"]].Id.ToString();
        }

        return Results.NoContent();
    }

    private async Task ContentAsync(HttpContext context, Guid id)
    {
        var file = Files.Values.First(file => file.Id == id);
        var from = 0;
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range && context.Request.Headers.IfRange == $"\"{file.Sha256}\"")
        {
            from = int.Parse(range["bytes=".Length..^1]);
            context.Response.StatusCode = 206;
        }

        context.Response.ContentLength = file.Bytes.Length - from;
        Interlocked.Add(ref Received, file.Bytes.Length - from);
        if (BreakAfter is { } after)
        {
            BreakAfter = null;
            await context.Response.Body.WriteAsync(file.Bytes.AsMemory(from, after));
            await context.Response.Body.FlushAsync();
            // A reset discards what the receiver has not read yet.
            await Task.Delay(200);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(file.Bytes.AsMemory(from));
    }

    private object Deposit(string path, byte[] bytes)
    {
        if (Corrupts)
            bytes = [.. bytes[..^1], (byte)~bytes[^1]];
        var known = Files.TryGetValue(path, out var before) && before.Bytes.AsSpan().SequenceEqual(bytes);
        var file = known ? before! : Files[path] = new File(Guid.CreateVersion7(), path, bytes);
        return new { file = Wire(file), fileSetId = Guid.CreateVersion7(), datasetId = Node, alreadyThere = known };
    }

    private static object Wire(File file) => new { file.Id, file.Path, version = 1, size = file.Bytes.Length, file.Sha256 };
}
