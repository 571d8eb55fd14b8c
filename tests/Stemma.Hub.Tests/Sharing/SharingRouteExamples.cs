using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Sharing;

public sealed class SharingRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("GetAccess", world => $"nodes/{world.Project}/access"),
        RouteExample.Of("PutGrant", async world => new WalkRequest($"nodes/{world.Project}/grants/{await world.SomebodyAsync()}", Role())),
        RouteExample.Of("WithdrawGrant", async world =>
        {
            var somebody = await world.SomebodyAsync();
            await world.Owner.MustAsync("PUT", $"nodes/{world.Project}/grants/{somebody}", Role());
            return new WalkRequest($"nodes/{world.Project}/grants/{somebody}");
        }),
        RouteExample.Of("HandOver", async world =>
        {
            var dataset = await world.DatasetAsync();
            return new WalkRequest($"nodes/{dataset}/hand-over", new JsonObject { ["principalId"] = await world.SomebodyAsync() });
        }),
        RouteExample.Of("CreateLink", world => Task.FromResult(new WalkRequest($"nodes/{world.Project}/links", new JsonObject { ["role"] = "viewer" }))),
        RouteExample.Of("EndLink", async world => new WalkRequest($"nodes/{world.Project}/links/{await world.Owner.MakeAsync($"nodes/{world.Project}/links", new JsonObject())}")),
        // The world's link is to its project, and does not show the space.
        RouteExample.Get("ListPlacements", world => $"spaces/{world.Space}/placements") with { Allows = caller => caller is not (WalkCaller.Stranger or WalkCaller.GuestLink or WalkCaller.Outsider or WalkCaller.Worker) },
        RouteExample.Of("PlaceNode", async world => new WalkRequest($"spaces/{world.Space}/placements/{await world.DatasetAsync()}", Role())),
        RouteExample.Of("UnplaceNode", async world =>
        {
            var dataset = await world.DatasetAsync();
            await world.Owner.MustAsync("PUT", $"spaces/{world.Space}/placements/{dataset}", Role());
            return new WalkRequest($"spaces/{world.Space}/placements/{dataset}");
        }),
    ];

    private static JsonObject Role() => new() { ["role"] = "viewer" };
}
