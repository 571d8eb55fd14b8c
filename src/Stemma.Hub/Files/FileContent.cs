using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>The bytes of a file: whole or a range, always to be saved and never to be shown by a browser as something of ours.</summary>
internal sealed class FileContent(NpgsqlDataSource database, LocalBlobStore store, LinkedFiles linked, TimeProvider clock)
{
    private sealed record Row
    {
        public string Path { get; init; } = "";
        public long Size { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public string MediaType { get; init; } = "";
        public DateTime? ModifiedAt { get; init; }
        public string? Root { get; init; }
        public string? LinkedPath { get; init; }
        public DateTime LinkedModifiedAt { get; init; }
    }

    /// <exception cref="Problem">404, 403: see <see cref="FileSetAccess"/>. 403: embargoed. 410: a linked file is not what it was.</exception>
    public async Task<Results<PhysicalFileHttpResult, FileStreamHttpResult>> SendAsync(Actor actor, Guid id, HttpContext context, CancellationToken cancellationToken)
    {
        Row file;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            var set = await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.Download, cancellationToken);
            Embargo.RequireNone(set, await EffectiveTerms.InDatasetAsync(connection, actor, set.DatasetId, cancellationToken), clock.GetUtcNow());
            file = (await connection.RowAsync<Row>("""
                select f.path, f.size, f.sha256, f.media_type, f.modified_at, l.root, l.path as linked_path, l.modified_at as linked_modified_at
                from files f left join linked_files l on l.file_id = f.id and f.blob_sha256 is null where f.id = @id
                """, new { id }, cancellationToken))!;
        }

        var digest = Digest.From(file.Sha256);
        var (name, tag) = (file.Path[(file.Path.LastIndexOf('/') + 1)..], new EntityTagHeaderValue($"\"{digest}\""));
        var stream = file.Root is null ? null : linked.OpenUnchanged(file.Root, file.LinkedPath!, file.Size, file.LinkedModifiedAt);
        Protect(context.Response);
        ReprDigest.Write(context.Response, digest);
        context.Response.Headers.CacheControl = "private, no-cache"; // The bytes never change, but who may have them does.
        return stream is null
            ? TypedResults.PhysicalFile(Path.GetFullPath(store.PathOf(digest)), file.MediaType, name, file.ModifiedAt, tag, enableRangeProcessing: true)
            : TypedResults.Stream(stream, file.MediaType, name, file.ModifiedAt, tag, enableRangeProcessing: true);
    }

    /// <summary>Uploaded bytes are never active content of our origin.</summary>
    internal static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
    }
}
