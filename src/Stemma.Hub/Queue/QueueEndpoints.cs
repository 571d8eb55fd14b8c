using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Extraction;
using Stemma.Hub.Files;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Queue;

/// <summary>What a worker in any language speaks: claim, heartbeat, inputs, complete or fail.</summary>
internal static class QueueEndpoints
{
    private const int MaxWaitSeconds = 20;
    private const long MaxResultBytes = 64L << 20;
    private const int MaxArtifacts = 1000;
    private const long MaxArtifactBytes = 256L << 20;
    private const long SmallResultBytes = 1 << 20;
    private const int PartBufferBytes = 64 << 10;

    public static IEndpointRouteBuilder MapQueue(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Queue");
        tasks.MapPost("/claim", ClaimAsync).WithName("ClaimTasks").WithSummary("Take tasks to do; waits up to ?wait= seconds for one.")
            .For(Caller.Worker).RecordsNothing("who works on what is the queue's business; the result is recorded");
        tasks.MapPost("/{id:guid}/heartbeat", (TaskQueue queue, Guid id, HeartbeatRequest request, CancellationToken cancellationToken) => queue.HeartbeatAsync(id, request, cancellationToken))
            .WithName("Heartbeat").WithSummary("Prolong the lease and tell the progress.")
            .For(Caller.Worker).RecordsNothing("progress is not history");
        tasks.MapGet("/{id:guid}/inputs/{fileId:guid}", InputAsync).WithName("GetTaskInput").WithSummary("The bytes of one member of a claimed task.")
            .For(Caller.Worker);
        tasks.MapPost("/{id:guid}/complete", CompleteAsync).WithName("CompleteTask").WithSummary("Hand in the result: multipart with `result` (JSON) first, then artifacts; a part whose name is a list as in `preview-0,thumbnail-0` is each of them.")
            .For(Caller.Worker).Records("file-set.read").Accepts<IFormFile>("multipart/form-data").TakesFile();
        tasks.MapPost("/{id:guid}/fail", FailAsync).WithName("FailTask").WithSummary("Say why a task could not be done.")
            .For(Caller.Worker).RecordsNothing("a failed reading changes nothing that was deposited; the reason stands at the file set");
        api.MapGet("/queue", (TaskQueue queue, CancellationToken cancellationToken) => queue.StateAsync(cancellationToken))
            .WithTags("Queue").WithName("GetQueue").WithSummary("How much waits, runs and failed, and who works.").For(Caller.SignedIn);
        return api;
    }

    private static async Task<ClaimedTasks> ClaimAsync(TaskQueue queue, TaskSignal signal, ClaimRequest request, int? wait, CancellationToken cancellationToken)
    {
        if (request.Limit is < 1 or > 64)
            throw Problem.Invalid($"limit must be between 1 and 64, but is {request.Limit}.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, MaxWaitSeconds)));
        while (true)
        {
            var next = signal.Next;
            var tasks = await queue.ClaimAsync(request, cancellationToken);
            if (tasks.Count > 0 || wait is null or 0)
                return new ClaimedTasks(tasks);
            await next.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (patience.IsCancellationRequested)
                return new ClaimedTasks([]);
        }
    }

    private sealed record InputRow(byte[] Sha256, long Size, bool Stored, string? LinkedRoot, string? LinkedPath, DateTime? LinkedModifiedAt);

    private static async Task<Results<PhysicalFileHttpResult, FileStreamHttpResult>> InputAsync(
        NpgsqlDataSource database, LocalBlobStore store, LinkedFiles linked, Guid id, Guid fileId, int attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<InputRow>(new CommandDefinition("""
            select f.sha256, f.size, f.blob_sha256 is not null as stored, l.root as linkedRoot, l.path as linkedPath, l.modified_at as linkedModifiedAt
            from tasks t
            join files f on f.id = @fileId and case t.kind when 'unpack' then f.id = t.subject_id else f.file_set_id = t.subject_id end
            left join linked_files l on l.file_id = f.id
            where t.id = @id and t.attempt = @attempt and t.state = 'running'
            """, new { id, fileId, attempt }, cancellationToken: cancellationToken)) ?? throw Problem.NotFound("such input of a running task");
        const string type = "application/octet-stream";
        return row.Stored
            ? TypedResults.PhysicalFile(Path.GetFullPath(store.PathOf(Digest.From(row.Sha256))), type, enableRangeProcessing: true)
            : TypedResults.Stream(linked.OpenUnchanged(row.LinkedRoot!, row.LinkedPath!, row.Size, row.LinkedModifiedAt!.Value), type, enableRangeProcessing: true);
    }

    private static async Task<NoContent> FailAsync(TaskQueue queue, Guid id, FailRequest request, CancellationToken cancellationToken)
    {
        await queue.FailAsync(id, request, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> CompleteAsync(
        TaskQueue queue, ExtractionRecorder recorder, ArtifactStore store, Actor actor, HttpContext context, Guid id, int attempt, CancellationToken cancellationToken)
    {
        var boundary = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.MediaType == "multipart/form-data"
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (boundary is null)
            throw Problem.Invalid("A result is handed in as multipart/form-data with a part `result` and one part per artifact.");
        // What is small is taken in first: what is void is refused in the end all the same, and asking now is a round trip more.
        if (context.Request.ContentLength is not < SmallResultBytes)
            await queue.RequireRunningAsync(id, attempt, cancellationToken);
        var reader = new MultipartReader(boundary, context.Request.Body, PartBufferBytes) { BodyLengthLimit = MaxArtifactBytes };
        ExtractionResult? result = null;
        var artifacts = new List<WrittenArtifact>();
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
                throw Problem.Invalid("Every part of a result needs a name.");
            if (name == "result")
            {
                using var limited = new MemoryStream();
                await section.Body.CopyToAsync(limited, cancellationToken);
                if (limited.Length > MaxResultBytes)
                    throw Problem.Invalid($"The part `result` may have at most {MaxResultBytes} bytes, but has {limited.Length}.");
                result = JsonSerializer.Deserialize<ExtractionResult>(limited.GetBuffer().AsSpan(0, (int)limited.Length), WireJson.Options);
            }
            else
            {
                var (sha256, size) = await store.WriteAsync(section.Body, cancellationToken);
                foreach (var each in Names(name, artifacts))
                    artifacts.Add(new WrittenArtifact(each, section.ContentType ?? "application/octet-stream", sha256, size));
            }
        }

        await recorder.CompleteAsync(actor, id, attempt, result ?? throw Problem.Invalid("The part `result` is missing."), artifacts, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <exception cref="Problem">400: a name is empty or given twice, or there are too many.</exception>
    private static string[] Names(string list, List<WrittenArtifact> before)
    {
        var names = list.Split(',');
        if (before.Count + names.Length > MaxArtifacts)
            throw Problem.Invalid($"A result may have at most {MaxArtifacts} artifacts.");
        if (names.Contains("") || names.Concat(before.Select(artifact => artifact.Name)).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is not null)
            throw Problem.Invalid($"Every artifact of a result needs a name of its own, but a part is called \"{list}\".");
        return names;
    }
}
