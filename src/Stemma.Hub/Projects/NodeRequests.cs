using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

public sealed record NewRoot(string Name, string? Description = null);

public enum ChildKind
{
    Collection,
    Dataset,
}

public sealed record NewChild(ChildKind Kind, string Name, string? Description = null);

/// <summary>What is left out stays; null clears, and the node has it from its parent again.</summary>
/// <remarks>Name, description and tags need the capability edit; the terms (licence, rights holder, embargo, retention, hold) need manage.</remarks>
public sealed record NodePatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public string Description { get; init => field = Given(value); } = "";
    public IReadOnlyList<string> Tags { get; init => field = Given(value); } = [];
    public string? Licence { get; init => field = Given(value); }
    public string? RightsHolder { get; init => field = Given(value); }
    public DateTimeOffset? EmbargoUntil { get; init => field = Given(value); }
    public DateTimeOffset? RetainUntil { get; init => field = Given(value); }
    public bool LegalHold { get; init => field = Given(value); }
}

public sealed record MoveNode(Guid ParentId);
