using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Remarks;

internal static class RemarkEndpoints
{
    public static IServiceCollection AddRemarks(this IServiceCollection services) => services.AddSingleton<RemarkQueries>().AddSingleton<RemarkChanges>();

    /// <summary>Notes and comments on nodes and file sets.</summary>
    public static IEndpointRouteBuilder MapRemarks(this IEndpointRouteBuilder api)
    {
        var remarks = api.MapGroup("").WithTags("Remarks");
        Map(remarks.MapGroup("/nodes/{id:guid}"), RemarkSubject.Node, "Node", "project, collection, dataset or space");
        Map(remarks.MapGroup("/file-sets/{id:guid}"), RemarkSubject.FileSet, "FileSet", "file set");

        var remark = remarks.MapGroup("/remarks/{id:guid}");
        remark.MapGet("", async (RemarkQueries queries, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                Answer(context, await queries.GetAsync(actor, id, cancellationToken)))
            .WithName("GetRemark").WithSummary("One note or comment.").For(Caller.Anyone, Capabilities.See);
        remark.MapGet("/versions", async (RemarkQueries queries, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.VersionsAsync(actor, id, limit, cursor, cancellationToken)))
            .WithName("ListRemarkVersions").WithSummary("Its present and earlier texts, newest first.").For(Caller.Anyone, Capabilities.See);
        remark.MapPatch("", async (RemarkChanges changes, Actor actor, HttpContext context, Guid id, RemarkText text, CancellationToken cancellationToken) =>
                Answer(context, await changes.ChangeAsync(actor, id, text.Body, context.ExpectedVersion(), cancellationToken)))
            .WithName("ChangeRemark").WithSummary("Change the text. A note needs the capability edit; a comment is changed by its author alone.")
            .For(Caller.SignedIn, Capabilities.See).Records("remark.changed");
        remark.MapDelete("", async (RemarkChanges changes, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
            {
                await changes.DeleteAsync(actor, id, context.ExpectedVersion(), cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("DeleteRemark").WithSummary("Delete it; it can be put back. A note needs the capability edit; a comment is deleted by its author, or by whoever manages what it is about.")
            .For(Caller.SignedIn, Capabilities.See).Records("remark.deleted");
        remark.MapPost("/restore", async (RemarkChanges changes, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
                Answer(context, await changes.RestoreAsync(actor, id, cancellationToken)))
            .WithName("RestoreRemark").WithSummary("Put back what was deleted. Needs what deleting it needs; what somebody else deleted, authors do not put back.")
            .For(Caller.SignedIn, Capabilities.See).Records("remark.restored");
        return api;
    }

    private static void Map(RouteGroupBuilder of, string kind, string noun, string words)
    {
        of.MapGet("/notes", (RemarkQueries queries, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                ListAsync(queries, actor, kind, id, RemarkKind.Note, limit, cursor, cancellationToken))
            .WithName($"List{noun}Notes").WithSummary($"Notes on a {words}, oldest first.").For(Caller.Anyone, Capabilities.See);
        of.MapPost("/notes", (RemarkChanges changes, Actor actor, HttpContext context, Guid id, NewNote note, CancellationToken cancellationToken) =>
                WriteAsync(changes, actor, context, kind, id, RemarkKind.Note, note.Body, null, cancellationToken))
            .WithName($"Write{noun}Note").WithSummary($"Write a note on a {words}.").For(Caller.SignedIn, Capabilities.Edit).Records("remark.created");
        of.MapGet("/comments", (RemarkQueries queries, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                ListAsync(queries, actor, kind, id, RemarkKind.Comment, limit, cursor, cancellationToken))
            .WithName($"List{noun}Comments").WithSummary($"Comments on a {words} and the answers to them, oldest first.").For(Caller.Anyone, Capabilities.See);
        of.MapPost("/comments", (RemarkChanges changes, Actor actor, HttpContext context, Guid id, NewComment comment, CancellationToken cancellationToken) =>
                WriteAsync(changes, actor, context, kind, id, RemarkKind.Comment, comment.Body, comment.ReplyTo, cancellationToken))
            .WithName($"Write{noun}Comment").WithSummary($"Comment on a {words}, or answer a comment. Whoever has an account and sees it may.").For(Caller.SignedIn, Capabilities.See).Records("remark.created");
    }

    private static async Task<Ok<Page<Remark>>> ListAsync(
        RemarkQueries queries, Actor actor, string objectKind, Guid id, RemarkKind kind, int? limit, string? cursor, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queries.ListAsync(actor, objectKind, id, kind, limit, cursor, cancellationToken));

    private static async Task<Created<Remark>> WriteAsync(
        RemarkChanges changes, Actor actor, HttpContext context, string objectKind, Guid id, RemarkKind kind, string body, Guid? replyTo, CancellationToken cancellationToken)
    {
        var remark = await changes.WriteAsync(actor, objectKind, id, kind, body, replyTo, cancellationToken);
        context.SetVersion(remark.Version);
        return TypedResults.Created($"/api/v1/remarks/{remark.Id}", remark);
    }

    private static Ok<Remark> Answer(HttpContext context, Remark remark)
    {
        context.SetVersion(remark.Version);
        return TypedResults.Ok(remark);
    }
}
