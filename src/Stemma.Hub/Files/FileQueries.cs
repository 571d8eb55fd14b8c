using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>Files as they look on the wire.</summary>
internal static class FileQueries
{
    private const string Select = """
        select f.id, f.path, f.version, f.role, f.size, f.sha256, f.media_type, f.modified_at, f.deposited_at, f.deposited_by, who.name as deposited_by_name, f.deposited_via,
               f.blob_sha256 is not null as is_stored, link.state as link_state, f.file_set_id, f.dataset_id, f.is_current
        from files f
        left join linked_files link on link.file_id = f.id and f.blob_sha256 is null
        left join principal_names who on who.id = f.deposited_by
        """;

    /// <summary>Whoever may see it was decided before.</summary>
    public static async Task<FileRecord> ByIdAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<Row>($"{Select} where f.id = @id", new { id }, cancellationToken))!.ToRecord();

    /// <summary>Current members of a set, the one to start from first.</summary>
    public static async Task<IReadOnlyList<FileRecord>> OfSetAsync(NpgsqlConnection connection, Guid set, CancellationToken cancellationToken) =>
        [.. (await connection.RowsAsync<Row>($"{Select} where f.file_set_id = @set and f.is_current order by f.role = 'primary' desc, f.path", new { set }, cancellationToken)).Select(row => row.ToRecord())];

    /// <summary>All versions at the file's path in its set, newest first.</summary>
    public static async Task<IReadOnlyList<FileRecord>> VersionsAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        [.. (await connection.RowsAsync<Row>($"{Select} join files asked on asked.id = @id and asked.file_set_id = f.file_set_id and asked.path = f.path order by f.version desc", new { id }, cancellationToken))
            .Select(row => row.ToRecord())];

    private sealed record ManifestRow
    {
        public Guid Id { get; init; }
        public string Place { get; init; } = "";
        public string Path { get; init; } = "";
        public long Size { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public Guid DatasetId { get; init; }
    }

    /// <summary>Every current file at or below a node, by path. Sharing is inherited: whoever sees the node sees all below.</summary>
    public static async Task<Page<ManifestEntry>> ManifestAsync(NpgsqlConnection connection, Actor actor, Guid nodeId, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        // Neither place nor path holds a line feed.
        var after = Cursor.Decode(cursor)?.Split('\n');
        await NodeAccess.RequireAsync(connection, actor, nodeId, Capabilities.See, NodeLock.None, cancellationToken);
        var rows = await connection.RowsAsync<ManifestRow>("""
            with recursive down(id, kind, place) as (
                select id, kind, '' from nodes where id = @nodeId and kind <> 'space'
                union all
                select n.id, n.kind, n.name || '/' from placements p join nodes n on n.id = p.node_id
                where p.space_id = @nodeId and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0
                union all
                select c.id, c.kind, down.place || c.name || '/' from down join nodes c on c.parent_id = down.id where c.trashed_at is null)
            select f.id, d.place, f.path, f.size, f.sha256, f.dataset_id
            from down d join files f on f.dataset_id = d.id and f.is_current
            where d.kind = 'dataset' and (@AfterPlace::text is null or (d.place, f.path) > (@AfterPlace::text, @AfterPath::text))
            order by d.place, f.path limit @Take
            """, new { nodeId, actor.Id, actor.Mask, AfterPlace = after?[0], AfterPath = after?[^1], Take = take + 1 }, cancellationToken);
        var page = Page.From(rows, take, row => $"{row.Place}\n{row.Path}");
        return new Page<ManifestEntry>([.. page.Items.Select(row => new ManifestEntry(row.Id, row.Place + row.Path, row.Size, Convert.ToHexStringLower(row.Sha256), row.DatasetId))], page.Next);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Path { get; init; } = "";
        public int Version { get; init; }
        public string Role { get; init; } = "";
        public long Size { get; init; }
        public byte[] Sha256 { get; init; } = [];
        public string MediaType { get; init; } = "";
        public DateTime? ModifiedAt { get; init; }
        public DateTime DepositedAt { get; init; }
        public Guid DepositedBy { get; init; }
        public string? DepositedByName { get; init; }
        public string DepositedVia { get; init; } = "";
        public bool IsStored { get; init; }
        public string? LinkState { get; init; }
        public Guid FileSetId { get; init; }
        public Guid DatasetId { get; init; }
        public bool IsCurrent { get; init; }

        public FileRecord ToRecord() => new(Id, Path, Version, Role, Size, Convert.ToHexStringLower(Sha256), MediaType, ModifiedAt, DepositedAt,
            new PrincipalName(DepositedBy, DepositedByName ?? ""), DepositedVia, IsStored ? "stored" : "linked", LinkState, FileSetId, DatasetId, IsCurrent);
    }
}
