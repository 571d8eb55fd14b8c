using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>
/// Entries of an archive come in one by one from the worker that unpacks it, the way of any other file: beside the archive, in a folder called
/// like it. They are deposited in the name of whoever deposited the archive, as far as that account may still add there.
/// </summary>
internal static class ArchiveEntryEndpoint
{
    private sealed record Archive(Guid DatasetId, string Path, Guid CreatedBy);

    public static IEndpointRouteBuilder MapArchiveEntries(this IEndpointRouteBuilder api)
    {
        api.MapPut("/tasks/{id:guid}/deposits/{**path}", PutAsync).WithTags("Queue").WithName("PutArchiveEntry")
            .WithSummary("Unpacking: deposit an entry of the archive; the body is its bytes.")
            .For(Caller.Worker).Records("file.deposited").Accepts<byte[]>(isOptional: true, "*/*").TakesFile();
        return api;
    }

    private static async Task<Results<Created<Deposited>, Ok<Deposited>>> PutAsync(
        NpgsqlDataSource database, DepositService deposits, HttpContext context, Guid id, string? path, int attempt, CancellationToken cancellationToken)
    {
        var archive = await FindAsync(database, id, attempt, cancellationToken);
        var folder = archive.Path.LastIndexOf('.') is var dot && dot > archive.Path.LastIndexOf('/') + 1 ? archive.Path[..dot] : archive.Path + " unpacked";
        var entry = RelativePath.FromSegments([.. folder.Split('/'), .. DepositEndpoints.PathOf(context, path).Segments]);
        var depositor = new Actor(archive.CreatedBy, Capabilities.All, IsSignedIn: true, IsAdministrator: false, IsWorker: false);
        var deposited = await deposits.DepositAsync(
            depositor, new Destination(archive.DatasetId, entry), new DepositFacts(DepositedVia.Archive), context.Request.BodyReader, context.Request.ContentLength,
            ReprDigest.Of(context.Request), cancellationToken);
        return deposited.AlreadyThere ? TypedResults.Ok(deposited) : TypedResults.Created($"/api/v1/files/{deposited.File.Id}", deposited);
    }

    private static async Task<Archive> FindAsync(NpgsqlDataSource database, Guid id, int attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Archive>(new CommandDefinition("""
            -- The path it had when the unpacking began: an archive that is renamed meanwhile does not scatter its entries.
            select f.dataset_id as datasetId, coalesce(t.payload ->> 'path', f.path) as path, t.created_by as createdBy
            from tasks t join files f on f.id = t.subject_id
            where t.id = @id and t.kind = 'unpack' and t.state = 'running' and t.attempt = @attempt
            """, new { id, attempt }, cancellationToken: cancellationToken))
            ?? throw Problem.Conflict("stale-attempt", $"Task {id} is no unpacking under way in attempt {attempt}: it ended, or was given to another worker. Drop it and claim again.");
    }
}
