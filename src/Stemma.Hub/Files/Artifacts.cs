using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>What reading a set gave besides its row: pictures and the original metadata. Rebuildable: one that is missing is made again.</summary>
internal sealed class Artifacts(NpgsqlDataSource database, ArtifactStore store, FileSetChanges changes)
{
    private sealed record Row
    {
        public string MediaType { get; init; } = "";
        public byte[] Sha256 { get; init; } = [];
        public long Size { get; init; }
    }

    /// <param name="version">The <c>?v=</c> of an address that changes with the bytes; null: the answer must be asked for again.</param>
    /// <exception cref="Problem">404: there is no such set, it has none, or it is being made again.</exception>
    public async Task<PhysicalFileHttpResult> SendAsync(Actor actor, Guid set, string name, string? version, HttpContext context, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var artifact = await connection.RowAsync<Row>("select media_type, sha256, size from artifacts where extraction_id = @ExtractionId and name = @name", new { row.ExtractionId, name }, cancellationToken)
            ?? throw Problem.NotFound($"{name} of \"{row.Name}\" (yet)");
        if (store.Find(artifact.Sha256, artifact.Size) is not { } path)
        {
            await changes.QueueAsync(connection, Actor.Hub, row, cancellationToken);
            throw new Problem(404, "being-rebuilt", "Being made again", $"The {name} of \"{row.Name}\" was lost. It is derived from the file and being made again; ask again in a while.") { RetryAfterSeconds = 5 };
        }

        var hex = Convert.ToHexStringLower(artifact.Sha256);
        FileContent.Protect(context.Response);
        context.Response.Headers.CacheControl = version is { Length: >= 8 } && hex.StartsWith(version, StringComparison.Ordinal) ? "private, max-age=31536000, immutable" : "private, no-cache";
        return TypedResults.PhysicalFile(Path.GetFullPath(path), artifact.MediaType, entityTag: new EntityTagHeaderValue($"\"{hex}\""), enableRangeProcessing: true);
    }
}
