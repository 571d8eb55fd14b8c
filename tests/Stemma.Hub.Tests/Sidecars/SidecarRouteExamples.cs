using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Sidecars;

public sealed class SidecarRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("GetSidecars", world => $"nodes/{world.Project}/sidecars"),
        RouteExample.Of("SwitchSidecars", async world =>
        {
            var project = await world.Owner.ProjectAsync(world.Name("project"));
            await world.ShareAsync(project);
            return new WalkRequest($"nodes/{project}/sidecars", new JsonObject { ["kept"] = true }, "*");
        }),
        RouteExample.Of("GetSidecar", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/sidecar")),
    ];
}
