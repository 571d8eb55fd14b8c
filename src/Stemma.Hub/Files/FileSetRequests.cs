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
public sealed record FileSetToMove(Guid Id, long? Version = null);

/// <summary>Many that go together, or not at all.</summary>
public sealed record MoveFileSets(Guid DatasetId, IReadOnlyList<FileSetToMove> FileSets);

/// <param name="FromDatasetId">Where it was.</param>
/// <param name="Version">Its ETag now.</param>
public sealed record MovedFileSet(Guid Id, Guid FromDatasetId, long Version);

/// <param name="FileSets">Those that were not in the dataset before.</param>
public sealed record MovedFileSets(Guid DatasetId, IReadOnlyList<MovedFileSet> FileSets);
