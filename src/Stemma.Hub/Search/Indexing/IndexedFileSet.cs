using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Search.Indexing;

/// <summary>A file set with all that is indexed of it, as the catalog has it now.</summary>
internal sealed record IndexedFileSet
{
    public Guid Id { get; init; }
    public int Dataset { get; init; }
    public int? Project { get; init; }
    public string Name { get; init; } = "";
    public string[] Tags { get; init; } = [];
    public long Size { get; init; }
    public DateTime AddedAt { get; init; }
    public Guid AddedBy { get; init; }
    public string Reading { get; init; } = "";
    public string[] Paths { get; init; } = [];
    public string? Format { get; init; }
    public string? FormatName { get; init; }
    public string? Acquisition { get; init; }
    public bool HasWarnings { get; init; }
    public string[] Titles { get; init; } = [];
    public string? Axes { get; init; }
    public bool IsPartial { get; init; }
    public string[] Artifacts { get; init; } = [];
    public byte[]? OriginalSha256 { get; init; }
    public long OriginalSize { get; init; }

    /// <summary>Labels, tags and notes of what was marked in its images.</summary>
    public string[] Marks { get; init; } = [];
    public string[]? Remarks { get; init; }

    /// <summary>JSON: pairs of a field's name and what people wrote into it.</summary>
    public string? Fields { get; init; }

    /// <summary>Those of the given sets that are to be found; sets in the trash are not.</summary>
    public static Task<List<IndexedFileSet>> LoadAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken) =>
        connection.RowsAsync<IndexedFileSet>($"""
            select s.id, n.number as dataset, p.project, s.name, s.tags, s.size, s.created_at as added_at, coalesce(f.deposited_by, n.created_by) as added_by, s.reading,
                   coalesce(f.paths, array[]::text[]) as paths, e.format, e.format_name, e.acquisition::text as acquisition, coalesce(cardinality(e.warnings), 0) > 0 as has_warnings,
                   coalesce(i.titles, array[]::text[]) as titles, i.axes, coalesce(i.is_partial, false) as is_partial, coalesce(a.names, array[]::text[]) as artifacts, o.sha256 as original_sha256, coalesce(o.size, 0) as original_size,
                   coalesce(m.marks, array[]::text[]) as marks, {PeopleWords.Sql("s.id")}
            from file_sets s
            join nodes n on n.id = s.dataset_id
            left join search_places p on p.number = n.number
            left join extractions e on e.id = s.extraction_id
            left join lateral (
                select (array_agg(f.deposited_by order by f.role = 'primary' desc, f.id))[1] as deposited_by, (array_agg(f.path order by f.path))[1:200] as paths
                from files f where f.file_set_id = s.id and f.is_current) f on true
            left join lateral (
                select (array_agg(i.title order by i.index) filter (where i.title is not null))[1:200] as titles, (array_agg(i.axes order by i.index))[1]::text as axes, bool_or(i.partial is not null) as is_partial
                from images i where i.extraction_id = s.extraction_id) i on true
            left join lateral (select array_agg(a.name) as names from artifacts a where a.extraction_id = s.extraction_id) a on true
            left join lateral (
                select (array_agg(m.label || ' ' || array_to_string(m.tags, ' ') || ' ' || m.note order by m.sequence))[1:2000] as marks
                from annotations m where m.file_set_id = s.id and m.removed_at is null and (m.label <> '' or m.note <> '' or m.tags <> array[]::text[])) m on true
            left join artifacts o on o.extraction_id = s.extraction_id and o.name = 'original'
            where s.id = any (@ids) and s.trashed_at is null
            """, new { ids }, cancellationToken);
}
