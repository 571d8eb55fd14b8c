using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.MetadataViews;

public sealed class MetadataViewRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListMetadataViews", world => $"nodes/{world.Project}/metadata-views"),
        RouteExample.Of("CreateMetadataView", world => Task.FromResult(new WalkRequest($"nodes/{world.Project}/metadata-views", View(world)))),
        RouteExample.Of("ChangeMetadataView", async world => new WalkRequest($"metadata-views/{await ViewAsync(world)}", new JsonObject { ["terms"] = new JsonArray("detector", "specimen") }, "*")),
        RouteExample.Of("DeleteMetadataView", async world => new WalkRequest($"metadata-views/{await ViewAsync(world)}", IfMatch: "*")),
    ];

    private static JsonObject View(WalkWorld world) => new() { ["instrument"] = world.Name("Titan"), ["terms"] = new JsonArray("specimen") };

    private static Task<Guid> ViewAsync(WalkWorld world) => world.Owner.MakeAsync($"nodes/{world.Project}/metadata-views", View(world));
}
