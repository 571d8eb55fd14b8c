using Stemma.Hub.Sharing;

namespace Stemma.Hub.Projects;

/// <summary>Direct children. File sets live in datasets only.</summary>
public sealed record NodeCounts(long Collections, long Datasets, long FileSets);

/// <summary>A project, collection, dataset or space, with what the caller may do on it.</summary>
/// <param name="Licence">SPDX identifier or the owner's words; null: as its parent.</param>
/// <param name="Version">Its ETag.</param>
/// <param name="Path">Ancestors that the caller may see, root first; null in lists.</param>
/// <param name="Effective">Its terms with those it inherits; null in lists.</param>
public sealed record Node(
    Guid Id,
    NodeKind Kind,
    Guid? ParentId,
    string Name,
    string Description,
    IReadOnlyList<string> Tags,
    string? Licence,
    string? RightsHolder,
    DateTime? EmbargoUntil,
    DateTime? RetainUntil,
    bool LegalHold,
    bool IsDemo,
    DateTime CreatedAt,
    DateTime ModifiedAt,
    PrincipalName CreatedBy,
    long Version,
    IReadOnlyList<Capability> Capabilities,
    DateTime? TrashedAt,
    NodeCounts Counts,
    IReadOnlyList<NodeName>? Path,
    EffectiveTerms? Effective)
{
    internal static Node From(NodeRow row, IReadOnlyList<NodeName>? path = null, EffectiveTerms? effective = null) => new(
        row.Id, row.Kind, row.ParentId, row.Name, row.Description, row.Tags, row.Licence, row.RightsHolder, row.EmbargoUntil, row.RetainUntil, row.LegalHold,
        row.IsDemo, row.CreatedAt, row.ModifiedAt, new PrincipalName(row.CreatedBy, row.CreatorName), row.Version, row.Capabilities.ToWords(), row.TrashedAt,
        new NodeCounts(row.Collections, row.Datasets, row.FileSets), path, effective);
}
