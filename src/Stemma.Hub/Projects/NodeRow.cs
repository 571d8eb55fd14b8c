using Stemma.Hub.Sharing;

namespace Stemma.Hub.Projects;

/// <summary>A node as it stands in the database, with what the actor may do on it.</summary>
internal sealed record NodeRow
{
    /// <summary>Columns of <c>nodes n</c>; <see cref="Capabilities"/> is added by whoever asks.</summary>
    public const string Columns = """
        n.id, n.kind, n.parent_id, n.scope_id, n.name, n.description, n.tags, n.licence, n.rights_holder, n.embargo_until, n.retain_until, n.legal_hold,
        n.is_demo, n.created_at, n.modified_at, n.created_by, n.version, n.trashed_at
        """;

    /// <summary>Who made it, and its direct children.</summary>
    public const string Extras = """
        (select p.name from principal_names p where p.id = n.created_by) as creator_name,
        case n.kind when 'space' then (select count(*) from placements p join nodes c on c.id = p.node_id where p.space_id = n.id and c.kind = 'collection' and c.trashed_at is null)
            else (select count(*) from nodes c where c.parent_id = n.id and c.kind = 'collection' and c.trashed_at is null) end as collections,
        case n.kind when 'space' then (select count(*) from placements p join nodes c on c.id = p.node_id where p.space_id = n.id and c.kind = 'dataset' and c.trashed_at is null)
            else (select count(*) from nodes c where c.parent_id = n.id and c.kind = 'dataset' and c.trashed_at is null) end as datasets,
        case n.kind when 'dataset' then (select count(*) from file_sets f where f.dataset_id = n.id and f.trashed_at is null) else 0 end as file_sets
        """;

    public Guid Id { get; init; }
    public NodeKind Kind { get; init; }
    public Guid? ParentId { get; init; }
    public Guid ScopeId { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public string[] Tags { get; init; } = [];
    public string? Licence { get; init; }
    public string? RightsHolder { get; init; }
    public DateTime? EmbargoUntil { get; init; }
    public DateTime? RetainUntil { get; init; }
    public bool LegalHold { get; init; }
    public bool IsDemo { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime ModifiedAt { get; init; }
    public Guid CreatedBy { get; init; }
    public long Version { get; init; }
    public DateTime? TrashedAt { get; init; }

    /// <summary>What the actor may do here.</summary>
    public Capabilities Capabilities { get; init; }

    public string CreatorName { get; init; } = "";
    public long Collections { get; init; }
    public long Datasets { get; init; }
    public long FileSets { get; init; }
}
