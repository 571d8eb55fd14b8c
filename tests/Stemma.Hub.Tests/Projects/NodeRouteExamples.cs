using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Projects;

public sealed class NodeRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListProjects", _ => "projects"),
        RouteExample.Get("ListSpaces", _ => "spaces"),
        RouteExample.Get("ListShared", _ => "shared"),
        RouteExample.Of("CreateProject", world => Task.FromResult(new WalkRequest("projects", new JsonObject { ["name"] = world.Name("project") }))),
        RouteExample.Of("CreateSpace", world => Task.FromResult(new WalkRequest("spaces", new JsonObject { ["name"] = world.Name("space") }))),
        RouteExample.Get("GetNode", world => $"nodes/{world.Project}"),
        RouteExample.Get("ListChildren", world => $"nodes/{world.Project}/children"),
        RouteExample.Of("CreateChild", world => Task.FromResult(
            new WalkRequest($"nodes/{world.Project}/children", new JsonObject { ["kind"] = "dataset", ["name"] = world.Name("dataset") }))),
        RouteExample.Of("ChangeNode", async world => new WalkRequest($"nodes/{await world.DatasetAsync()}", new JsonObject { ["description"] = "*new*" }, "1")),
        RouteExample.Of("MoveNode", async world => new WalkRequest($"nodes/{await world.DatasetAsync()}/move", new JsonObject { ["parentId"] = await world.CollectionAsync() }, "1")),
        RouteExample.Of("TrashNode", async world => new WalkRequest($"nodes/{await world.CollectionAsync()}", IfMatch: "1")),
        RouteExample.Get("ListTrash", _ => "trash"),
        RouteExample.Of("Restore", async world =>
        {
            var trashed = await world.Owner.MustAsync("DELETE", $"nodes/{await world.CollectionAsync()}", ifMatch: "*");
            return new WalkRequest($"trash/{trashed["trashId"]}/restore");
        }),
        RouteExample.Of("RestoreMany", async world =>
        {
            var trashed = await world.Owner.MustAsync("DELETE", $"nodes/{await world.CollectionAsync()}", ifMatch: "*");
            return new WalkRequest("trash/restore", new JsonObject { ["trashIds"] = new JsonArray((Guid)trashed["trashId"]!) });
        }),
        RouteExample.Of("RemoveDemo", async world =>
        {
            var demo = await world.Owner.ProjectAsync(world.Name("demo"));
            await world.RunAsync("update nodes set is_demo = false where is_demo and trashed_at is null; update nodes set is_demo = true where id = @demo", new { demo });
            await world.ShareAsync(demo);
            return new WalkRequest("demo");
        }),
    ];
}
