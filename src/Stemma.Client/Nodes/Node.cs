namespace Stemma.Client;

/// <summary>A project, collection, dataset or space.</summary>
/// <param name="Kind">project, collection, dataset or space.</param>
/// <param name="Path">Ancestors, root first; only where a single node was asked for.</param>
public sealed record Node(
    Guid Id, string Kind, Guid? ParentId, string Name, string? Description, IReadOnlyList<string>? Tags, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt,
    long Version, IReadOnlyList<string>? Capabilities, IReadOnlyList<NodePlace>? Path, NodeCounts? Counts);

public sealed record NodePlace(Guid Id, string Kind, string Name);

/// <summary>Direct children.</summary>
public sealed record NodeCounts(long Collections, long Datasets, long FileSets);

/// <summary>A file somewhere below a node.</summary>
/// <param name="Path">Names of the nodes between, then the path within the dataset, separated by <c>/</c>.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record ManifestFile(Guid Id, string Path, long Size, string Sha256, Guid DatasetId);
