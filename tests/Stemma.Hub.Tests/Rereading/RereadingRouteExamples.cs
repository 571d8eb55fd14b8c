using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Rereading;

public sealed class RereadingRouteExamples : IRouteExamples
{
    private int _versions = 100;

    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("GetReaders", _ => "readers"),
        RouteExample.Of("AnnounceReaders", _ => Task.FromResult(new WalkRequest("readers", Announcement(++_versions)))),
        RouteExample.Get("ListRereadings", _ => "rereadings"),
        RouteExample.Of("StartRereading", async world =>
        {
            await world.ReadFileSetAsync();
            return new WalkRequest("rereadings", new JsonObject { ["choice"] = "all" });
        }),
        RouteExample.Of("GetRereading", async world => new WalkRequest($"rereadings/{await StartAsync(world)}")),
        RouteExample.Of("ChangeRereading", async world => new WalkRequest($"rereadings/{await StartAsync(world)}", new JsonObject { ["state"] = "paused" })),
        RouteExample.Of("ListRereadingKeys", async world => new WalkRequest($"rereadings/{await StartAsync(world)}/keys")),
        RouteExample.Of("ListRereadingFiles", async world => new WalkRequest($"rereadings/{await StartAsync(world)}/files?outcome=failed&key=acquisition.pixel_size")),
        RouteExample.Of("ListFileSetRereadings", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/rereadings")),
    ];

    private static JsonObject Announcement(int version) => new()
    {
        ["worker"] = "walk", ["softwareVersion"] = "0.1.0",
        ["readers"] = new JsonArray(new JsonObject { ["format"] = "dm3", ["name"] = "DigitalMicrograph 3", ["readerVersion"] = $"{version}", ["mappingVersion"] = "1" }),
    };

    private static async Task<Guid> StartAsync(WalkWorld world)
    {
        await world.ReadFileSetAsync();
        return (await world.Administrator.MustAsync("POST", "rereadings", new JsonObject { ["choice"] = "all" }))["id"]!.GetValue<Guid>();
    }
}
