using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.MetadataViews;

internal static class MetadataViewEndpoints
{
    public static IServiceCollection AddMetadataViews(this IServiceCollection services) => services.AddSingleton<ViewChoices>();

    /// <summary>Which acquisition terms a project shows first.</summary>
    public static IEndpointRouteBuilder MapMetadataViews(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Metadata views");
        group.MapGet("/nodes/{id:guid}/metadata-views", async (ViewChoices views, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await views.ListAsync(actor, id, limit, cursor, cancellationToken)))
            .WithName("ListMetadataViews").WithSummary("What a project shows first of its files.").For(Caller.Anyone, Capabilities.See);
        group.MapPost("/nodes/{id:guid}/metadata-views", async (ViewChoices views, Actor actor, HttpContext context, Guid id, NewMetadataView asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, Versioned(context, await views.CreateAsync(actor, id, asked, cancellationToken))))
            .WithName("CreateMetadataView").WithSummary("Choose what a project shows first: of all its files, or of those of a format or an instrument.")
            .For(Caller.SignedIn, Capabilities.Edit).Records("metadata-view.created");
        group.MapPatch("/metadata-views/{id:guid}", async (ViewChoices views, Actor actor, HttpContext context, Guid id, MetadataViewTerms asked, CancellationToken cancellationToken) =>
                TypedResults.Ok(Versioned(context, await views.ChangeAsync(actor, id, asked.Terms, context.ExpectedVersion(), cancellationToken))))
            .WithName("ChangeMetadataView").WithSummary("Choose other terms, or another order.").For(Caller.SignedIn, Capabilities.Edit).Records("metadata-view.changed");
        group.MapDelete("/metadata-views/{id:guid}", async (ViewChoices views, Actor actor, HttpContext context, Guid id, CancellationToken cancellationToken) =>
            {
                await views.DeleteAsync(actor, id, context.ExpectedVersion(), cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("DeleteMetadataView").WithSummary("Show the usual terms again.").For(Caller.SignedIn, Capabilities.Edit).Records("metadata-view.deleted");
        return api;
    }

    private static MetadataView Versioned(HttpContext context, MetadataView view)
    {
        context.SetVersion(view.Version);
        return view;
    }
}
