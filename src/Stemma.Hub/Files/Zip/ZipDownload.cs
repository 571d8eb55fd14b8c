using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files.Zip;

/// <param name="Ids">Ids of file sets, separated by commas.</param>
/// <param name="Sidecars">Whether a text with the metadata follows each file set; left out: where its project keeps such texts.</param>
public sealed record ZipForm(string Ids, bool? Sidecars = null);

/// <summary>The current files of many sets as one zip archive, made while it is sent: nothing is kept, whatever the size.</summary>
/// <remarks>Files are stored as they are: images hardly shrink, and a slow archive helps nobody. Archives of more than 4 GiB are ZIP64.</remarks>
internal sealed class ZipDownload(NpgsqlDataSource database, LocalBlobStore store, LinkedFiles linked, SidecarReader sidecars, TimeProvider clock)
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
        public Guid FileSetId { get; init; }

        /// <summary>The first of its set, which the text with the metadata follows.</summary>
        public bool IsMain { get; init; }

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
        var form = await FormAsync(context.Request, cancellationToken);
        var rows = await FindAsync(actor, form.Ids, cancellationToken);
        var texts = new ZipTexts(database, sidecars, actor, context.Request.Origin(), await DescribedAsync(rows, form.Sidecars, cancellationToken));
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
            await WriteAsync(rows, texts, response.Body, cancellationToken);
        }
        catch when (response.HasStarted)
        {
            // Ended in the middle, so that nobody takes half an archive for a whole one.
            context.Abort();
            throw;
        }
    }

    private static async Task<(Guid[] Ids, bool? Sidecars)> FormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            throw Problem.Invalid("Send a form (application/x-www-form-urlencoded) with ids, the ids of file sets separated by commas. A form is what a browser saves straight to disk.");
        var form = await request.ReadFormAsync(cancellationToken);
        var words = form["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length is 0 or > MaxSets)
            throw Problem.Invalid($"ids names 1 to {MaxSets} file sets, but names {words.Length} here.");
        Guid[] ids = [.. words.Select(word => Guid.TryParse(word, out var id) ? id : throw Problem.Invalid($"ids holds ids of file sets separated by commas, but \"{(word.Length > 80 ? word[..80] + "…" : word)}\" is none.")).Distinct()];
        return (ids, form["sidecars"].ToString() switch
        {
            "" => null,
            "true" => true,
            "false" => false,
            var other => throw Problem.Invalid($"sidecars is true or false, but is \"{(other.Length > 80 ? other[..80] + "…" : other)}\" here. Left out, texts are added where the project keeps them."),
        });
    }

    /// <summary>The datasets whose file sets are followed by a text.</summary>
    private async Task<HashSet<Guid>> DescribedAsync(List<Row> rows, bool? asked, CancellationToken cancellationToken)
    {
        Guid[] datasets = [.. rows.Select(row => row.DatasetId).Distinct()];
        if (asked is { } all)
            return all ? [.. datasets] : [];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await SidecarSettings.KeptInAsync(connection, datasets, cancellationToken)];
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
            select f.dataset_id, f.file_set_id, row_number() over (partition by f.file_set_id order by f.role = 'primary' desc, f.path) = 1 as is_main, d.name as dataset, f.path, f.size, f.sha256, coalesce(f.modified_at, f.deposited_at) as modified_at, l.root, l.path as linked_path, l.modified_at as linked_modified_at
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

    private async Task WriteAsync(List<Row> rows, ZipTexts texts, Stream body, CancellationToken cancellationToken)
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
                var name = names.Give($"{folder}/{row.Path}");
                await using (var source = Open(row))
                    await AddAsync(archive, name, row.ModifiedAt, source, body, cancellationToken);
                if (row.IsMain && await texts.OfAsync(row.DatasetId, row.FileSetId, cancellationToken) is { } text)
                    await AddAsync(archive, names.Give(SidecarMark.NameOf(name)), row.ModifiedAt, new MemoryStream(text), body, cancellationToken);
            }
        }

        // Ended here and only here: an archive that is disposed after a fault would look whole.
        await archive.DisposeAsync();
    }

    private static async Task AddAsync(ZipArchive archive, string name, DateTime modifiedAt, Stream source, Stream body, CancellationToken cancellationToken)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = modifiedAt < Earliest ? Earliest : modifiedAt > Latest ? Latest : modifiedAt;
        await using var target = await entry.OpenAsync(cancellationToken);
        await source.CopyToAsync(target, CopyBytes, cancellationToken);
        // With nothing before it, the end of the entry finds room at once, however slowly the caller reads.
        await body.FlushAsync(cancellationToken);
    }

    private FileStream Open(Row row) => row.Root is null
        ? new FileStream(store.OpenRead(Digest.From(row.Sha256)), FileAccess.Read, bufferSize: 0)
        : linked.OpenUnchanged(row.Root, row.LinkedPath!, row.Size, row.LinkedModifiedAt);
}
