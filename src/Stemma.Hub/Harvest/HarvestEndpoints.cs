using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Stemma.Hub.Accounts;
using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

internal static class HarvestEndpoints
{
    /// <summary>Folders of shares that the hub watches.</summary>
    public static IEndpointRouteBuilder MapHarvest(this IEndpointRouteBuilder api)
    {
        var sources = api.MapGroup("/harvest-sources").WithTags("Harvest");
        sources.MapGet("", async (HarvestSources harvest, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await harvest.ListAsync(limit, cursor, cancellationToken)))
            .WithName("ListHarvestSources").WithSummary("Folders that the hub watches, by name, with their problems and how many of their files are in which state.").For(Caller.Administrator);
        sources.MapPost("", async (HarvestSources harvest, Actor actor, NewHarvestSource asked, HttpContext context, CancellationToken cancellationToken) =>
            {
                var made = await harvest.CreateAsync(actor, asked, cancellationToken);
                context.SetVersion(made.Version);
                return TypedResults.Created($"/api/v1/harvest-sources/{made.Id}", made);
            })
            .WithName("CreateHarvestSource").WithSummary("Watch a folder beneath one of the hub's roots, and take its files into a project, collection or dataset.")
            .For(Caller.Administrator).Records("harvest-source.created");
        sources.MapGet("/{id:guid}", async (HarvestSources harvest, Guid id, HttpContext context, CancellationToken cancellationToken) =>
                Answer(context, await harvest.GetAsync(id, cancellationToken)))
            .WithName("GetHarvestSource").WithSummary("One source.").For(Caller.Administrator);
        sources.MapPatch("/{id:guid}", async (HarvestSources harvest, Actor actor, Guid id, HarvestSourcePatch patch, HttpContext context, CancellationToken cancellationToken) =>
                Answer(context, await harvest.ChangeAsync(actor, id, patch, Expected(context), cancellationToken)))
            .WithName("ChangeHarvestSource").WithSummary("Change, pause or resume a source. If-Match is checked where it is sent.").For(Caller.Administrator).Records("harvest-source.changed");
        sources.MapDelete("/{id:guid}", async (HarvestSources harvest, Actor actor, Guid id, HttpContext context, CancellationToken cancellationToken) =>
            {
                await harvest.DeleteAsync(actor, id, Expected(context), cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("DeleteHarvestSource").WithSummary("Stop watching a folder. What was taken stays.").For(Caller.Administrator).Records("harvest-source.deleted");
        sources.MapGet("/{id:guid}/entries", async (HarvestSources harvest, Guid id, string? state, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await harvest.EntriesAsync(id, state, limit, cursor, cancellationToken)))
            .WithName("ListHarvestEntries").WithSummary("Files seen in a source, by path; ?state=failed for those with a problem.").For(Caller.Administrator);
        sources.MapPost("/{id:guid}/scan", async (HarvestSources harvest, Guid id, CancellationToken cancellationToken) =>
                TypedResults.Ok(await harvest.ScanAsync(id, cancellationToken)))
            .WithName("ScanHarvestSource").WithSummary("Look through a source now. Answers when it has been looked through; what has rested is then taken.")
            .For(Caller.Administrator).RecordsNothing("looking changes nothing; what is taken after it records itself");
        return api;
    }

    private static Ok<HarvestSourceRecord> Answer(HttpContext context, HarvestSourceRecord source)
    {
        context.SetVersion(source.Version);
        return TypedResults.Ok(source);
    }

    private static long? Expected(HttpContext context) => context.Request.Headers.ContainsKey(HeaderNames.IfMatch) ? context.ExpectedVersion() : null;
}
