using Microsoft.AspNetCore.Routing;

namespace Stemma.Hub.Web;

internal static class RouteAccessCheck
{
    /// <summary>A hub with a route that does not say who may call it, or a changing one that does not say what it records, does not start.</summary>
    /// <exception cref="InvalidOperationException">It names the routes.</exception>
    public static void RequireRouteAccess(this IEndpointRouteBuilder app)
    {
        var endpoints = app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var silent = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RouteAccess>() is null
            || Changes(endpoint) && endpoint.Metadata.GetMetadata<RouteRecords>() is null).Select(endpoint => endpoint.DisplayName).ToList();
        if (silent.Count > 0)
            throw new InvalidOperationException($"These routes lack .For(…), or .Records(…) or .RecordsNothing(…): {string.Join(", ", silent)}");
    }

    public static bool Changes(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD" or "OPTIONS")) == true;
}
