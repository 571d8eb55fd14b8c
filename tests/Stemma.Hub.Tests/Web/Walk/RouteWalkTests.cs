using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Sharing;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Web.Walk;

/// <summary>
/// Every route that the hub has, tried by everybody. What is expected follows from what the route declares (<see cref="RouteAccess"/>,
/// <see cref="RouteRecords"/>), so that the declaration, which the API's description shows, is proven true.
/// </summary>
public sealed class RouteWalkTests(TestDatabase database)
{
    private sealed record Route(string Name, string Method, RouteAccess Access, RouteRecords? Records, bool NeedsFullScope);

    private static List<Route> RoutesOf(TestHub hub) =>
    [
        .. hub.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => new Route(
                endpoint.Metadata.GetMetadata<IEndpointNameMetadata>().ShouldNotBeNull($"{endpoint.DisplayName} has no name").EndpointName,
                method,
                endpoint.Metadata.GetMetadata<RouteAccess>().ShouldNotBeNull($"{endpoint.DisplayName} does not say who may call it"),
                endpoint.Metadata.GetMetadata<RouteRecords>(),
                endpoint.Metadata.GetMetadata<RouteNeedsFullScope>() is not null))),
    ];

    private static Dictionary<string, RouteExample> Examples() =>
        typeof(RouteWalkTests).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRouteExamples)))
            .SelectMany(type => ((IRouteExamples)Activator.CreateInstance(type)!).Examples)
            .ToDictionary(example => example.Name);

    [Fact]
    public async Task Every_route_has_an_example_and_every_example_a_route()
    {
        await using var hub = await TestHub.StartAsync(database);
        var routes = RoutesOf(hub).Select(route => route.Name).ToList();
        var examples = Examples().Keys.ToList();
        routes.Except(examples).ShouldBeEmpty("These routes are in no class that implements IRouteExamples");
        examples.Except(routes).ShouldBeEmpty("These examples are of no route");
    }

    [Fact]
    public async Task Every_changing_route_says_which_event_it_writes_or_why_none()
    {
        await using var hub = await TestHub.StartAsync(database);
        foreach (var route in RoutesOf(hub).Where(route => IsUnsafe(route.Method)))
        {
            route.Records.ShouldNotBeNull(route.Name);
            (route.Records.EventType is null).ShouldNotBe(route.Records.WhyNone is null, route.Name);
        }
    }

    [Fact]
    public async Task Every_route_answers_everybody_as_it_declares_and_writes_its_event()
    {
        var root = Directory.CreateTempSubdirectory("stemma-walk-");
        try
        {
            await using var world = await WalkWorld.MakeAsync(database, root.FullName);
            var examples = Examples();
            var wrong = new StringBuilder();
            foreach (var route in RoutesOf(world.Hub).Where(route => examples.ContainsKey(route.Name)))
                foreach (var caller in Enum.GetValues<WalkCaller>())
                    await TryAsync(world, route, examples[route.Name], caller, wrong);
            wrong.ToString().ShouldBeEmpty();
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task TryAsync(WalkWorld world, Route route, RouteExample example, WalkCaller caller, StringBuilder wrong)
    {
        WalkRequest asked;
        try
        {
            asked = await example.Make(world, caller);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            wrong.AppendLine($"{route.Name} by {caller}: the example could not be made: {problem.Message}");
            return;
        }

        var (all, own) = await EventsAsync(world, route);
        using var request = Request(route, asked);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        // The headers suffice: an event stream has no end.
        using var answer = await world[caller].Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        var status = (int)answer.StatusCode;
        var expected = example.Allows?.Invoke(caller) ?? Allows(route, caller);
        if (expected ? status is < 200 or > 299 : status is not (401 or 403 or 404))
        {
            wrong.AppendLine($"{route.Name} ({route.Method} {asked.Path}) by {caller}: expected {(expected ? "2xx" : "401, 403 or 404")}, but was {status} {await answer.Content.ReadAsStringAsync(patience.Token)}");
            return;
        }

        var (allNow, ownNow) = await EventsAsync(world, route);
        if (expected && route.Records?.EventType is { } type && example.RecordsLater is null)
        {
            if (ownNow <= own)
                wrong.AppendLine($"{route.Name} by {caller}: no event {type} was written");
        }
        else if (allNow != all)
            wrong.AppendLine($"{route.Name} by {caller}: answered {status} and wrote {allNow - all} events, but should have written none");
    }

    private static HttpRequestMessage Request(Route route, WalkRequest asked)
    {
        var request = new HttpRequestMessage(new HttpMethod(route.Method), asked.Path)
        {
            Content = asked.Content ?? (asked.Body is null ? null : new StringContent(asked.Body.ToJsonString(), Encoding.UTF8, "application/json")),
        };
        if (asked.IfMatch is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", version == "*" ? "*" : $"\"{version}\"");
        foreach (var (name, value) in asked.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<(long All, long Own)> EventsAsync(WalkWorld world, Route route) =>
        (await world.ScalarAsync<long>("select count(*) from events"),
         await world.ScalarAsync<long>("select count(*) from events where type = @Type", new { Type = route.Records?.EventType ?? "" }));

    private static bool IsUnsafe(string method) => method is not ("GET" or "HEAD" or "OPTIONS");

    /// <summary>What the declaration means, said once more in plain words.</summary>
    private static bool Allows(Route route, WalkCaller caller)
    {
        var isAccount = caller is not (WalkCaller.Stranger or WalkCaller.GuestLink or WalkCaller.Worker);
        var onTheNode = caller switch
        {
            WalkCaller.GuestLink or WalkCaller.Guest => Capabilities.See,
            WalkCaller.Viewer or WalkCaller.OwnerWithReadToken => Capabilities.See | Capabilities.Download,
            WalkCaller.Editor => Capabilities.All & ~Capabilities.Manage,
            WalkCaller.Owner or WalkCaller.Administrator => Capabilities.All,
            _ => Capabilities.None,
        };
        if (caller == WalkCaller.OwnerWithReadToken && (route.NeedsFullScope || route.Access.Caller != Caller.Anyone && IsUnsafe(route.Method)))
            return false;
        return onTheNode.HasFlag(route.Access.Capability) && route.Access.Caller switch
        {
            Caller.Anyone => true,
            Caller.SignedIn => isAccount,
            Caller.Administrator => caller == WalkCaller.Administrator,
            _ => caller == WalkCaller.Worker,
        };
    }
}
