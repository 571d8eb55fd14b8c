using Stemma.Hub.Sharing;

namespace Stemma.Hub.Files;

/// <summary>One immutable version of bytes at a path of a dataset.</summary>
/// <param name="Version">1, 2, 3 … at the same path.</param>
/// <param name="Role">primary, part or sidecar.</param>
/// <param name="ModifiedAt">As the depositor's file system said; null: not said.</param>
/// <param name="DepositedVia">upload, harvest, link, archive, demo or result.</param>
/// <param name="Storage">stored, or linked (the bytes stay where they are).</param>
/// <param name="FileSetId">The set that it is read with.</param>
/// <param name="IsCurrent">False for a version that was replaced, and for a file in the trash.</param>
/// <param name="LinkState">Of a linked file: present, changed, moved or missing.</param>
public sealed record FileRecord(
    Guid Id, string Path, int Version, string Role, long Size, string Sha256, string MediaType, DateTimeOffset? ModifiedAt,
    DateTimeOffset DepositedAt, PrincipalName DepositedBy, string DepositedVia, string Storage, string? LinkState,
    Guid FileSetId, Guid DatasetId, bool IsCurrent);
