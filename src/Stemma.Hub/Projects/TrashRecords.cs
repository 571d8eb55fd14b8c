using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>The number under which things were thrown away together, and under which they come back.</summary>
public sealed record Trashed(Guid TrashId);

public enum TrashKind
{
    Project,
    Collection,
    Dataset,
    Space,
    FileSet,
}

/// <summary>Something in the trash, with all that was in it.</summary>
/// <param name="PurgesAt">When it goes for good, unless it is put back: the end of the grace period, or of a keeping duty that lasts longer. Null while a legal hold keeps it.</param>
/// <param name="From">Where it was; null for a project or space, or where the caller does not see that.</param>
public sealed record TrashItem(Guid TrashId, Guid Id, TrashKind Kind, string Name, DateTime TrashedAt, DateTime? PurgesAt, PrincipalName? TrashedBy, NodeName? From);

/// <summary>What came back, under the name that it has now.</summary>
public sealed record Restored(Guid Id, TrashKind Kind, string Name);

/// <param name="TrashIds">Each is put back by itself.</param>
public sealed record RestoreMany(IReadOnlyList<Guid> TrashIds);

/// <param name="Refused">By their numbers in the trash.</param>
public sealed record RestoredMany(IReadOnlyList<Restored> Restored, IReadOnlyList<Refused> Refused);

/// <summary>Other things than nodes that go to the trash.</summary>
internal interface ITrashed
{
    /// <summary>
    /// Puts back what was thrown away under this number, with its event; the caller has the tree for itself (<see cref="TreeLock"/>) and commits.
    /// Null: nothing of this kind has the number, or the actor does not see it.
    /// </summary>
    Task<Restored?> TryRestoreAsync(NpgsqlConnection connection, Actor actor, Guid trashId, CancellationToken cancellationToken);
}
