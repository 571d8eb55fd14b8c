namespace Stemma.Hub.Files;

/// <summary>One line of the manifest of a node.</summary>
/// <param name="Path">Below the node: collections, dataset and the path in it.</param>
public sealed record ManifestEntry(Guid Id, string Path, long Size, string Sha256, Guid DatasetId);
