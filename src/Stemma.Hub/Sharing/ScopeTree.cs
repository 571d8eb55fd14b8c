using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Sharing;

/// <summary>
/// Keeps <c>nodes.scope_id</c> and <c>scopes</c> true: a node that carries grants or placements is its own scope, every other node has its parent's,
/// and a scope's parent is the scope of its node's parent. Every change here needs <see cref="TreeLock.ExclusiveAsync"/>.
/// </summary>
/// <remarks>A scope stays one when its last grant goes: it then only passes on what its parent gives, which is right and costs one row.</remarks>
internal static class ScopeTree
{
    // The part of a subtree that shares its root's scope; what is in the trash belongs to it too, for it may come back.
    private const string SameScope = """
        with recursive part as (
            select n.id from nodes n where n.id = @NodeId
            union all
            select c.id from nodes c join part on c.parent_id = part.id where c.scope_id = @OldScope)
        """;

    /// <summary>Makes the node a scope of its own, if it is none: before it gets its first grant or placement.</summary>
    public static async Task EnsureScopeAsync(NpgsqlConnection connection, NodeRow node, CancellationToken cancellationToken)
    {
        if (node.ScopeId == node.Id)
            return;
        await connection.RunAsync("insert into scopes (id, parent_id) values (@Id, @ScopeId)", new { node.Id, node.ScopeId }, cancellationToken);
        await ReplaceAsync(connection, node.Id, node.ScopeId, node.Id, cancellationToken);
    }

    /// <summary>Makes a node that gets another parent inherit from that one.</summary>
    public static Task MoveAsync(NpgsqlConnection connection, NodeRow node, Guid newParentScope, CancellationToken cancellationToken) =>
        node.ScopeId == node.Id
            ? connection.RunAsync("update scopes set parent_id = @newParentScope where id = @Id", new { node.Id, newParentScope }, cancellationToken)
            : node.ScopeId == newParentScope ? Task.CompletedTask : ReplaceAsync(connection, node.Id, node.ScopeId, newParentScope, cancellationToken);

    private static async Task ReplaceAsync(NpgsqlConnection connection, Guid nodeId, Guid oldScope, Guid newScope, CancellationToken cancellationToken)
    {
        var parameters = new { NodeId = nodeId, OldScope = oldScope, NewScope = newScope };
        // Scopes right beneath this part hang on the old scope; those elsewhere beneath the old scope stay with it.
        await connection.RunAsync($"""
            {SameScope}
            update scopes s set parent_id = @NewScope from nodes c join part on c.parent_id = part.id where s.id = c.id and c.scope_id = c.id
            """, parameters, cancellationToken);
        await connection.RunAsync($"{SameScope} update nodes n set scope_id = @NewScope from part where n.id = part.id", parameters, cancellationToken);
    }
}
