using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sharing;

/// <summary>
/// A project or space never loses its last owner: a grant of manage without expiry, to an account that is not disabled or to a group with such a member.
/// Checked after every change that could take one away, within the same transaction and under <see cref="TreeLock.ExclusiveAsync"/>.
/// </summary>
/// <remarks>
/// Disabling the account of a last owner is refused too: an administrator hands over first. Setting another password locks somebody out meanwhile,
/// at once: it ends their sign-ins and tokens.
/// </remarks>
internal static class Ownership
{
    private const int MaxNames = 20;

    /// <summary>Of a grant <c>g</c>: somebody who can sign in owns the node by it.</summary>
    private const string IsOwner = """
        g.capabilities & 32 <> 0 and g.expires_at is null
          and (exists (select from accounts a where a.id = g.principal_id and a.disabled_at is null)
            or exists (select from group_members m join accounts a on a.id = m.account_id where m.group_id = g.principal_id and a.disabled_at is null))
        """;

    private sealed record Orphan(NodeKind Kind, string Name);

    /// <param name="nodeIds">Those that are not projects or spaces, or are in the trash, need no owner of their own.</param>
    /// <exception cref="Problem">409: one of them would be nobody's.</exception>
    public static async Task RequireOwnersAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> nodeIds, CancellationToken cancellationToken)
    {
        var orphan = (await OrphansAsync(connection, nodeIds, cancellationToken)).FirstOrDefault();
        if (orphan is not null)
            throw Problem.Conflict("last-owner", $"The {orphan.Kind.Word()} \"{orphan.Name}\" would have no owner left. Make somebody else its owner, without an expiry, first; or hand it over.");
    }

    /// <summary>After an account was disabled.</summary>
    /// <exception cref="Problem">409: it was the last owner of something.</exception>
    public static async Task RequireOwnersWithoutAsync(NpgsqlConnection connection, Guid accountId, string login, CancellationToken cancellationToken)
    {
        var owned = await connection.RowsAsync<Guid>("""
            select g.node_id from grants g
            where g.capabilities & 32 <> 0 and g.expires_at is null
              and (g.principal_id = @accountId or g.principal_id in (select group_id from group_members where account_id = @accountId))
            """, new { accountId }, cancellationToken);
        var orphans = await OrphansAsync(connection, owned, cancellationToken);
        if (orphans.Count == 0)
            return;
        var names = string.Join(", ", orphans.Take(MaxNames).Select(orphan => $"\"{orphan.Name}\"")) + (orphans.Count > MaxNames ? $" and {orphans.Count - MaxNames} more" : "");
        throw Problem.Conflict("last-owner", $"\"{login}\" is the last owner of {names}. Hand over first, then disable the account; a new password locks them out meanwhile.");
    }

    /// <summary>Whether a project or space, in the trash or not, has an owner.</summary>
    public static async Task<bool> HasOwnerAsync(NpgsqlConnection connection, Guid nodeId, CancellationToken cancellationToken) =>
        await connection.RowAsync<bool>($"select exists (select from grants g where g.node_id = @nodeId and {IsOwner})", new { nodeId }, cancellationToken);

    private static Task<List<Orphan>> OrphansAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> nodeIds, CancellationToken cancellationToken) =>
        connection.RowsAsync<Orphan>($"""
            select n.kind, n.name from nodes n
            where n.id = any (@Ids) and n.parent_id is null and n.trashed_at is null and not exists (select from grants g where g.node_id = n.id and {IsOwner})
            order by n.name, n.id
            """, new { Ids = nodeIds.ToArray() }, cancellationToken);
}
