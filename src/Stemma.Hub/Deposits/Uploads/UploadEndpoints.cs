using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Uploads;

/// <summary>tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, creation-with-upload, checksum, termination, expiration.</summary>
internal static class UploadEndpoints
{
    private const string Version = "1.0.0";
    private const string ChunkType = "application/offset+octet-stream";
    private const string NotYet = "an upload under way is no file yet";

    public static IEndpointRouteBuilder MapUploads(this IEndpointRouteBuilder api)
    {
        var uploads = api.MapGroup("/uploads").WithTags("Deposits");
        uploads.MapMethods("/", [HttpMethods.Options], Discover).WithName("DiscoverUploads").WithSummary("What of tus 1.0.0 is offered.")
            .For(Caller.Anyone).RecordsNothing("nothing is changed");
        uploads.MapGet("/", ListAsync).WithName("ListUploads").WithSummary("Your own unfinished uploads.").For(Caller.SignedIn);
        var protocol = uploads.MapGroup("").AddEndpointFilter(RequireVersionAsync);
        protocol.MapPost("/", CreateAsync).WithName("CreateUpload").WithSummary("Begin a resumable upload (tus). Upload-Metadata: node, path, levels, dataset, sha256, modified, unpack.")
            .For(Caller.SignedIn, Capabilities.Add).Records("file.deposited").Accepts<byte[]>(isOptional: true, ChunkType, "*/*").TakesFile();
        protocol.MapMethods("/{id:guid}", [HttpMethods.Head], HeadAsync).WithName("GetUploadOffset").WithSummary("How many bytes of an upload are here.")
            .For(Caller.SignedIn).RecordsNothing(NotYet);
        protocol.MapPatch("/{id:guid}", PatchAsync).WithName("AppendToUpload").WithSummary("Append bytes; the last ones make the file.")
            .For(Caller.SignedIn, Capabilities.Add).Records("file.deposited").Accepts<byte[]>(isOptional: true, ChunkType, "*/*").TakesFile();
        protocol.MapDelete("/{id:guid}", TerminateAsync).WithName("TerminateUpload").WithSummary("Give an upload up.")
            .For(Caller.SignedIn).RecordsNothing(NotYet);
        protocol.MapPost("/{id:guid}", OverriddenAsync).WithName("OverriddenUploadMethod").WithSummary("PATCH or DELETE for senders that know only POST: X-HTTP-Method-Override.")
            .For(Caller.SignedIn, Capabilities.Add).Records("file.deposited").Accepts<byte[]>(isOptional: true, ChunkType, "*/*").TakesFile();
        return api;
    }

    private static async ValueTask<object?> RequireVersionAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        // Also on refusals, whose handler starts the answer anew.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["Tus-Resumable"] = Version;
            if (context.Response.StatusCode == StatusCodes.Status412PreconditionFailed)
                context.Response.Headers["Tus-Version"] = Version;
            return Task.CompletedTask;
        });
        if (context.Request.Headers["Tus-Resumable"] != Version)
            throw new Problem(412, "tus-version", "Another version of the protocol", $"Tus-Resumable must be {Version}, but is \"{context.Request.Headers["Tus-Resumable"]}\".");
        return await next(invocation);
    }

    private static NoContent Discover(HttpContext context, HubOptions options)
    {
        var headers = context.Response.Headers;
        headers["Tus-Resumable"] = headers["Tus-Version"] = Version;
        headers["Tus-Extension"] = "creation,creation-with-upload,checksum,termination,expiration";
        headers["Tus-Max-Size"] = options.MaxFileBytes.ToString(CultureInfo.InvariantCulture);
        headers["Tus-Checksum-Algorithm"] = UploadChecksum.Algorithms;
        return TypedResults.NoContent();
    }

    private static async Task<Page<UnfinishedUpload>> ListAsync(UploadService uploads, Actor actor, CancellationToken cancellationToken) =>
        new(await uploads.ListAsync(actor, cancellationToken), null);

    private static async Task<Created> CreateAsync(UploadService uploads, Actor actor, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Headers.ContainsKey("Upload-Defer-Length"))
            throw Problem.Invalid("Upload-Defer-Length is not offered. Say the length with Upload-Length.");
        var length = Number(context, "Upload-Length");
        var upload = await uploads.CreateAsync(actor, length, UploadMetadata.Parse(context.Request.Headers["Upload-Metadata"].ToString()), cancellationToken);
        var location = $"/api/v1/uploads/{upload.Id}";
        if (context.Request.ContentType == ChunkType || length == 0)
        {
            context.Response.Headers.Location = location;
            upload = await AppendAsync(uploads, actor, context, upload, 0, cancellationToken);
        }

        Tell(context, uploads, upload);
        return TypedResults.Created(location);
    }

    private static async Task<Ok> HeadAsync(UploadService uploads, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken)
    {
        var upload = await uploads.FindAsync(actor, id, cancellationToken);
        // Clients that hear the full length take the upload for done: so let it be done.
        upload = await uploads.FinishIfCompleteAsync(actor, upload, cancellationToken);
        Tell(context, uploads, upload);
        context.Response.Headers["Upload-Length"] = upload.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok();
    }

    private static async Task<NoContent> PatchAsync(UploadService uploads, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType != ChunkType)
            throw new Problem(415, "media-type", "Another media type is expected", $"The body of a PATCH must be {ChunkType}, but is \"{context.Request.ContentType}\".");
        var offset = Number(context, "Upload-Offset");
        var upload = await uploads.FindAsync(actor, id, cancellationToken);
        Tell(context, uploads, await AppendAsync(uploads, actor, context, upload, offset, cancellationToken));
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> TerminateAsync(UploadService uploads, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await uploads.TerminateAsync(await uploads.FindAsync(actor, id, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<NoContent> OverriddenAsync(UploadService uploads, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
        context.Request.Headers["X-HTTP-Method-Override"].ToString().ToUpperInvariant() switch
        {
            "PATCH" => PatchAsync(uploads, actor, context, id, cancellationToken),
            "DELETE" => TerminateAsync(uploads, actor, id, cancellationToken),
            _ => throw new Problem(405, "method", "The method does not apply", "POST to an upload needs X-HTTP-Method-Override with PATCH or DELETE."),
        };

    private static async Task<Upload> AppendAsync(UploadService uploads, Actor actor, HttpContext context, Upload upload, long offset, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength is { } count && offset <= upload.Length && count > upload.Length - offset)
            throw new Problem(413, "too-large", "More than announced", $"The upload has {upload.Length} bytes in all: at most {upload.Length - offset} can follow offset {offset}, but the body has {count}.");
        using var checksum = UploadChecksum.Parse(context.Request.Headers["Upload-Checksum"].ToString());
        return await uploads.AppendAsync(actor, upload, offset, context.Request.BodyReader, checksum, cancellationToken);
    }

    private static void Tell(HttpContext context, UploadService uploads, Upload upload)
    {
        var headers = context.Response.Headers;
        headers["Upload-Offset"] = uploads.OffsetOf(upload).ToString(CultureInfo.InvariantCulture);
        headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        if (upload.FileId is { } file)
            headers["Stemma-File"] = file.ToString();
        if (upload.FileSetId is { } set)
            headers["Stemma-File-Set"] = set.ToString();
    }

    private static long Number(HttpContext context, string header)
    {
        var text = context.Request.Headers[header].ToString();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Problem.Invalid($"{header} must be a number of bytes, but is \"{text}\".");
    }
}
