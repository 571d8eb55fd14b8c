using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.MetadataViews;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>File sets as an actor sees them.</summary>
internal sealed class FileSetQueries(NpgsqlDataSource database)
{
    private const string Columns = """
        s.id, s.dataset_id, (select d.name from nodes d where d.id = s.dataset_id) as dataset_name, s.name, s.origin, s.reading, s.reading_note, s.size, s.tags, s.created_at, s.modified_at, s.version,
        (select count(*) from files f where f.file_set_id = s.id and f.is_current) as file_count, e.format, e.format_name,
        (select count(*) from images c where c.extraction_id = s.extraction_id) as image_count,
        i.index, i.title, i.shape, i.pixel_type, i.axes::text as axes, i.partial, i.preview::text as preview, i.thumbnail, i.preview_image,
        t.state as task_state, t.progress, t.note, coalesce(t.attempt, 0) as attempt
        """;

    private const string Joins = """
        left join extractions e on e.id = s.extraction_id
        left join lateral (select i.*, p.sha256 as thumbnail, q.sha256 as preview_image from images i
            left join artifacts p on p.extraction_id = i.extraction_id and p.name = 'thumbnail-' || i.index
            left join artifacts q on q.extraction_id = i.extraction_id and q.name = 'preview-' || i.index
            where i.extraction_id = s.extraction_id order by i.index limit 1) i on true
        left join lateral (select t.* from tasks t where t.subject_id = s.id and t.kind = 'extract' and t.state in ('queued', 'running') order by t.state desc limit 1) t on true
        """;

    /// <summary>Nodes below one. Sharing is inherited: whoever sees a node sees all below it. A space shows what is placed in it, as far as the actor sees that.</summary>
    private const string Below = """
        down(id, kind) as (
            select id, kind from nodes where id = @nodeId
            union
            select n.id, n.kind from placements p join nodes n on n.id = p.node_id
            where @Recursive and p.space_id = @nodeId and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0
            union
            select c.id, c.kind from down join nodes c on c.parent_id = down.id where @Recursive and c.trashed_at is null),
        """;

    public async Task<FileSetPage> ListAsync(Actor actor, Guid nodeId, FileSetListing listing, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One snapshot for all: what is moved away meanwhile is not told from where it came to.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, nodeId, Capabilities.See, NodeLock.None, cancellationToken);
        // A dataset by itself is read in the order of an index; what lies in several is gathered and sorted. What is sorted and skipped is narrow: the rest of a row is fetched for those that are shown.
        var (below, within) = node.Kind == NodeKind.Dataset ? ("", "= @nodeId") : (Below, "in (select id from down where kind = 'dataset')");
        var (ids, total) = await connection.RowAsync<(Guid[], long?)>($"""
            with recursive {below} listed as {(listing.IsFiltered ? "materialized" : "not materialized")} (
                select s.id, s.name, s.created_at from file_sets s where s.dataset_id {within} and s.trashed_at is null{listing.Conditions})
            select array(select s.id from listed s {listing.AfterCursor} order by {listing.OrderBy} offset @Offset limit @Take), {(listing.IsCounted ? "(select count(*) from listed)" : "null::bigint")}
            """, new { nodeId, listing.Recursive, listing.Words, actor.Id, actor.Mask, listing.After, listing.AfterId, listing.Offset, Take = listing.Limit + 1 }, cancellationToken);
        var rows = await connection.RowsAsync<Row>($"select {Columns} from file_sets s {Joins} where s.id = any (@ids) order by {listing.OrderBy}", new { ids }, cancellationToken);
        var page = Page.From([.. rows.Select(row => row.ToSummary())], listing.Limit, listing.KeyOf);
        return new FileSetPage(page.Items, page.Next, total);
    }

    /// <summary>Those of the given sets that are not in the trash and lie where somebody sees, in no order.</summary>
    /// <param name="sees">Of a scope.</param>
    public static async Task<List<FileSet>> OfAsync(NpgsqlConnection connection, Guid[] ids, Predicate<Guid> sees, CancellationToken cancellationToken) =>
        [.. (await connection.RowsAsync<Row>($"""
            select {Columns}, d.scope_id from file_sets s join nodes d on d.id = s.dataset_id {Joins} where s.id = any (@ids) and s.trashed_at is null and d.trashed_at is null
            """, new { ids }, cancellationToken)).Where(row => sees(row.ScopeId)).Select(row => row.ToSummary())];

    public async Task<FileSetDetail> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, actor, id, cancellationToken);
    }

    public static async Task<FileSetDetail> GetAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var own = await FileSetAccess.RequireAsync(connection, actor, id, Capabilities.See, forUpdate: false, cancellationToken);
        var summary = (await connection.RowAsync<Row>($"select {Columns} from file_sets s {Joins} where s.id = @id", new { id }, cancellationToken))!.ToSummary();
        var images = await connection.RowsAsync<ImageRow>("""
            select i.index, i.title, i.shape, i.pixel_type, i.axes::text as axes, i.partial, i.preview::text as preview, p.sha256 as thumbnail, q.sha256 as preview_image, m.sha256 as spectrum
            from images i
            left join artifacts p on p.extraction_id = i.extraction_id and p.name = 'thumbnail-' || i.index
            left join artifacts q on q.extraction_id = i.extraction_id and q.name = 'preview-' || i.index
            left join artifacts m on m.extraction_id = i.extraction_id and m.name = 'spectrum-' || i.index
            where i.extraction_id = @ExtractionId order by i.index
            """, new { own.ExtractionId }, cancellationToken);
        var extraction = await connection.RowAsync<ExtractionRow>(
            "select acquisition::text as acquisition, acquisition #>> '{instrument,value}' as instrument, warnings, format, reader_version, mapping_version, software_version, seconds, created_at from extractions where id = @ExtractionId", new { own.ExtractionId }, cancellationToken);
        var terms = await EffectiveTerms.InDatasetAsync(connection, actor, own.DatasetId, cancellationToken);
        return new FileSetDetail(summary, await FileQueries.OfSetAsync(connection, id, cancellationToken), [.. images.Select(image => image.ToImage(id)!)],
            extraction is null ? null : Json(extraction.Acquisition), extraction?.Warnings ?? [],
            extraction is null ? null : new ExtractionFacts(extraction.Format, extraction.ReaderVersion, extraction.MappingVersion, extraction.SoftwareVersion, extraction.Seconds, extraction.CreatedAt),
            await NodeQueries.PathAsync(connection, actor, own.DatasetId, cancellationToken), own.Capabilities.ToWords(),
            own.Licence, own.RightsHolder, own.EmbargoUntil, own.RetainUntil, own.LegalHold,
            terms.Over(own.Licence, own.RightsHolder, own.EmbargoUntil, own.RetainUntil, own.LegalHold),
            await connection.RowsAsync<string>("select a.path from awaited_members a where a.file_set_id = @id and not exists (select from files f where f.file_set_id = @id and f.path = a.path and f.is_current) order by a.path", new { id }, cancellationToken),
            extraction is null ? null : await ViewChoices.ShownFirstAsync(connection, own.DatasetId, extraction.Format, extraction.Instrument, cancellationToken));
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);

    /// <summary>The address changes with the bytes, so that browsers may keep them for ever.</summary>
    internal static string Address(Guid set, int image, string what, byte[] sha256) => $"/api/v1/file-sets/{set}/images/{image}/{what}?v={Convert.ToHexStringLower(sha256.AsSpan(0, 8))}";

    private sealed record ExtractionRow
    {
        public string Acquisition { get; init; } = "{}";
        public string? Instrument { get; init; }
        public string[] Warnings { get; init; } = [];
        public string Format { get; init; } = "";
        public string ReaderVersion { get; init; } = "";
        public string MappingVersion { get; init; } = "";
        public string SoftwareVersion { get; init; } = "";
        public double Seconds { get; init; }
        public DateTime CreatedAt { get; init; }
    }

    private record ImageRow
    {
        public int? Index { get; init; }
        public string? Title { get; init; }
        public long[] Shape { get; init; } = [];
        public string PixelType { get; init; } = "";
        public string? Axes { get; init; }
        public string? Partial { get; init; }
        public string? Preview { get; init; }
        public byte[]? Thumbnail { get; init; }
        public byte[]? PreviewImage { get; init; }
        public byte[]? Spectrum { get; init; }

        public Image? ToImage(Guid set) => Index is not { } index ? null : new Image(index, Title, Shape, PixelType, Json(Axes)!.Value, Partial, Json(Preview),
            Thumbnail is null ? null : Address(set, index, "thumbnail", Thumbnail), PreviewImage is null ? null : Address(set, index, "preview", PreviewImage),
            Spectrum is null ? null : Address(set, index, "spectrum", Spectrum));
    }

    private sealed record Row : ImageRow
    {
        public Guid Id { get; init; }
        public Guid DatasetId { get; init; }
        public Guid ScopeId { get; init; }
        public string DatasetName { get; init; } = "";
        public string Name { get; init; } = "";
        public string Origin { get; init; } = "";
        public string Reading { get; init; } = "";
        public string? ReadingNote { get; init; }
        public long Size { get; init; }
        public long FileCount { get; init; }
        public string[] Tags { get; init; } = [];
        public string? Format { get; init; }
        public string? FormatName { get; init; }
        public DateTime CreatedAt { get; init; }
        public DateTime ModifiedAt { get; init; }
        public long Version { get; init; }
        public long ImageCount { get; init; }
        public string? TaskState { get; init; }
        public float? Progress { get; init; }
        public string? Note { get; init; }
        public int Attempt { get; init; }

        public FileSet ToSummary()
        {
            var image = ToImage(Id);
            return new FileSet(Id, DatasetId, DatasetName, Name, Origin, Reading, ReadingNote, Size, FileCount, Tags, Format, FormatName, CreatedAt, ModifiedAt, Version, ImageCount,
                image, image?.ThumbnailUrl, TaskState is null ? null : new FileSetTask(TaskState, Progress, Note, Attempt));
        }
    }
}
