using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;

namespace Stemma.Hub.Sharing;

/// <summary>Who may do what on a node, and why.</summary>
internal sealed class AccessQueries(NpgsqlDataSource database)
{
    private sealed record EntryRow
    {
        public Guid PrincipalId { get; init; }
        public PrincipalKind PrincipalKind { get; init; }
        public string PrincipalName { get; init; } = "";
        public string? PrincipalLogin { get; init; }
        public Capabilities Capabilities { get; init; }
        public DateTime? ExpiresAt { get; init; }
        public Guid FromId { get; init; }
        public NodeKind FromKind { get; init; }
        public string FromName { get; init; } = "";
        public bool FromVisible { get; init; }
        public Guid? SpaceId { get; init; }
        public string? SpaceName { get; init; }
        public bool SpaceVisible { get; init; }
        public bool IsMine { get; init; }
    }

    public async Task<Access> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, id, Capabilities.See, NodeLock.None, cancellationToken);
        var rows = await connection.RowsAsync<EntryRow>("""
            with recursive up as (
                select n.id, n.kind, n.name, n.parent_id, n.scope_id, 0 as depth from nodes n where n.id = @NodeId
                union all
                select n.id, n.kind, n.name, n.parent_id, n.scope_id, up.depth + 1 from up join nodes n on n.id = up.parent_id),
            reasons as (
                select g.principal_id, g.capabilities, g.expires_at, up.id as from_id, null::uuid as space_id
                from up join grants g on g.node_id = up.id
                union all
                select g.principal_id, g.capabilities & p.capabilities, g.expires_at, up.id, p.space_id
                from up join placements p on p.node_id = up.id join nodes s on s.id = p.space_id and s.trashed_at is null join grants g on g.node_id = p.space_id
                where g.capabilities & p.capabilities <> 0)
            select r.principal_id, who.kind as principal_kind, who.name as principal_name, a.login as principal_login, r.capabilities, r.expires_at,
                   up.id as from_id, up.kind as from_kind, up.name as from_name, capabilities_on(@Id, @Mask, up.scope_id) & 1 <> 0 as from_visible,
                   r.space_id, s.name as space_name, coalesce(capabilities_on(@Id, @Mask, s.scope_id) & 1 <> 0, false) as space_visible,
                   r.principal_id in (select principal_id from principals_of(@Id)) as is_mine
            from reasons r
            join up on up.id = r.from_id
            join principal_names who on who.id = r.principal_id
            left join nodes s on s.id = r.space_id
            left join links l on l.id = r.principal_id
            left join accounts a on a.id = r.principal_id
            where (r.expires_at is null or r.expires_at > now()) and l.revoked_at is null
            order by up.depth, r.space_id is not null, r.capabilities desc, who.name, who.id
            """, new { NodeId = id, actor.Id, actor.Mask }, cancellationToken);
        var entries = rows.ConvertAll(row => (row.IsMine, Entry: Describe(row, id)));
        return new Access([.. entries.Select(entry => entry.Entry)], [.. entries.Where(entry => entry.IsMine).Select(entry => entry.Entry)], node.Capabilities.ToWords());
    }

    private static AccessEntry Describe(EntryRow row, Guid nodeId) => new(
        new Principal(row.PrincipalId, row.PrincipalKind, row.PrincipalName, row.PrincipalLogin),
        row.Capabilities.ToWords(), row.Capabilities.ToRole(), row.ExpiresAt,
        row.FromVisible ? new NodeName(row.FromId, row.FromKind, row.FromName) : null,
        row.FromId != nodeId,
        row.SpaceId is { } space ? new AccessVia(row.SpaceVisible ? new NodeName(space, NodeKind.Space, row.SpaceName!) : null) : null);
}
