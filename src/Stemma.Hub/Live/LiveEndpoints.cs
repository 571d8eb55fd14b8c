using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Live;

/// <summary>One stream of server-sent events per page: what changes at or below a node.</summary>
internal static class LiveEndpoints
{
    // As often the credential is looked at again: a stream ends so soon after its token was revoked.
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(15);

    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder api)
    {
        api.MapGet("/live", StreamAsync).WithTags("Live").WithName("Live").WithSummary("Server-sent events about a node and all below it, until the credential ends.").For(Caller.Anyone, Capabilities.See)
            .Produces<string>(contentType: "text/event-stream");
        return api;
    }

    private static async Task StreamAsync(LiveEvents live, NpgsqlDataSource database, ActorResolver resolver, Actor actor, HttpContext context, Guid node, TimeProvider clock)
    {
        var aborted = context.RequestAborted;
        var view = new View(database, actor, node, clock);
        if (!await view.ContainsAsync(node, aborted))
            throw Problem.NotFound("such node");
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await SendAsync(context, "retry: 2000\n: watching\n\n", aborted);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        await using var notices = live.SubscribeAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = notices.MoveNextAsync().AsTask();
        try
        {
            var checkedAt = clock.GetTimestamp();
            while (true)
            {
                var pause = Ping - clock.GetElapsedTime(checkedAt);
                var heard = await Task.WhenAny(next, Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, clock, ending.Token)) == next;
                // Also where there is always something to tell.
                if (!heard || clock.GetElapsedTime(checkedAt) >= Ping)
                {
                    if (!await resolver.StillHoldsAsync(context, actor))
                        return;
                    checkedAt = clock.GetTimestamp();
                    await SendAsync(context, ": still here\n\n", aborted);
                }

                if (!heard)
                    continue;

                if (!await next)
                    return;
                var notice = notices.Current;
                next = notices.MoveNextAsync().AsTask();
                if (notice.NodeId is { } concerned ? await view.ContainsAsync(concerned, aborted) : actor.IsSignedIn)
                    await SendAsync(context, $"event: {notice.Name}\ndata: {notice.Data}\n\n", aborted);
            }
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The page was closed.
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>What lies at or below a node, as far as the actor may see it. Remembered for a while: a grant taken away ends the stream's view within that time.</summary>
    private sealed class View(NpgsqlDataSource database, Actor actor, Guid root, TimeProvider clock)
    {
        private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);
        private readonly Dictionary<Guid, bool> _known = [];
        private long _since = clock.GetTimestamp();

        public async ValueTask<bool> ContainsAsync(Guid node, CancellationToken cancellationToken)
        {
            if (clock.GetElapsedTime(_since) > Memory)
            {
                _known.Clear();
                _since = clock.GetTimestamp();
            }

            if (_known.TryGetValue(node, out var known))
                return known;
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return _known[node] = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
                with recursive up as (
                    select n.id, n.parent_id, n.scope_id from nodes n where n.id = @node
                    union all
                    select n.id, n.parent_id, n.scope_id from up join nodes n on n.id = up.parent_id)
                select exists (select from up where id = @root)
                   and (select capabilities_on(@Id, @Mask, scope_id) & 1 <> 0 from up where id = @node)
                """, new { actor.Id, actor.Mask, node, root }, cancellationToken: cancellationToken));
        }
    }
}
