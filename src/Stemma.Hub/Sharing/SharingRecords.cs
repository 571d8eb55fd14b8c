using Stemma.Hub.Projects;

namespace Stemma.Hub.Sharing;

/// <summary>What to grant: a role, or capabilities one by one; seeing is always among them.</summary>
/// <param name="ExpiresAt">Null: until it is withdrawn.</param>
public sealed record GrantRequest(Role? Role = null, IReadOnlyList<Capability>? Capabilities = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Through which space a grant reaches a node that is placed in it.</summary>
/// <param name="Space">Null where the caller does not see the space.</param>
public sealed record AccessVia(NodeName? Space);

/// <summary>One reason why somebody may do something on a node.</summary>
/// <param name="Capabilities">What it gives here; through a space, what both the placement and the grant on the space allow.</param>
/// <param name="Role">The role with exactly these capabilities; null where there is none.</param>
/// <param name="From">The node that is shared; null where the caller does not see it.</param>
/// <param name="Inherited">It comes from above.</param>
/// <param name="Via">Null for what was granted in the place itself.</param>
public sealed record AccessEntry(
    Principal Principal, IReadOnlyList<Capability> Capabilities, Role? Role, DateTime? ExpiresAt, NodeName? From, bool Inherited, AccessVia? Via);


/// <param name="Grants">Everybody who may do something, and why; one entry per reason.</param>
/// <param name="Mine">The entries that speak for the caller: as a person, through a group, or as everyone.</param>
/// <param name="Capabilities">What the caller may do in all.</param>
public sealed record Access(IReadOnlyList<AccessEntry> Grants, IReadOnlyList<AccessEntry> Mine, IReadOnlyList<Capability> Capabilities);

/// <param name="FromPrincipalId">Whose own grant shrinks to viewer; left out: the caller's.</param>
public sealed record HandOver(Guid PrincipalId, Guid? FromPrincipalId = null);

/// <param name="Role">Guest (the default) or viewer: a link goes from hand to hand, so it only shows.</param>
public sealed record NewLink(Role? Role = null, DateTimeOffset? ExpiresAt = null);

/// <param name="Url">Opens the node in a browser; whoever has it sees what the link shows.</param>
/// <param name="Secret">For programs: the header Stemma-Link. Both are shown this once.</param>
public sealed record GuestLink(Guid Id, string Url, string Secret, Role Role, DateTime? ExpiresAt);

/// <summary>What a placement grants of the space's capabilities: a role (viewer if nothing is said), or capabilities one by one.</summary>
public sealed record PlacementRequest(Role? Role = null, IReadOnlyList<Capability>? Capabilities = null);

/// <summary>Something that a space shows.</summary>
/// <param name="Capabilities">What whoever sees the space may do there at most.</param>
/// <param name="Role">The role with exactly these capabilities; null where there is none.</param>
public sealed record Placement(NodeName Node, IReadOnlyList<Capability> Capabilities, Role? Role);
