using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Remarks;

public sealed class RemarkRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListNodeNotes", world => $"nodes/{world.Project}/notes"),
        RouteExample.Of("WriteNodeNote", world => Task.FromResult(new WalkRequest($"nodes/{world.Project}/notes", Says("Etched for 30 s.")))),
        RouteExample.Get("ListNodeComments", world => $"nodes/{world.Project}/comments"),
        RouteExample.Of("WriteNodeComment", world => Task.FromResult(new WalkRequest($"nodes/{world.Project}/comments", Says("Which holder?")))),
        RouteExample.Of("ListFileSetNotes", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/notes")),
        RouteExample.Of("WriteFileSetNote", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/notes", Says("Drifts."))),
        RouteExample.Of("ListFileSetComments", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/comments")),
        RouteExample.Of("WriteFileSetComment", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/comments", Says("Out of focus?"))),
        RouteExample.Of("GetRemark", async world => new WalkRequest($"remarks/{await CommentAsync(world, WalkCaller.Owner)}")),
        RouteExample.Of("ListRemarkVersions", async world => new WalkRequest($"remarks/{await CommentAsync(world, WalkCaller.Owner)}/versions")),
        new("ChangeRemark", async (world, caller) => new WalkRequest($"remarks/{await CommentAsync(world, caller)}", Says("In focus."), "*")),
        new("DeleteRemark", async (world, caller) => new WalkRequest($"remarks/{await CommentAsync(world, caller)}", IfMatch: "*")),
        new("RestoreRemark", async (world, caller) =>
        {
            var comment = await CommentAsync(world, caller);
            await Author(world, caller).MustAsync("DELETE", $"remarks/{comment}", ifMatch: "*");
            return new WalkRequest($"remarks/{comment}/restore");
        }),
    ];

    private static JsonObject Says(string body) => new() { ["body"] = body };

    /// <summary>A comment of the caller's own, where they may write one: what belongs to others is tried in <see cref="RemarkTests"/>.</summary>
    private static Task<Guid> CommentAsync(WalkWorld world, WalkCaller caller) => Author(world, caller).MakeAsync($"nodes/{world.Project}/comments", Says(world.Name("comment")));

    private static TestActor Author(WalkWorld world, WalkCaller caller) =>
        caller is WalkCaller.Guest or WalkCaller.Viewer or WalkCaller.Editor or WalkCaller.Administrator ? world[caller] : world.Owner;
}
