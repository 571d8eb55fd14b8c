using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

public static class NodeEndpoints
{
    /// <summary>Projects, collections, datasets and spaces: making, finding, describing, moving, throwing away.</summary>
    public static IEndpointRouteBuilder MapNodes(this IEndpointRouteBuilder api)
    {
        var nodes = api.MapGroup("").WithTags("Projects");
        nodes.MapGet("/projects", async (NodeQueries queries, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.RootsAsync(actor, NodeKind.Project, limit, cursor, cancellationToken)))
            .WithName("ListProjects").WithSummary("Projects that you may see, by name.").For(Caller.Anyone);
        nodes.MapGet("/spaces", async (NodeQueries queries, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.RootsAsync(actor, NodeKind.Space, limit, cursor, cancellationToken)))
            .WithName("ListSpaces").WithSummary("Spaces that you may see, by name.").For(Caller.Anyone);
        nodes.MapGet("/shared", async (NodeQueries queries, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.SharedAsync(actor, limit, cursor, cancellationToken)))
            .WithName("ListShared").WithSummary("Collections and datasets shared with you out of projects that you do not see as a whole.").For(Caller.Anyone);
        nodes.MapPost("/projects", (NodeChanges changes, Actor actor, NewRoot asked, HttpContext context, CancellationToken cancellationToken) =>
                CreateRootAsync(changes, actor, NodeKind.Project, asked, context, cancellationToken))
            .WithName("CreateProject").WithSummary("Make a project. You own it.").For(Caller.SignedIn).Records("node.created");
        nodes.MapPost("/spaces", (NodeChanges changes, Actor actor, NewRoot asked, HttpContext context, CancellationToken cancellationToken) =>
                CreateRootAsync(changes, actor, NodeKind.Space, asked, context, cancellationToken))
            .WithName("CreateSpace").WithSummary("Make a space: a view over things that live in projects. You own it.").For(Caller.SignedIn).Records("node.created");

        nodes.MapGet("/nodes/{id:guid}", GetAsync)
            .WithName("GetNode").WithSummary("One project, collection, dataset or space.").For(Caller.Anyone, Capabilities.See);
        nodes.MapGet("/nodes/{id:guid}/children", async (Guid id, NodeQueries queries, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.ChildrenAsync(actor, id, limit, cursor, cancellationToken)))
            .WithName("ListChildren").WithSummary("Collections and datasets in it, by name; of a space, what is placed in it.").For(Caller.Anyone, Capabilities.See);
        nodes.MapPost("/nodes/{id:guid}/children", CreateChildAsync)
            .WithName("CreateChild").WithSummary("Make a collection or dataset in it.").For(Caller.SignedIn, Capabilities.Add).Records("node.created");
        nodes.MapPatch("/nodes/{id:guid}", ChangeAsync)
            .WithName("ChangeNode").WithSummary("Rename, describe, tag. Licence, embargo, retention and hold need the capability manage.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("node.changed");
        nodes.MapPost("/nodes/{id:guid}/move", MoveAsync)
            .WithName("MoveNode").WithSummary("Put a collection or dataset elsewhere. Where that changes who sees it, you must manage both places.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("node.moved");
        nodes.MapDelete("/nodes/{id:guid}", async (Guid id, Trash trash, Actor actor, HttpContext context, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.TrashAsync(actor, id, context.ExpectedVersion(), cancellationToken)))
            .WithName("TrashNode").WithSummary("Throw it away with all that is in it. It can be put back. Projects and spaces need the capability manage.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("node.trashed");

        nodes.MapGet("/trash", async (Trash trash, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.ListAsync(actor, limit, cursor, cancellationToken)))
            .WithName("ListTrash").WithSummary("What was thrown away and you may put back, newest first.").For(Caller.SignedIn);
        nodes.MapPost("/trash/{trashId:guid}/restore", async (Guid trashId, Trash trash, Actor actor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.RestoreAsync(actor, trashId, cancellationToken)))
            .WithName("Restore").WithSummary("Put back what was thrown away together. Where its name is taken, \" (restored)\" is added.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("node.restored");
        nodes.MapPost("/trash/restore", async (Trash trash, Actor actor, RestoreMany asked, CancellationToken cancellationToken) =>
                TypedResults.Ok(await trash.RestoreAllAsync(actor, asked.TrashIds, cancellationToken)))
            .WithName("RestoreMany").WithSummary($"Put up to {Trash.MaxRestored} things back. Those that are refused stay in the trash, and are told.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("node.restored");
        nodes.MapDelete("/demo", async (Trash trash, Actor actor, CancellationToken cancellationToken) =>
            {
                await trash.TrashDemoAsync(actor, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("RemoveDemo").WithSummary("Throw the demo projects away.").For(Caller.SignedIn, Capabilities.Manage).Records("node.trashed");
        return api;
    }

    private static async Task<Ok<Node>> GetAsync(Guid id, NodeQueries queries, Actor actor, HttpContext context, CancellationToken cancellationToken) =>
        Answer(context, await queries.GetAsync(actor, id, cancellationToken));

    private static async Task<Created<Node>> CreateRootAsync(
        NodeChanges changes, Actor actor, NodeKind kind, NewRoot asked, HttpContext context, CancellationToken cancellationToken) =>
        Made(context, await changes.CreateRootAsync(actor, kind, asked, cancellationToken));

    private static async Task<Created<Node>> CreateChildAsync(
        Guid id, NodeChanges changes, Actor actor, NewChild asked, HttpContext context, CancellationToken cancellationToken) =>
        Made(context, await changes.CreateChildAsync(actor, id, asked, cancellationToken));

    private static async Task<Ok<Node>> ChangeAsync(
        Guid id, NodeChanges changes, Actor actor, NodePatch patch, HttpContext context, CancellationToken cancellationToken) =>
        Answer(context, await changes.ChangeAsync(actor, id, patch, context.ExpectedVersion(), cancellationToken));

    private static async Task<Ok<Node>> MoveAsync(
        Guid id, NodeChanges changes, Actor actor, MoveNode move, HttpContext context, CancellationToken cancellationToken) =>
        Answer(context, await changes.MoveAsync(actor, id, move.ParentId, context.ExpectedVersion(), cancellationToken));

    private static Ok<Node> Answer(HttpContext context, Node node)
    {
        context.SetVersion(node.Version);
        return TypedResults.Ok(node);
    }

    private static Created<Node> Made(HttpContext context, Node node)
    {
        context.SetVersion(node.Version);
        return TypedResults.Created($"/api/v1/nodes/{node.Id}", node);
    }
}
