using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Facility;

public static class FacilityEndpoints
{
    internal static IServiceCollection AddFacility(this IServiceCollection services) =>
        services.AddSingleton<Instruments>().AddSingleton<Sessions>().AddSingleton<Samples>().AddSingleton<HubStatus>();

    /// <summary>Instruments and sittings, which everybody with an account sees; samples, which have the access rules of their project.</summary>
    public static IEndpointRouteBuilder MapFacility(this IEndpointRouteBuilder api)
    {
        var facility = api.MapGroup("").WithTags("Facility");
        facility.MapGet("/instruments", async (Instruments instruments, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await instruments.ListAsync(limit, cursor, cancellationToken)))
            .WithName("ListInstruments").WithSummary("Instruments, by name.").For(Caller.SignedIn);
        facility.MapPost("/instruments", async (Instruments instruments, Actor actor, NewInstrument asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await instruments.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreateInstrument").WithSummary("Add an instrument.").For(Caller.Administrator).Records("instrument.created");
        facility.MapPatch("/instruments/{id:guid}", async (Guid id, Instruments instruments, Actor actor, InstrumentPatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await instruments.ChangeAsync(actor, id, patch, cancellationToken)))
            .WithName("ChangeInstrument").WithSummary("Change what is known of an instrument.").For(Caller.Administrator).Records("instrument.changed");

        facility.MapGet("/sessions", async (Sessions sessions, Guid? instrument, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await sessions.ListAsync(instrument, limit, cursor, cancellationToken)))
            .WithName("ListSessions").WithSummary("Sittings at instruments, or at one of them, newest first.").For(Caller.SignedIn);
        facility.MapPost("/sessions", async (Sessions sessions, Actor actor, NewSession asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await sessions.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreateSession").WithSummary("Add a sitting at an instrument.").For(Caller.SignedIn).Records("session.created");
        facility.MapPatch("/sessions/{id:guid}", async (Guid id, Sessions sessions, Actor actor, SessionPatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await sessions.ChangeAsync(actor, id, patch, cancellationToken)))
            .WithName("ChangeSession").WithSummary("Change what is known of a sitting.").For(Caller.Administrator).Records("session.changed");

        facility.MapGet("/samples", async (Samples samples, Actor actor, Guid? project, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await samples.ListAsync(actor, project, limit, cursor, cancellationToken)))
            .WithName("ListSamples").WithSummary("Samples of the projects that you see, or of one of them, by name.").For(Caller.Anyone);
        facility.MapPost("/samples", async (Samples samples, Actor actor, NewSample asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await samples.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreateSample").WithSummary("Add a sample to a project.").For(Caller.SignedIn, Capabilities.Add).Records("sample.created");
        facility.MapPatch("/samples/{id:guid}", async (Guid id, Samples samples, Actor actor, SamplePatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await samples.ChangeAsync(actor, id, patch, cancellationToken)))
            .WithName("ChangeSample").WithSummary("Change what is known of a sample.").For(Caller.SignedIn, Capabilities.Edit).Records("sample.changed");

        var system = api.MapGroup("").WithTags("System");
        system.MapGet("/vocabulary", () => TypedResults.Ok(Imaging.Vocabulary.VocabularyFile.Default.Terms))
            .WithName("GetVocabulary").WithSummary("The terms that readers, search and forms use.").For(Caller.Anyone);
        system.MapGet("/status", async (HubStatus status, Actor actor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await status.GetAsync(actor, cancellationToken)))
            .WithName("GetStatus").WithSummary("Which version runs since when.").For(Caller.Anyone);
        return api;
    }
}
