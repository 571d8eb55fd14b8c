using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Files;

public sealed class FileRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListFiles", world => $"nodes/{world.Project}/files"),
        RouteExample.Of("GetFile", async world => new WalkRequest($"files/{(await world.FileAsync()).File}")),
        RouteExample.Of("RenameFile", async world => new WalkRequest($"files/{(await world.FileAsync()).File}", new JsonObject { ["path"] = "day/b.dm3" }, "*")),
        RouteExample.Of("ListVersions", async world => new WalkRequest($"files/{(await world.FileAsync()).File}/versions")),
        RouteExample.Of("GetFileContent", async world => new WalkRequest($"files/{(await world.FileAsync()).File}/content")),
        RouteExample.Of("LinkFile", async world => new WalkRequest($"nodes/{await world.DatasetAsync()}/linked-files", Linked(world))),
        RouteExample.Of("TakeFileIn", async world =>
        {
            var deposited = await world.Administrator.MustAsync("POST", $"nodes/{await world.DatasetAsync()}/linked-files", Linked(world));
            return new WalkRequest($"files/{deposited["file"]!["id"]}/take-in");
        }),
        RouteExample.Get("ListFileSets", world => $"nodes/{world.Project}/file-sets?recursive=true"),
        RouteExample.Of("GetFileSet", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}")),
        RouteExample.Of("ChangeFileSet", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}", new JsonObject { ["tags"] = new JsonArray("good") }, "*")),
        RouteExample.Of("MoveFileSet", async world => new WalkRequest(
            $"file-sets/{(await world.FileAsync()).FileSet}/move", new JsonObject { ["datasetId"] = await world.DatasetAsync() }, "*")),
        RouteExample.Of("MoveFileSets", async world => new WalkRequest("file-sets/move", new JsonObject
        {
            ["datasetId"] = await world.DatasetAsync(), ["fileSets"] = new JsonArray(new JsonObject { ["id"] = (await world.FileAsync()).FileSet }),
        })),
        RouteExample.Of("TagFileSets", async world => new WalkRequest("file-sets/tag", new JsonObject
        {
            ["fileSets"] = new JsonArray(new JsonObject { ["id"] = (await world.FileAsync()).FileSet, ["tags"] = new JsonArray("good") }),
        })),
        RouteExample.Of("TrashFileSets", async world => new WalkRequest("file-sets/trash", new JsonObject
        {
            ["fileSets"] = new JsonArray(new JsonObject { ["id"] = (await world.FileAsync()).FileSet }),
        })),
        RouteExample.Get("ListTags", world => $"nodes/{world.Project}/tags"),
        RouteExample.Of("DownloadZip", async world => new WalkRequest("downloads/zip")
        {
            Content = new FormUrlEncodedContent([new("ids", (await world.FileAsync()).FileSet.ToString())]),
        }),
        RouteExample.Of("TrashFileSet", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}", IfMatch: "*")),
        RouteExample.Of("ReadFileSetAgain", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/extract")),
        RouteExample.Of("GetOriginalMetadata", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/metadata")),
        RouteExample.Of("GetThumbnail", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/images/0/thumbnail")),
        RouteExample.Of("GetMeanSpectrum", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/images/0/spectrum")),
        RouteExample.Of("GetPreview", async world => new WalkRequest($"file-sets/{await world.ReadFileSetAsync()}/images/0/preview")),
    ];

    /// <summary>A file that lies beneath the root.</summary>
    private static JsonObject Linked(WalkWorld world)
    {
        var name = world.Name("linked") + ".dm3";
        File.WriteAllText(Path.Combine(world.Root, name), name);
        return new JsonObject { ["folder"] = world.Root, ["path"] = name };
    }
}
