using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>What is left out stays; null clears, and the set has it from its dataset again.</summary>
/// <remarks>Tags need the capability edit; the terms (licence, rights holder, embargo, retention, hold) need manage.</remarks>
public sealed record FileSetPatch : Patch
{
    public IReadOnlyList<string> Tags { get; init => field = Given(value); } = [];
    public string? Licence { get; init => field = Given(value); }
    public string? RightsHolder { get; init => field = Given(value); }
    public DateTimeOffset? EmbargoUntil { get; init => field = Given(value); }
    public DateTimeOffset? RetainUntil { get; init => field = Given(value); }
    public bool LegalHold { get; init => field = Given(value); }
}

public sealed record MoveFileSet(Guid DatasetId);

/// <param name="Version">That the caller saw last; null: whichever it is now.</param>
public sealed record FileSetVersion(Guid Id, long? Version = null);

/// <param name="Tags">All that it has afterwards.</param>
/// <param name="Version">That the caller saw last; null: whichever it is now.</param>
public sealed record FileSetTags(Guid Id, IReadOnlyList<string> Tags, long? Version = null);

public sealed record TagFileSets(IReadOnlyList<FileSetTags> FileSets);

/// <param name="Version">Its ETag now.</param>
public sealed record ChangedFileSet(Guid Id, long Version);

/// <param name="Changed">Those whose tags are as asked, in the order of the request.</param>
public sealed record TaggedFileSets(IReadOnlyList<ChangedFileSet> Changed, IReadOnlyList<Refused> Refused);

public sealed record TrashFileSets(IReadOnlyList<FileSetVersion> FileSets);

/// <param name="TrashId">Puts it back.</param>
public sealed record TrashedFileSet(Guid Id, Guid TrashId);

/// <param name="Trashed">In the order of the request.</param>
public sealed record TrashedFileSets(IReadOnlyList<TrashedFileSet> Trashed, IReadOnlyList<Refused> Refused);

/// <summary>Many that go together, or not at all.</summary>
public sealed record MoveFileSets(Guid DatasetId, IReadOnlyList<FileSetVersion> FileSets);

/// <param name="FromDatasetId">Where it was.</param>
/// <param name="Version">Its ETag now.</param>
public sealed record MovedFileSet(Guid Id, Guid FromDatasetId, long Version);

/// <param name="FileSets">Those that were not in the dataset before.</param>
public sealed record MovedFileSets(Guid DatasetId, IReadOnlyList<MovedFileSet> FileSets);
