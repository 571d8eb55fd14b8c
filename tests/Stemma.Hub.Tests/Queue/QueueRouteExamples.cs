using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Queue;

public sealed class QueueRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("GetQueue", _ => "queue"),
        RouteExample.Of("ClaimTasks", world => Task.FromResult(
            new WalkRequest("tasks/claim?wait=0", new JsonObject { ["worker"] = "walk", ["kinds"] = new JsonArray("extract"), ["limit"] = 1 }))),
        RouteExample.Of("Heartbeat", async world =>
        {
            var (task, attempt, _) = await world.TaskAsync();
            return new WalkRequest($"tasks/{task}/heartbeat", new JsonObject { ["attempt"] = attempt, ["progress"] = 0.5, ["note"] = "half" });
        }),
        RouteExample.Of("GetTaskInput", async world =>
        {
            var (task, attempt, file) = await world.TaskAsync();
            return new WalkRequest($"tasks/{task}/inputs/{file}?attempt={attempt}");
        }),
        RouteExample.Of("CompleteTask", async world =>
        {
            var (task, attempt, _) = await world.TaskAsync();
            return new WalkRequest($"tasks/{task}/complete?attempt={attempt}") { Content = WalkWorld.Result() };
        }),
        RouteExample.Of("FailTask", async world =>
        {
            var (task, attempt, _) = await world.TaskAsync();
            return new WalkRequest($"tasks/{task}/fail", new JsonObject { ["attempt"] = attempt, ["reason"] = "no reader knows it", ["kind"] = "no_reader" });
        }),
        RouteExample.Of("PutArchiveEntry", async world =>
        {
            var (task, attempt) = await world.UnpackingAsync();
            return new WalkRequest($"tasks/{task}/deposits/inside/a.tif?attempt={attempt}") { Content = new ByteArrayContent([1, 2, 3]) };
        }),
    ];
}
