namespace Stemma.Hub.Sidecars;

/// <summary>Whether a project keeps texts with the metadata beside its files, and how that goes.</summary>
/// <param name="Kept">Beside linked files, where an administrator allows it at the harvest source; and beside each file in downloads.</param>
/// <param name="Linked">File sets whose first file stays on a share.</param>
/// <param name="Written">Texts that stand there as they should.</param>
/// <param name="Withheld">File sets without a text for a reason that needs nobody's attention: not allowed at the source, under embargo, the file is away.</param>
/// <param name="Failed">Texts that could not be written or removed, or stand where somebody has a file of their own.</param>
/// <param name="Problems">The first of those that failed, then of those withheld.</param>
/// <param name="Version">Its ETag.</param>
public sealed record ProjectSidecars(bool Kept, long Linked, long Written, long Withheld, long Failed, IReadOnlyList<SidecarProblem> Problems, long Version);

/// <param name="Name">Of the file set.</param>
/// <param name="RetryAt">When it is tried again; null: when something changes.</param>
public sealed record SidecarProblem(Guid FileSetId, string Name, string Problem, DateTime? RetryAt);

/// <param name="Kept">Whether texts are kept from now on.</param>
public sealed record SidecarSwitch(bool Kept);
