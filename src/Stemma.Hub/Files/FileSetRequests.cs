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
