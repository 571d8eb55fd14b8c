using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files.Zip;

/// <param name="Ids">Ids of file sets, separated by commas.</param>
public sealed record ZipForm(string Ids);

/// <summary>The current files of many sets as one zip archive, made while it is sent: nothing is kept, whatever the size.</summary>
/// <remarks>Files are stored as they are: images hardly shrink, and a slow archive helps nobody. Archives of more than 4 GiB are ZIP64.</remarks>
internal sealed class ZipDownload(NpgsqlDataSource database, LocalBlobStore store, LinkedFiles linked, TimeProvider clock)
{
    /// <summary>Most file sets of one archive.</summary>
    public const int MaxSets = 10_000;

    /// <summary>Most files of one archive: its list of contents is kept in memory.</summary>
    public const int MaxFiles = 200_000;

    private const int CopyBytes = 1 << 20;

    /// <summary>What the format can say.</summary>
    private static readonly DateTime Earliest = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc), Latest = new(2107, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    private sealed record Row
    {
        public Guid DatasetId { get; init; }
        public string Dataset { get; init; } = "";
        public string Path { get; init; } = "";
        public long Size { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public DateTime ModifiedAt { get; init; }
        public string? Root { get; init; }
        public string? LinkedPath { get; init; }
        public DateTime LinkedModifiedAt { get; init; }
    }

    /// <exception cref="Problem">400: not a form with ids, or too many. 404, 403: see <see cref="FileSetAccess"/>; one that may not be had refuses all. 410: a linked file is not what it was.</exception>
    public async Task SendAsync(Actor actor, HttpContext context, CancellationToken cancellationToken)
    {
        var rows = await FindAsync(actor, await IdsAsync(context.Request, cancellationToken), cancellationToken);
        // Told before the first byte, while it can be told in words.
        foreach (var row in rows.Where(row => row.Root is not null))
            await linked.OpenUnchanged(row.Root!, row.LinkedPath!, row.Size, row.LinkedModifiedAt).DisposeAsync();
        var response = context.Response;
        FileContent.Protect(response);
        response.ContentType = "application/zip";
        response.Headers.CacheControl = "no-store";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(Name(rows));
        response.Headers.ContentDisposition = disposition.ToString();
        // The framework writes the 24 bytes at the end of an entry synchronously.
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        try
        {
            await WriteAsync(rows, response.Body, cancellationToken);
        }
        catch when (response.HasStarted)
        {
            // Ended in the middle, so that nobody takes half an archive for a whole one.
            context.Abort();
            throw;
        }
    }

    private static async Task<Guid[]> IdsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            throw Problem.Invalid("Send a form (application/x-www-form-urlencoded) with ids, the ids of file sets separated by commas. A form is what a browser saves straight to disk.");
        var words = (await request.ReadFormAsync(cancellationToken))["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length is 0 or > MaxSets)
            throw Problem.Invalid($"ids names 1 to {MaxSets} file sets, but names {words.Length} here.");
        return [.. words.Select(word => Guid.TryParse(word, out var id) ? id : throw Problem.Invalid($"ids holds ids of file sets separated by commas, but \"{(word.Length > 80 ? word[..80] + "…" : word)}\" is none.")).Distinct()];
    }

    private async Task<List<Row>> FindAsync(Actor actor, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sets = await FileSetAccess.RequireAllAsync(connection, actor, ids, Capabilities.Download, forUpdate: false, cancellationToken);
        foreach (var dataset in sets.GroupBy(set => set.DatasetId))
        {
            var terms = await EffectiveTerms.InDatasetAsync(connection, actor, dataset.Key, cancellationToken);
            foreach (var set in dataset)
                Embargo.RequireNone(set, terms, clock.GetUtcNow());
        }

        var rows = await connection.RowsAsync<Row>("""
            select f.dataset_id, d.name as dataset, f.path, f.size, f.sha256, coalesce(f.modified_at, f.deposited_at) as modified_at, l.root, l.path as linked_path, l.modified_at as linked_modified_at
            from files f join nodes d on d.id = f.dataset_id left join linked_files l on l.file_id = f.id and f.blob_sha256 is null
            where f.file_set_id = any(@ids) and f.is_current order by d.name, d.id, f.path limit @Limit
            """, new { ids, Limit = MaxFiles + 1 }, cancellationToken);
        return rows.Count <= MaxFiles ? rows : throw Problem.Invalid($"An archive has at most {MaxFiles} files, and these file sets have more. Download fewer at once, or use `stemma get`.");
    }

    private static string Name(List<Row> rows)
    {
        var datasets = rows.Select(row => row.DatasetId).Distinct().Count();
        return datasets == 1 ? ZipNames.Safe(rows[0].Dataset + ".zip") : $"{datasets} datasets.zip";
    }

    private async Task WriteAsync(List<Row> rows, Stream body, CancellationToken cancellationToken)
    {
        var archive = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var names = new ZipNames();
        var folders = new ZipNames();
        // Each dataset is a folder; two of one name are two folders.
        foreach (var dataset in rows.GroupBy(row => row.DatasetId))
        {
            var folder = folders.Give(dataset.First().Dataset);
            foreach (var row in dataset)
            {
                var entry = archive.CreateEntry(names.Give($"{folder}/{row.Path}"), CompressionLevel.NoCompression);
                entry.LastWriteTime = row.ModifiedAt < Earliest ? Earliest : row.ModifiedAt > Latest ? Latest : row.ModifiedAt;
                await using var source = Open(row);
                await using var target = await entry.OpenAsync(cancellationToken);
                await source.CopyToAsync(target, CopyBytes, cancellationToken);
                // With nothing before it, the end of the entry finds room at once, however slowly the caller reads.
                await body.FlushAsync(cancellationToken);
            }
        }

        // Ended here and only here: an archive that is disposed after a fault would look whole.
        await archive.DisposeAsync();
    }

    private FileStream Open(Row row) => row.Root is null
        ? new FileStream(store.OpenRead(Digest.From(row.Sha256)), FileAccess.Read, bufferSize: 0)
        : linked.OpenUnchanged(row.Root, row.LinkedPath!, row.Size, row.LinkedModifiedAt);
}
