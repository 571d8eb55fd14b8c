using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Annotations;

public sealed class AnnotationRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Of("ListAnnotations", async world => new WalkRequest($"{await ImageAsync(world)}/annotations")),
        RouteExample.Of("ExportAnnotationsAsGeoJson", async world => new WalkRequest($"{await ImageAsync(world)}/annotations.geojson")),
        RouteExample.Of("ExportAnnotationsAsOmeXml", async world => new WalkRequest($"{await ImageAsync(world)}/annotations.ome.xml")),
        RouteExample.Of("AddAnnotations", async world => new WalkRequest($"{await ImageAsync(world)}/annotations", One())),
        RouteExample.Of("ImportAnnotations", async world => new WalkRequest($"{await ImageAsync(world)}/annotations/import", JsonNode.Parse(
            """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},"properties":{}}]}"""))),
        RouteExample.Of("RemoveAnnotations", async world => new WalkRequest($"{await ImageAsync(world)}/annotations/remove", new JsonObject { ["ids"] = new JsonArray(await MadeAsync(world)) })),
        RouteExample.Of("RestoreAnnotations", async world =>
        {
            var removed = await world.Owner.MustAsync("DELETE", $"{await ImageAsync(world)}/annotations/{await MadeAsync(world)}", ifMatch: "1");
            return new WalkRequest($"{await ImageAsync(world)}/annotations/restore", new JsonObject { ["removalId"] = (Guid)removed["removalId"]! });
        }),
        RouteExample.Of("GetAnnotation", async world => new WalkRequest($"{await ImageAsync(world)}/annotations/{await MadeAsync(world)}")),
        RouteExample.Of("ChangeAnnotation", async world => new WalkRequest($"{await ImageAsync(world)}/annotations/{await MadeAsync(world)}", new JsonObject { ["label"] = "pore" }, "1")),
        RouteExample.Of("RemoveAnnotation", async world => new WalkRequest($"{await ImageAsync(world)}/annotations/{await MadeAsync(world)}", IfMatch: "1")),
    ];

    private static async Task<string> ImageAsync(WalkWorld world) => $"file-sets/{await world.ReadFileSetAsync()}/images/0";

    private static async Task<Guid> MadeAsync(WalkWorld world) =>
        (Guid)(await world.Owner.MustAsync("POST", $"{await ImageAsync(world)}/annotations", One()))["items"]![0]!["id"]!;

    private static JsonObject One() => new() { ["items"] = new JsonArray(new JsonObject { ["kind"] = "box", ["points"] = new JsonArray(0, 0, 2, 1) }) };
}
