using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Rereading;

internal static class RereadingEndpoints
{
    public static IServiceCollection AddRereading(this IServiceCollection services) => services
        .AddSingleton<Rereadings>().AddSingleton<ReaderAnnouncements>().AddSingleton<ReaderQueries>().AddSingleton<DifferenceQueries>()
        .AddSingleton<RereadingFeeder>().AddHostedService(provider => provider.GetRequiredService<RereadingFeeder>());

    /// <summary>Readers, and reading files again when they changed.</summary>
    public static IEndpointRouteBuilder MapRereading(this IEndpointRouteBuilder api)
    {
        var readers = api.MapGroup("/readers").WithTags("Readers");
        readers.MapGet("", async (ReaderQueries queries, CancellationToken cancellationToken) => TypedResults.Ok(await queries.GetAsync(cancellationToken)))
            .WithName("GetReaders").WithSummary("The newest readers, which versions read how many files, and how many of them are out of date.").For(Caller.Administrator);
        readers.MapPut("", async (ReaderAnnouncements announcements, Actor actor, ReadersAnnouncement announcement, CancellationToken cancellationToken) =>
                TypedResults.Ok(await announcements.AnnounceAsync(actor, announcement, cancellationToken)))
            .WithName("AnnounceReaders").WithSummary("A worker says which readers it has, once when it starts. Where they are newer than those known, files are read again.")
            .For(Caller.Worker).Records("readers.announced");

        var rereadings = api.MapGroup("/rereadings").WithTags("Readers");
        rereadings.MapGet("", async (Rereadings batches, int? limit, string? cursor, CancellationToken cancellationToken) => TypedResults.Ok(await batches.ListAsync(limit, cursor, cancellationToken)))
            .WithName("ListRereadings").WithSummary("Batches of files that are, or were, read again, newest first.").For(Caller.Administrator);
        rereadings.MapPost("", async (Rereadings batches, Actor actor, NewRereading asked, HttpContext context, CancellationToken cancellationToken) =>
            {
                var made = await batches.StartAsync(actor, asked, cancellationToken);
                context.SetVersion(made.Version);
                return TypedResults.Created($"/api/v1/rereadings/{made.Id}", made);
            })
            .WithName("StartRereading").WithSummary("Have files read again in the background: those that are out of date, those that no reader could read, or all; of a format, or in a project, collection or dataset.")
            .For(Caller.Administrator).Records("rereading.started");
        rereadings.MapGet("/{id:guid}", async (Rereadings batches, Guid id, HttpContext context, CancellationToken cancellationToken) => Answer(context, await batches.GetAsync(id, cancellationToken)))
            .WithName("GetRereading").WithSummary("One batch, with how its files came out so far.").For(Caller.Administrator);
        rereadings.MapPatch("/{id:guid}", async (Rereadings batches, Actor actor, Guid id, RereadingPatch patch, HttpContext context, CancellationToken cancellationToken) =>
                Answer(context, await batches.ChangeAsync(actor, id, patch, context.Request.Headers.ContainsKey(HeaderNames.IfMatch) ? context.ExpectedVersion() : null, cancellationToken)))
            .WithName("ChangeRereading").WithSummary("Pause a batch, go on with it, or cancel it. If-Match is checked where it is sent.").For(Caller.Administrator).Records("rereading.paused");
        rereadings.MapGet("/{id:guid}/keys", async (DifferenceQueries queries, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.KeysAsync(id, limit, cursor, cancellationToken)))
            .WithName("ListRereadingKeys").WithSummary("What came out differently, by key, those of most files first, each with an example.").For(Caller.Administrator);
        rereadings.MapGet("/{id:guid}/files", async (DifferenceQueries queries, Guid id, string? outcome, string? key, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.FilesAsync(id, outcome, key, limit, cursor, cancellationToken)))
            .WithName("ListRereadingFiles").WithSummary("Files that did not come out the same; ?outcome=failed for those, ?key=acquisition.pixel_size for those in which that key did.").For(Caller.Administrator);

        api.MapGet("/file-sets/{id:guid}/rereadings", async (DifferenceQueries queries, Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.OfFileSetAsync(actor, id, limit, cursor, cancellationToken)))
            .WithTags("Readers").WithName("ListFileSetRereadings").WithSummary("What came out differently when a file set was read again, newest first.").For(Caller.Anyone, Capabilities.See);
        return api;
    }

    private static Ok<RereadingRecord> Answer(HttpContext context, RereadingRecord rereading)
    {
        context.SetVersion(rereading.Version);
        return TypedResults.Ok(rereading);
    }
}
