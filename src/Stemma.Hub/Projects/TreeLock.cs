using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Projects;

/// <summary>
/// Keeps the tree of nodes and scopes still. Whoever changes its shape (move, trash, restore, a first grant on a node) or who owns what takes it
/// exclusively; whoever adds a node takes it shared, so that no node is born into a scope that has just been split. Both are held until the
/// transaction ends.
/// </summary>
/// <remarks>Taken before any row lock, and transactions that hold it are short. One lock for the whole hub is simple, and these changes are rare.</remarks>
internal static class TreeLock
{
    // Any number that nobody else uses.
    private const long Key = 0x53746D5472656531;

    public static Task ExclusiveAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync("select pg_advisory_xact_lock(@Key)", new { Key }, cancellationToken);

    public static Task SharedAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync("select pg_advisory_xact_lock_shared(@Key)", new { Key }, cancellationToken);

    /// <summary>Holds a node and all above it still until the transaction ends, so that no hold or keeping duty is laid upon them unseen.</summary>
    public static Task HoldWithAllAboveAsync(NpgsqlConnection connection, Guid? node, CancellationToken cancellationToken) => connection.RunAsync("""
        select 1 from nodes where id in (
            with recursive up(id, parent_id) as (
                select n.id, n.parent_id from nodes n where n.id = @node
                union all
                select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select up.id from up)
        for share
        """, new { node }, cancellationToken);
}
