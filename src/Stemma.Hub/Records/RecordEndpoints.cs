using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Records;

public static class RecordEndpoints
{
    /// <summary>What happened.</summary>
    public static IEndpointRouteBuilder MapRecords(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes/{id:guid}/events", async (Guid id, History history, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await history.OfNodeAsync(actor, id, limit, cursor, cancellationToken)))
            .WithTags("Records").WithName("ListNodeEvents").WithSummary("Its history in words, newest first.").For(Caller.SignedIn, Capabilities.See);
        api.MapGet("/file-sets/{id:guid}/events", async (Guid id, History history, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await history.OfFileSetAsync(actor, id, limit, cursor, cancellationToken)))
            .WithTags("Records").WithName("ListFileSetEvents").WithSummary("Its history in words, newest first.").For(Caller.SignedIn, Capabilities.See);
        return api;
    }
}
