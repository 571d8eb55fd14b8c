using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Annotations.GeoJson;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

internal static class AnnotationEndpoints
{
    /// <summary>A request about as many annotations as there may be is larger than other JSON.</summary>
    private sealed class ManyAnnotations : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => AnnotationChecks.MaxBodyBytes;
    }

    public static IServiceCollection AddAnnotations(this IServiceCollection services) => services
        .AddSingleton<AnnotationQueries>().AddSingleton<AnnotationChanges>().AddSingleton<AnnotationExports>().AddSingleton<AnnotationPurge>();

    /// <summary>Features inside an image. Who sees the file set sees them; who edits it makes, changes and removes them.</summary>
    public static IEndpointRouteBuilder MapAnnotations(this IEndpointRouteBuilder api)
    {
        var image = api.MapGroup("/file-sets/{id:guid}/images/{index:int:min(0)}").WithTags("Annotations");
        image.MapGet("/annotations.geojson", (AnnotationExports exports, Actor actor, HttpContext context, Guid id, int index, string? coordinates, CancellationToken cancellationToken) =>
                exports.SendGeoJsonAsync(actor, id, index, coordinates, context, cancellationToken))
            .WithName("ExportAnnotationsAsGeoJson").WithSummary("All annotations as GeoJSON, in pixels or with ?coordinates=calibrated in the unit of the axes.").For(Caller.Anyone, Capabilities.See).Through(RequestGates.Exports)
            .Produces<string>(contentType: "application/geo+json");
        image.MapGet("/annotations.ome.xml", (AnnotationExports exports, Actor actor, HttpContext context, Guid id, int index, CancellationToken cancellationToken) =>
                exports.SendOmeXmlAsync(actor, id, index, context, cancellationToken))
            .WithName("ExportAnnotationsAsOmeXml").WithSummary("All annotations as regions of interest in OME-XML (2016-06).").For(Caller.Anyone, Capabilities.See).Through(RequestGates.Exports)
            .Produces<string>(contentType: "application/xml");

        var annotations = image.MapGroup("/annotations");
        annotations.MapGet("", async (AnnotationQueries queries, Actor actor, Guid id, int index, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.ListAsync(actor, id, index, limit, cursor, cancellationToken)))
            .WithName("ListAnnotations").WithSummary($"What was marked in an image, in the order in which it was made. limit goes up to {AnnotationQueries.MaxLimit}.").For(Caller.Anyone, Capabilities.See).Compressed();
        annotations.MapPost("", async (AnnotationChanges changes, Actor actor, Guid id, int index, NewAnnotations asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await changes.AddAsync(actor, id, index, _ => asked.Items, null, cancellationToken)))
            .WithName("AddAnnotations").WithSummary("Mark one or many features.").WithMetadata(new ManyAnnotations()).For(Caller.SignedIn, Capabilities.Edit).Records("annotations.added");
        annotations.MapPost("/import", async (AnnotationChanges changes, Actor actor, Guid id, int index, JsonElement geoJson, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await changes.AddAsync(actor, id, index, _ => GeoJsonReader.Read(geoJson), "GeoJSON", cancellationToken)))
            .WithName("ImportAnnotations").WithSummary("Mark the features of a GeoJSON file, whose coordinates are pixels.").WithMetadata(new ManyAnnotations())
            .For(Caller.SignedIn, Capabilities.Edit).Records("annotations.added");
        annotations.MapPost("/remove", async (AnnotationChanges changes, Actor actor, Guid id, int index, RemoveAnnotations asked, CancellationToken cancellationToken) =>
                TypedResults.Ok(await changes.RemoveAsync(actor, id, index, asked.Ids, null, cancellationToken)))
            .WithName("RemoveAnnotations").WithSummary("Remove many. They can be put back together.").WithMetadata(new ManyAnnotations())
            .For(Caller.SignedIn, Capabilities.Edit).Records("annotations.removed");
        annotations.MapPost("/restore", async (AnnotationChanges changes, Actor actor, Guid id, int index, RestoreAnnotations asked, CancellationToken cancellationToken) =>
                TypedResults.Ok(await changes.RestoreAsync(actor, id, index, asked.RemovalId, cancellationToken)))
            .WithName("RestoreAnnotations").WithSummary("Put back what was removed together, as long as the trash keeps things.").For(Caller.SignedIn, Capabilities.Edit).Records("annotations.restored");

        annotations.MapGet("/{annotationId:guid}", async (AnnotationQueries queries, Actor actor, HttpContext context, Guid id, int index, Guid annotationId, CancellationToken cancellationToken) =>
                Answer(context, await queries.GetAsync(actor, id, index, annotationId, cancellationToken)))
            .WithName("GetAnnotation").WithSummary("One annotation.").For(Caller.Anyone, Capabilities.See);
        annotations.MapPatch("/{annotationId:guid}", async (
                AnnotationChanges changes, Actor actor, HttpContext context, Guid id, int index, Guid annotationId, AnnotationPatch patch, CancellationToken cancellationToken) =>
                Answer(context, await changes.ChangeAsync(actor, id, index, annotationId, patch, context.ExpectedVersion(), cancellationToken)))
            .WithName("ChangeAnnotation").WithSummary("Move it, reshape it, or describe it.").For(Caller.SignedIn, Capabilities.Edit).Records("annotation.changed");
        annotations.MapDelete("/{annotationId:guid}", async (AnnotationChanges changes, Actor actor, HttpContext context, Guid id, int index, Guid annotationId, CancellationToken cancellationToken) =>
                TypedResults.Ok(await changes.RemoveAsync(actor, id, index, [annotationId], context.ExpectedVersion(), cancellationToken)))
            .WithName("RemoveAnnotation").WithSummary("Remove it. It can be put back.").For(Caller.SignedIn, Capabilities.Edit).Records("annotations.removed");
        return api;
    }

    private static Ok<Annotation> Answer(HttpContext context, Annotation annotation)
    {
        context.SetVersion(annotation.Version);
        return TypedResults.Ok(annotation);
    }
}
