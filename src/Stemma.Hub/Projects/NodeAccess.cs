using Dapper;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>How firmly a node is held until the transaction ends.</summary>
internal enum NodeLock
{
    None,

    /// <summary>It cannot be changed, moved or trashed; others may hold it too. Never change the row afterwards: two who hold it would wait for each other.</summary>
    Share,

    /// <summary>Nobody else holds it. Rows that refer to it can still be added.</summary>
    Update,
}

/// <summary>The one door to a node: finds it for an actor, or refuses.</summary>
internal static class NodeAccess
{
    /// <inheritdoc cref="RequireAsync(NpgsqlConnection, Actor, Guid, Capabilities, NodeLock, CancellationToken)"/>
    public static Task<NodeRow> RequireAsync(
        NpgsqlConnection connection, Actor actor, Guid nodeId, Capabilities needed, bool forUpdate, CancellationToken cancellationToken) =>
        RequireAsync(connection, actor, nodeId, needed, forUpdate ? NodeLock.Update : NodeLock.None, cancellationToken);

    /// <summary>The node, if the actor may do all of <paramref name="needed"/> on it. What is in the trash is not there.</summary>
    /// <exception cref="Problem">404: there is none that the actor can see (401 for a stranger). 403: it can be seen, but not that.</exception>
    public static async Task<NodeRow> RequireAsync(
        NpgsqlConnection connection, Actor actor, Guid nodeId, Capabilities needed, NodeLock hold, CancellationToken cancellationToken)
    {
        // Lock first, look afterwards: the second statement sees what those did whom the first one waited for.
        var locking = hold switch
        {
            NodeLock.Share => "select 1 from nodes where id = @nodeId for share;",
            NodeLock.Update => "select 1 from nodes where id = @nodeId for no key update;",
            _ => "",
        };
        var command = new CommandDefinition($"""
            {locking}
            select {NodeRow.Columns}, c.capabilities
            from nodes n cross join lateral capabilities_on(@Id, @Mask, n.scope_id) as c(capabilities)
            where n.id = @nodeId and n.trashed_at is null and c.capabilities & 1 <> 0
            """, new { nodeId, actor.Id, actor.Mask }, cancellationToken: cancellationToken);
        NodeRow? node;
        if (hold == NodeLock.None)
            node = await connection.QueryFirstOrDefaultAsync<NodeRow>(command);
        else
        {
            await using var results = await connection.QueryMultipleAsync(command);
            await results.ReadAsync<int>();
            node = await results.ReadFirstOrDefaultAsync<NodeRow>();
        }

        return Check(node ?? throw Missing(actor, "such project, collection, dataset or space"), needed);
    }

    /// <exception cref="Problem">403: not all of <paramref name="needed"/> may be done.</exception>
    public static NodeRow Check(NodeRow node, Capabilities needed) =>
        node.Capabilities.HasFlag(needed) ? node : throw Refused(needed & ~node.Capabilities, node.Name);

    /// <summary>What an actor who sees something, but lacks capabilities on it, is told.</summary>
    public static Problem Refused(Capabilities lacking, string name) =>
        Problem.Forbidden($"{string.Join(", ", Roles.Words(lacking))} \"{name}\"");

    /// <summary>What an actor who does not see something is told: the same whether it exists or not. A stranger is asked to sign in.</summary>
    public static Problem Missing(Actor actor, string what) =>
        actor.Id == Actor.Everyone
            ? Problem.Unauthorized("Sign in, or open the guest link again, to see what is not open to everyone.")
            : Problem.NotFound(what);
}
