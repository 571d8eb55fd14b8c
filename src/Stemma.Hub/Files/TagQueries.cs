using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>A tag in use.</summary>
/// <param name="Uses">Nodes and file sets that have it.</param>
public sealed record TagUse(string Tag, long Uses);

/// <summary>The tags that are in use, so that the same thing is called the same again.</summary>
internal sealed class TagQueries(NpgsqlDataSource database)
{
    /// <summary>Tags at or below a node, by name. Sharing is inherited: whoever sees the node sees all below.</summary>
    public async Task<Page<TagUse>> ListAsync(Actor actor, Guid nodeId, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = Cursor.Decode(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NodeAccess.RequireAsync(connection, actor, nodeId, Capabilities.See, NodeLock.None, cancellationToken);
        var rows = await connection.RowsAsync<TagUse>("""
            with recursive down(id, tags) as (
                select id, tags from nodes where id = @nodeId
                union
                select n.id, n.tags from placements p join nodes n on n.id = p.node_id
                where p.space_id = @nodeId and n.trashed_at is null and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0
                union
                select c.id, c.tags from down join nodes c on c.parent_id = down.id where c.trashed_at is null)
            select tag, count(*) as uses from (
                select unnest(tags) as tag from down
                union all
                select unnest(s.tags) from file_sets s join down on down.id = s.dataset_id where s.trashed_at is null) as used
            where @after::text is null or tag > @after::text
            group by tag order by tag limit @Take
            """, new { nodeId, actor.Id, actor.Mask, after, Take = take + 1 }, cancellationToken);
        return Page.From(rows, take, use => use.Tag);
    }
}
