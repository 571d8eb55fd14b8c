using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Harvest;

namespace Stemma.Hub.Sidecars;

/// <summary>A file set as the catalog has it now: where its text belongs, and whether one is wanted.</summary>
/// <remarks>One text for each set, beside the file that it is read from first: twenty files read together are one thing, and twenty equal texts would bury the folder.</remarks>
internal sealed record SidecarTarget
{
    public Guid FileSetId { get; init; }
    public Guid ProjectId { get; init; }
    public bool IsKept { get; init; }
    public string Origin { get; init; } = "";
    public bool IsTrashed { get; init; }
    public bool IsRead { get; init; }
    public DateTime? EmbargoUntil { get; init; }
    public Guid FileId { get; init; }
    public string? Root { get; init; }
    public string LinkedPath { get; init; } = "";
    public long Size { get; init; }
    public DateTime ModifiedAt { get; init; }
    public string LinkState { get; init; } = "";

    /// <summary>Whether there is to be a text, should nothing stand against it. Somebody's own file that is named as one needs none.</summary>
    public bool IsWanted => IsKept && !IsTrashed && Root is not null && !SidecarMark.MayBe(LinkedPath);

    /// <summary>Of the text, beneath the root.</summary>
    public string TextPath => SidecarMark.NameOf(LinkedPath);

    public string FileName => LinkedPath[(LinkedPath.LastIndexOf('/') + 1)..];

    public bool IsUnchanged(FileStamp stamp) => stamp.Kind == ShareItemKind.File && stamp.SameAs(Size, ModifiedAt);

    public static Task<List<SidecarTarget>> LoadAsync(NpgsqlConnection connection, Guid[] sets, CancellationToken cancellationToken) =>
        connection.RowsAsync<SidecarTarget>("""
            select s.id as file_set_id, above.project_id, coalesce(k.kept, false) as is_kept, coalesce(k.origin, '') as origin, s.trashed_at is not null or above.is_trashed as is_trashed,
                   s.reading not in ('waiting', 'reading') as is_read, coalesce(s.embargo_until, above.embargo_until) as embargo_until,
                   main.id as file_id, l.root, coalesce(l.path, '') as linked_path, coalesce(l.size, 0) as size, l.modified_at, coalesce(l.state, '') as link_state
            from file_sets s
            cross join lateral (
                with recursive up as (
                    select n.id, n.parent_id, n.embargo_until, n.trashed_at, 0 as depth from nodes n where n.id = s.dataset_id
                    union all
                    select n.id, n.parent_id, n.embargo_until, n.trashed_at, up.depth + 1 from up join nodes n on n.id = up.parent_id)
                select (array_agg(up.id order by up.depth desc))[1] as project_id, bool_or(up.trashed_at is not null) as is_trashed,
                       (array_agg(up.embargo_until order by up.depth) filter (where up.embargo_until is not null))[1] as embargo_until from up) above
            left join project_sidecars k on k.project_id = above.project_id
            left join lateral (
                select f.id, f.blob_sha256 from files f where f.file_set_id = s.id and f.is_current order by f.role = 'primary' desc, f.path limit 1) main on true
            left join linked_files l on l.file_id = main.id and main.blob_sha256 is null
            where s.id = any (@sets)
            """, new { sets }, cancellationToken);
}
