using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Harvest;

public sealed class HarvestRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListHarvestSources", _ => "harvest-sources"),
        RouteExample.Of("CreateHarvestSource", world => Task.FromResult(new WalkRequest("harvest-sources", Asked(world)))),
        RouteExample.Of("GetHarvestSource", async world => new WalkRequest($"harvest-sources/{await SourceAsync(world)}")),
        RouteExample.Of("ChangeHarvestSource", async world => new WalkRequest($"harvest-sources/{await SourceAsync(world)}", new JsonObject { ["name"] = world.Name("share") })),
        RouteExample.Of("DeleteHarvestSource", async world => new WalkRequest($"harvest-sources/{await SourceAsync(world)}")),
        RouteExample.Of("ListHarvestEntries", async world => new WalkRequest($"harvest-sources/{await SourceAsync(world)}/entries")),
        RouteExample.Of("ScanHarvestSource", async world => new WalkRequest($"harvest-sources/{await SourceAsync(world)}/scan")),
    ];

    private static Task<Guid> SourceAsync(WalkWorld world) => world.Administrator.MakeAsync("harvest-sources", Asked(world));

    private static JsonObject Asked(WalkWorld world)
    {
        var name = world.Name("share");
        return new JsonObject { ["name"] = name, ["folder"] = Directory.CreateDirectory(Path.Combine(world.Root, name)).FullName, ["nodeId"] = world.Project };
    }
}
