using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>Before every route: who is it, and may they call this at all. What they may do with one node is decided by the SQL of the route.</summary>
internal sealed class ActorMiddleware(RequestDelegate next, ActorResolver resolver)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Endpoints that routing makes up itself (405, 415) only refuse.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            context.Features.Set(Actor.Stranger);
            await next(context);
            return;
        }

        var access = endpoint.Metadata.GetMetadata<RouteAccess>()
            ?? throw new InvalidOperationException($"The route {endpoint.RoutePattern.RawText} does not say who may call it.");
        // The pages of the web application and the API's description are the same for everybody, whatever the address says.
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            context.Features.Set(Actor.Stranger);
            await next(context);
            return;
        }

        SameOrigin.Require(context);
        var actor = await resolver.ResolveAsync(context);
        context.Features.Set(actor);
        Require(actor, access, context.Request);
        if (endpoint.Metadata.GetMetadata<RouteNeedsFullScope>() is not null)
            RequireScope(actor, Capabilities.Manage);
        await next(context);
    }

    private static void Require(Actor actor, RouteAccess access, HttpRequest request)
    {
        if (access.Caller == Caller.Anyone)
            return;
        if (!actor.IsSignedIn)
            throw Problem.Unauthorized("This needs an account. Sign in, or send a token: Authorization: Bearer stm_…");
        if (access.Caller == Caller.Worker != actor.IsWorker)
            throw actor.IsWorker
                ? new Problem(403, "worker-token", "Not allowed", "A token of scope work claims and does tasks, and nothing else.")
                : new Problem(403, "not-a-worker", "Not allowed", "This is for workers: it needs a token of scope work, which an administrator makes.");
        if (access.Caller == Caller.Administrator && !actor.IsAdministrator)
            throw new Problem(403, "not-an-administrator", "Not allowed", "This is for administrators, signed in or with a token of scope manage.");
        if (access.Caller == Caller.SignedIn)
            RequireScope(actor, SameOrigin.IsSafe(request) ? access.Capability : access.Capability | Capabilities.Edit);
    }

    /// <exception cref="Problem">403: the credential allows less than this needs, whatever the account may.</exception>
    internal static void RequireScope(Actor actor, Capabilities needed)
    {
        if (!actor.Ceiling.HasFlag(needed))
            throw new Problem(403, "weak-token", "Not allowed",
                $"The token has scope {actor.Scope().Word()}, but this needs {(needed.HasFlag(Capabilities.Manage) ? TokenScope.Manage : TokenScope.Write).Word()}.");
    }
}
