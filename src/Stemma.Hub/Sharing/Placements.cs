using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sharing;

/// <summary>Placing nodes in spaces: they stay where they live, and whoever may do something in the space may do it there, as far as the placement allows.</summary>
internal sealed class Placements(NpgsqlDataSource database, EventWriter events, LiveEvents live)
{
    private sealed record Row
    {
        public Guid Id { get; init; }
        public NodeKind Kind { get; init; }
        public string Name { get; init; } = "";
        public Capabilities Capabilities { get; init; }
    }

    /// <summary>What a space shows of what the actor may see, by name, and what that grants.</summary>
    public async Task<Page<Placement>> ListAsync(Actor actor, Guid spaceId, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (after, afterId) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NodeAccess.RequireAsync(connection, actor, spaceId, Capabilities.See, NodeLock.None, cancellationToken);
        var rows = await connection.RowsAsync<Row>("""
            select n.id, n.kind, n.name, p.capabilities from placements p join nodes n on n.id = p.node_id
            where p.space_id = @spaceId and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0
              and (@after::text is null or (n.name, n.id) > (@after::text, @afterId::uuid))
            order by n.name, n.id limit @Take
            """, new { spaceId, actor.Id, actor.Mask, after, afterId, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => new Placement(new NodeName(row.Id, row.Kind, row.Name), row.Capabilities.ToWords(), row.Capabilities.ToRole()))], take,
            placement => KeysetByName.Key(placement.Node.Name, placement.Node.Id));
    }

    public async Task PlaceAsync(Actor actor, Guid spaceId, Guid nodeId, PlacementRequest asked, CancellationToken cancellationToken)
    {
        var capabilities = asked is { Role: null, Capabilities: null } ? Roles.All["viewer"] : Grants.Asked(asked.Role, asked.Capabilities);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var (space, node) = await RequireBothAsync(connection, actor, spaceId, nodeId, Capabilities.Add, Capabilities.Manage, cancellationToken);
        if (node.Kind == NodeKind.Space)
            throw Problem.Conflict("not-placeable", $"\"{node.Name}\" is a space itself. Place the projects, collections and datasets that it shows.");
        var before = await connection.RowAsync<Capabilities?>("select capabilities from placements where space_id = @spaceId and node_id = @nodeId", new { spaceId, nodeId }, cancellationToken);
        if (before == capabilities)
            return;
        await ScopeTree.EnsureScopeAsync(connection, node, cancellationToken);
        await connection.RunAsync("""
            insert into placements (space_id, node_id, capabilities, placed_by) values (@spaceId, @nodeId, @Bits, @By)
            on conflict (space_id, node_id) do update set capabilities = excluded.capabilities, placed_by = excluded.placed_by
            """, new { spaceId, nodeId, Bits = (int)capabilities, By = actor.Id }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("node.placed", node.Kind.Word(), nodeId, new JsonObject
        {
            ["name"] = node.Name, ["space"] = NodeWriter.Describe(space), ["capabilities"] = EventText.Words(Roles.Words(capabilities)), ["role"] = Roles.NameOf(capabilities),
            ["before"] = before is { } bits ? EventText.Words(Roles.Words(bits)) : null,
        }, spaceId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(nodeId, spaceId, "placed");
    }

    /// <summary>Takes a node out of a space: whoever manages the node may, and whoever manages the space.</summary>
    public async Task RemoveAsync(Actor actor, Guid spaceId, Guid nodeId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var (space, node) = await RequireBothAsync(connection, actor, spaceId, nodeId, Capabilities.See, Capabilities.See, cancellationToken);
        if (!(space.Capabilities | node.Capabilities).HasFlag(Capabilities.Manage))
            throw NodeAccess.Refused(Capabilities.Manage, node.Name);
        if (await connection.RunAsync("delete from placements where space_id = @spaceId and node_id = @nodeId", new { spaceId, nodeId }, cancellationToken) == 0)
            throw Problem.NotFound("such thing in this space");
        await events.WriteAsync(connection, actor, new Happening("node.unplaced", node.Kind.Word(), nodeId, new JsonObject
        {
            ["name"] = node.Name, ["space"] = NodeWriter.Describe(space),
        }, spaceId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(nodeId, spaceId, "removed");
    }

    private static async Task<(NodeRow Space, NodeRow Node)> RequireBothAsync(
        NpgsqlConnection connection, Actor actor, Guid spaceId, Guid nodeId, Capabilities onSpace, Capabilities onNode, CancellationToken cancellationToken)
    {
        var space = await NodeAccess.RequireAsync(connection, actor, spaceId, onSpace, forUpdate: true, cancellationToken);
        if (space.Kind != NodeKind.Space)
            throw Problem.Conflict("not-a-space", $"\"{space.Name}\" is a {space.Kind.Word()}, and things are placed in spaces.");
        return (space, await NodeAccess.RequireAsync(connection, actor, nodeId, onNode, forUpdate: true, cancellationToken));
    }
}
