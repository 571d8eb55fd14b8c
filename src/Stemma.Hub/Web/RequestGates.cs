using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;

namespace Stemma.Hub.Web;

/// <summary>The gates there are, by name, and which routes go through them.</summary>
internal static class RequestGates
{
    public const string Exports = "exports", StrangersSearches = "strangers-searches";

    public static IServiceCollection AddRequestGates(this IServiceCollection services) => services
        .AddKeyedSingleton(Exports, (_, _) => new RequestGate("exports", mostOfOne: 4, mostOfAll: 12))
        .AddKeyedSingleton(StrangersSearches, (_, _) => new RequestGate("searches by people who are not signed in", mostOfOne: 4, mostOfAll: 8));

    /// <summary>Held until the handler has ended, which an export does with its last byte.</summary>
    /// <param name="when">Which requests; null: all.</param>
    public static RouteHandlerBuilder Through(this RouteHandlerBuilder route, string gate, bool strangersOnly = false, Predicate<IQueryCollection>? when = null) => route.AddEndpointFilter(async (call, next) =>
    {
        var context = call.HttpContext;
        var actor = context.Features.GetRequiredFeature<Actor>();
        if ((strangersOnly && actor.IsSignedIn) || when?.Invoke(context.Request.Query) == false)
            return await next(call);
        using var inside = await context.RequestServices.GetRequiredKeyedService<RequestGate>(gate).EnterAsync(actor.Id, context.RequestAborted);
        return await next(call);
    });
}
