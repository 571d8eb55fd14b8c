using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Nodes as an actor sees them.</summary>
internal sealed class NodeQueries(NpgsqlDataSource database)
{
    /// <summary>One node, with its path and what it inherits.</summary>
    public async Task<Node> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, actor, id, cancellationToken);
    }

    public static async Task<Node> GetAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var row = await connection.RowAsync<NodeRow>($"""
            select {NodeRow.Columns}, {NodeRow.Extras}, c.capabilities
            from nodes n cross join lateral capabilities_on(@Id, @Mask, n.scope_id) as c(capabilities)
            where n.id = @NodeId and n.trashed_at is null and c.capabilities & 1 <> 0
            """, new { NodeId = id, actor.Id, actor.Mask }, cancellationToken)
            ?? throw NodeAccess.Missing(actor, "such project, collection, dataset or space");
        return Node.From(row, await PathAsync(connection, actor, row.ParentId, cancellationToken),
            await EffectiveTerms.OfNodeAsync(connection, actor, id, cancellationToken));
    }

    /// <summary>The node and the ancestors of it that the actor sees, root first.</summary>
    public static async Task<IReadOnlyList<NodeName>> PathAsync(NpgsqlConnection connection, Actor actor, Guid? nodeId, CancellationToken cancellationToken) =>
        nodeId is null ? [] : await connection.RowsAsync<NodeName>("""
            with recursive up as (
                select n.id, n.kind, n.name, n.parent_id, n.scope_id, 0 as depth from nodes n where n.id = @nodeId
                union all
                select n.id, n.kind, n.name, n.parent_id, n.scope_id, up.depth + 1 from up join nodes n on n.id = up.parent_id)
            select id, kind, name from up where capabilities_on(@Id, @Mask, scope_id) & 1 <> 0 order by depth desc
            """, new { nodeId, actor.Id, actor.Mask }, cancellationToken);

    /// <summary>Projects or spaces, by name.</summary>
    public Task<Page<Node>> RootsAsync(Actor actor, NodeKind kind, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ListAsync(actor, "n.kind = @Kind and n.parent_id is null", kind, null, limit, cursor, cancellationToken);

    /// <summary>What was shared with the actor beneath projects that it does not see.</summary>
    public Task<Page<Node>> SharedAsync(Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
        ListAsync(actor, """
            n.parent_id is not null and n.scope_id = n.id
            and not exists (select from nodes p join mine on mine.scope_id = p.scope_id where p.id = n.parent_id and mine.capabilities & 1 <> 0)
            """, null, null, limit, cursor, cancellationToken);

    /// <summary>Collections and datasets of a node; of a space, what is placed in it.</summary>
    public async Task<Page<Node>> ChildrenAsync(Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        NodeRow node;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            node = await NodeAccess.RequireAsync(connection, actor, id, Capabilities.See, NodeLock.None, cancellationToken);
        return await ListAsync(actor, node.Kind == NodeKind.Space
            ? "n.id in (select p.node_id from placements p where p.space_id = @Within)"
            : "n.parent_id = @Within", null, id, limit, cursor, cancellationToken);
    }

    private async Task<Page<Node>> ListAsync(
        Actor actor, string which, NodeKind? kind, Guid? within, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (afterName, afterId) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<NodeRow>($"""
            with mine as materialized (select scope_id, capabilities from scopes_of(@Id, @Mask)),
            page as (
                select n.*, mine.capabilities
                from nodes n join mine on mine.scope_id = n.scope_id
                where {which} and n.trashed_at is null and mine.capabilities & 1 <> 0
                  and (@AfterName::text is null or (n.name, n.id) > (@AfterName::text, @AfterId::uuid))
                order by n.name, n.id limit @Take)
            select {NodeRow.Columns}, {NodeRow.Extras}, n.capabilities from page n order by n.name, n.id
            """, new { actor.Id, actor.Mask, Kind = kind?.Word(), Within = within, AfterName = afterName, AfterId = afterId, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => Node.From(row))], take, node => KeysetByName.Key(node.Name, node.Id));
    }
}
