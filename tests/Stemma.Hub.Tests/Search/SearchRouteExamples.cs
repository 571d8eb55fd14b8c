using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Search;

public sealed class SearchRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("Search", _ => "search?q=precipitate"),
        RouteExample.Get("CountFacets", _ => "search/facets?q=precipitate"),
        RouteExample.Get("SuggestSearches", _ => "search/suggestions?q=instr&caret=5"),
        RouteExample.Get("ListSearchFields", _ => "search/fields"),
        RouteExample.Get("ExportSearch", _ => "search/export?q=precipitate&fields=id,name"),
        RouteExample.Get("ListSavedSearches", _ => "saved-searches"),
        RouteExample.Of("SaveSearch", world => Task.FromResult(new WalkRequest("saved-searches", Body(world)))),
        RouteExample.Of("ChangeSavedSearch", async world => new WalkRequest($"saved-searches/{await SavedAsync(world)}", new JsonObject { ["query"] = "kind:volume" }, "*")) with { Allows = IsOwner },
        RouteExample.Of("DeleteSavedSearch", async world => new WalkRequest($"saved-searches/{await SavedAsync(world)}")) with { Allows = IsOwner },
    ];

    // Shared with the project: others see it, and may not change it.
    private static Task<Guid> SavedAsync(WalkWorld world)
    {
        var body = Body(world);
        body["project"] = world.Project;
        return world.Owner.MakeAsync("saved-searches", body);
    }

    private static bool IsOwner(WalkCaller caller) => caller == WalkCaller.Owner;

    private static JsonObject Body(WalkWorld world) => new() { ["name"] = world.Name("EELS"), ["query"] = "eels voltage:>=200kV" };
}
