using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sharing;

public static class SharingEndpoints
{
    internal static IServiceCollection AddSharing(this IServiceCollection services) =>
        services.AddSingleton<AccessQueries>().AddSingleton<Grants>().AddSingleton<Placements>();

    /// <summary>Who may do what, and why: grants, guest links, spaces.</summary>
    public static IEndpointRouteBuilder MapSharing(this IEndpointRouteBuilder api)
    {
        var node = api.MapGroup("/nodes/{id:guid}").WithTags("Sharing");
        node.MapGet("/access", async (Guid id, AccessQueries queries, Actor actor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.GetAsync(actor, id, cancellationToken)))
            .WithName("GetAccess").WithSummary("Who may do what here, and why.").For(Caller.SignedIn, Capabilities.See);
        node.MapPut("/grants/{principalId:guid}", async (Guid id, Guid principalId, Grants grants, Actor actor, GrantRequest asked, CancellationToken cancellationToken) =>
            {
                await grants.GiveAsync(actor, id, principalId, asked, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("PutGrant").WithSummary("Share it: give somebody a role, or change the one they have.").For(Caller.SignedIn, Capabilities.Manage).Records("grant.given");
        node.MapDelete("/grants/{principalId:guid}", async (Guid id, Guid principalId, Grants grants, Actor actor, CancellationToken cancellationToken) =>
            {
                await grants.WithdrawAsync(actor, id, principalId, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("WithdrawGrant").WithSummary("Share it no longer. The last owner stays.").For(Caller.SignedIn, Capabilities.Manage).Records("grant.withdrawn");
        node.MapPost("/hand-over", async (Guid id, Grants grants, Actor actor, HandOver asked, CancellationToken cancellationToken) =>
            {
                await grants.HandOverAsync(actor, id, asked, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("HandOver").WithSummary("Make somebody else the owner, and yourself a viewer.").For(Caller.SignedIn, Capabilities.Manage).Records("node.handed-over");
        node.MapPost("/links", MakeLinkAsync)
            .WithName("CreateLink").WithSummary("Make a guest link. It is shown this once.").For(Caller.SignedIn, Capabilities.Manage).Records("link.made");
        node.MapDelete("/links/{linkId:guid}", async (Guid id, Guid linkId, Grants grants, Actor actor, CancellationToken cancellationToken) =>
            {
                await grants.EndLinkAsync(actor, id, linkId, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("EndLink").WithSummary("End a guest link.").For(Caller.SignedIn, Capabilities.Manage).Records("link.ended");

        var placements = api.MapGroup("/spaces/{id:guid}/placements").WithTags("Sharing");
        placements.MapGet("", async (Guid id, Placements spaces, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await spaces.ListAsync(actor, id, limit, cursor, cancellationToken)))
            .WithName("ListPlacements").WithSummary("What a space shows, by name, and what whoever sees the space may do there at most.").For(Caller.Anyone, Capabilities.See);
        placements.MapPut("/{nodeId:guid}", async (Guid id, Guid nodeId, Placements spaces, Actor actor, PlacementRequest asked, CancellationToken cancellationToken) =>
            {
                await spaces.PlaceAsync(actor, id, nodeId, asked, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("PlaceNode").WithSummary("Place something in a space. You must manage it, and be able to add to the space.").For(Caller.SignedIn, Capabilities.Manage).Records("node.placed");
        placements.MapDelete("/{nodeId:guid}", async (Guid id, Guid nodeId, Placements spaces, Actor actor, CancellationToken cancellationToken) =>
            {
                await spaces.RemoveAsync(actor, id, nodeId, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("UnplaceNode").WithSummary("Take something out of a space. It stays where it lives.").For(Caller.SignedIn, Capabilities.Manage).Records("node.unplaced");
        return api;
    }

    private static async Task<Created<GuestLink>> MakeLinkAsync(
        Guid id, Grants grants, Actor actor, NewLink asked, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, await grants.MakeLinkAsync(actor, id, asked, $"{context.Request.Scheme}://{context.Request.Host}", cancellationToken));
}
