using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Facility;

public sealed class FacilityRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListInstruments", _ => "instruments"),
        RouteExample.Of("CreateInstrument", world => Task.FromResult(new WalkRequest("instruments", new JsonObject
        {
            ["name"] = world.Name("Titan"), ["aliases"] = new JsonArray("TITAN3"), ["detectors"] = new JsonArray(new JsonObject { ["name"] = "HAADF", ["kind"] = "annular" }),
        }))),
        RouteExample.Of("ChangeInstrument", async world => new WalkRequest($"instruments/{await InstrumentAsync(world)}", new JsonObject { ["model"] = "G2" })),
        RouteExample.Get("ListSessions", _ => "sessions"),
        RouteExample.Of("CreateSession", async world => new WalkRequest("sessions", new JsonObject
        {
            ["instrumentId"] = await InstrumentAsync(world), ["startedAt"] = "2026-03-14T09:00:00Z", ["endedAt"] = "2026-03-14T12:00:00+01:00",
        })),
        RouteExample.Of("ChangeSession", async world =>
        {
            var session = await world.Administrator.MakeAsync("sessions", new JsonObject { ["instrumentId"] = await InstrumentAsync(world) });
            var person = await world.Administrator.MakeAsync("people", new JsonObject { ["name"] = world.Name("person") });
            return new WalkRequest($"sessions/{session}", new JsonObject { ["personIds"] = new JsonArray(person) });
        }),
        RouteExample.Get("ListSamples", world => $"samples?project={world.Project}"),
        RouteExample.Of("CreateSample", async world => new WalkRequest("samples", new JsonObject
        {
            ["projectId"] = world.Project, ["name"] = world.Name("lamella"), ["parentIds"] = new JsonArray(await SampleAsync(world)),
            ["properties"] = new JsonObject { ["thickness"] = "80 nm" },
        })),
        RouteExample.Of("ChangeSample", async world => new WalkRequest($"samples/{await SampleAsync(world)}", new JsonObject { ["description"] = "polished" })),
        RouteExample.Get("GetVocabulary", _ => "vocabulary"),
        RouteExample.Get("GetStatus", _ => "status"),
    ];

    private static Task<Guid> InstrumentAsync(WalkWorld world) => world.Administrator.MakeAsync("instruments", new JsonObject { ["name"] = world.Name("Titan") });

    private static Task<Guid> SampleAsync(WalkWorld world) =>
        world.Owner.MakeAsync("samples", new JsonObject { ["projectId"] = world.Project, ["name"] = world.Name("block") });
}
