using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search;

internal static class SearchEndpoints
{
    public static IServiceCollection AddSearch(this IServiceCollection services) => services
        .AddSingleton<Numbering>().AddSingleton<SearchIndexer>().AddHostedService(provider => provider.GetRequiredService<SearchIndexer>())
        .AddSingleton<ReachCache>().AddHostedService(provider => provider.GetRequiredService<ReachCache>()).AddSingleton<SearchSessions>()
        .AddSingleton<SearchQueries>().AddSingleton<FacetQueries>().AddSingleton<Suggestions>().AddSingleton<SearchExport>().AddSingleton<SavedSearches>();

    /// <summary>What anybody finds is what that person may see: strangers and guests search as well.</summary>
    public static IEndpointRouteBuilder MapSearch(this IEndpointRouteBuilder api)
    {
        var search = api.MapGroup("").WithTags("Search");
        search.MapGet("/search", async (SearchQueries queries, Actor actor, string? q, string? sort, int? limit, string? cursor, int? offset, CancellationToken cancellationToken) =>
                TypedResults.Ok(await queries.FindAsync(actor, q, sort, limit, cursor, offset, cancellationToken)))
            .WithName("Search").WithSummary("Files that match a query. ?sort= relevance (names first, then the newest), newest, or a field's name, with a minus for the other way round. ?limit=0 only counts. ?offset= begins at a position instead of a cursor.").For(Caller.Anyone).Through(RequestGates.StrangersSearches, strangersOnly: true);
        search.MapGet("/search/facets", async (FacetQueries facets, Actor actor, string? q, CancellationToken cancellationToken) =>
                TypedResults.Ok(await facets.CountAsync(actor, q, cancellationToken)))
            .WithName("CountFacets").WithSummary("How many files match in all, and how they are spread over instruments, detectors, dates …").For(Caller.Anyone).Through(RequestGates.StrangersSearches, strangersOnly: true);
        search.MapGet("/search/suggestions", async (Suggestions suggestions, Actor actor, string? q, int? caret, CancellationToken cancellationToken) =>
                TypedResults.Ok(await suggestions.CompleteAsync(actor, q, caret, cancellationToken)))
            .WithName("SuggestSearches").WithSummary("Completions of what is being typed at the caret.").For(Caller.Anyone);
        search.MapGet("/search/fields", () => TypedResults.Ok(SearchFields.All))
            .WithName("ListSearchFields").WithSummary("What may stand before a colon in a query.").For(Caller.Anyone);
        search.MapGet("/search/export", ExportAsync)
            .WithName("ExportSearch").WithSummary("Chosen fields of all files that match, newest first, as CSV or as a JSON object a line. ?fields= names them, separated by commas.").For(Caller.Anyone).Through(RequestGates.Exports);

        var saved = search.MapGroup("/saved-searches");
        saved.MapGet("", async (SavedSearches searches, Actor actor, CancellationToken cancellationToken) => TypedResults.Ok(await searches.ListAsync(actor, cancellationToken)))
            .WithName("ListSavedSearches").WithSummary("Your saved searches, and those that are shared with projects that you see.").For(Caller.SignedIn);
        saved.MapPost("", async (SavedSearches searches, Actor actor, NewSavedSearch asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await searches.SaveAsync(actor, asked, cancellationToken)))
            .WithName("SaveSearch").WithSummary("Keep a search, for yourself or for a project that you may add to.").For(Caller.SignedIn).Records("saved-search.created");
        saved.MapPatch("/{id:guid}", async (SavedSearches searches, Actor actor, HttpContext context, Guid id, SavedSearchPatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await searches.ChangeAsync(actor, id, patch, context.ExpectedVersion(), cancellationToken)))
            .WithName("ChangeSavedSearch").WithSummary("Rename it, ask something else, share it or not.").For(Caller.SignedIn).Records("saved-search.changed");
        saved.MapDelete("/{id:guid}", async (SavedSearches searches, Actor actor, Guid id, CancellationToken cancellationToken) =>
            {
                await searches.DeleteAsync(actor, id, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("DeleteSavedSearch").WithSummary("Forget it.").For(Caller.SignedIn).Records("saved-search.deleted");
        return api;
    }

    private static async Task ExportAsync(SearchExport export, Actor actor, HttpContext context, string? q, string? fields, string? format, CancellationToken cancellationToken)
    {
        var names = SearchExport.Fields(fields);
        var kind = format switch
        {
            null or "csv" => ExportFormat.Csv,
            "ndjson" => ExportFormat.Ndjson,
            _ => throw Problem.Invalid($"format must be csv or ndjson, but is \"{format}\"."),
        };
        await using var session = await export.OpenAsync(actor, q, cancellationToken);
        context.Response.ContentType = kind == ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"search.{(kind == ExportFormat.Csv ? "csv" : "ndjson")}\"";
        await SearchExport.WriteAsync(session, names, kind, context.Response.BodyWriter, cancellationToken);
    }
}
