using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Records;

public sealed class RecordRouteExamples : IRouteExamples
{
    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Get("ListNodeEvents", world => $"nodes/{world.Project}/events"),
        RouteExample.Of("ListFileSetEvents", async world => new WalkRequest($"file-sets/{(await world.FileAsync()).FileSet}/events")),
        RouteExample.Get("Live", world => $"live?node={world.Project}"),
    ];
}
