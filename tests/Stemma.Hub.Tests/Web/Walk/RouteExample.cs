using System.Text.Json.Nodes;

namespace Stemma.Hub.Tests.Web.Walk;

/// <summary>Those whom every route is tried with. Roles are held on the world's project and space.</summary>
public enum WalkCaller
{
    Stranger,
    GuestLink,
    Outsider,
    Guest,
    Viewer,
    Editor,
    Owner,
    OwnerWithReadToken,
    Administrator,
    Worker,
}

/// <summary>A request that is right in all but perhaps the caller.</summary>
/// <param name="Path">Beneath <c>/api/v1/</c>.</param>
/// <param name="IfMatch">A version, or <c>*</c>.</param>
public sealed record WalkRequest(string Path, JsonNode? Body = null, string? IfMatch = null)
{
    /// <summary>Instead of a JSON body.</summary>
    public HttpContent? Content { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>How one route is called.</summary>
/// <param name="Name">The endpoint's name, as in <c>WithName</c>.</param>
/// <param name="Make">Prepares everything anew for each caller, so that no call spoils the next, and gives the request.</param>
public sealed record RouteExample(string Name, Func<WalkWorld, WalkCaller, Task<WalkRequest>> Make)
{
    /// <summary>Who is allowed, where the declared access does not say it all; null to derive it.</summary>
    public Func<WalkCaller, bool>? Allows { get; init; }

    /// <summary>The route declares an event that this example does not bring about; say why.</summary>
    public string? RecordsLater { get; init; }

    public static RouteExample Of(string name, Func<WalkWorld, Task<WalkRequest>> make) => new(name, (world, _) => make(world));

    public static RouteExample Get(string name, Func<WalkWorld, string> path) => new(name, (world, _) => Task.FromResult(new WalkRequest(path(world))));
}

/// <summary>
/// The examples of one feature. Implement it in a class of the feature's own test folder, with a constructor without parameters:
/// the walk finds all of them.
/// </summary>
public interface IRouteExamples
{
    IEnumerable<RouteExample> Examples { get; }
}
