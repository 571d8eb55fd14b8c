using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>Groups of accounts, which grants can name.</summary>
internal sealed class Groups(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private sealed record GroupRow(Guid Id, string Name, long Version);

    private sealed record MemberRow(Guid GroupId, Guid Id, string Name);

    public async Task<Page<Group>> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<GroupRow>("select id, name, version from groups where @After::text is null or name > @After::text order by name limit @Take",
            new { After = Cursor.Decode(cursor), Take = take + 1 }, cancellationToken);
        return Page.From(await WithMembersAsync(connection, rows, cancellationToken), take, group => group.Name);
    }

    public async Task<Group> CreateAsync(Actor actor, NewGroup asked, CancellationToken cancellationToken)
    {
        var name = Names.Check("name", asked.Name);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.RunAsync("insert into principals (id, kind) values (@id, 'group'); insert into groups (id, name) values (@id, @name)", new { id, name }, cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw Problem.Conflict("name-taken", $"There is a group \"{name}\" already. Choose another name.");
        }

        await events.WriteAsync(connection, actor, new Happening("group.created", "group", id, new JsonObject { ["name"] = name }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Group(id, name, [], 1);
    }

    /// <summary>Puts an account into a group, or takes it out. What is so already stays so, unrecorded.</summary>
    public async Task SetMemberAsync(Actor actor, Guid groupId, Guid accountId, bool member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A group's last member may be a project's last owner.
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var name = await connection.RowAsync<string>("select name from groups where id = @groupId for update", new { groupId }, cancellationToken)
            ?? throw Problem.NotFound("such group");
        if (!await connection.RowAsync<bool>("select exists (select from accounts where id = @accountId)", new { accountId }, cancellationToken))
            throw Problem.NotFound("such account");
        var changed = await connection.RunAsync(member
            ? "insert into group_members (group_id, account_id) values (@groupId, @accountId) on conflict do nothing"
            : "delete from group_members where group_id = @groupId and account_id = @accountId", new { groupId, accountId }, cancellationToken);
        if (changed == 0)
            return;
        if (!member)
            await Ownership.RequireOwnersAsync(connection,
                await connection.RowsAsync<Guid>("select node_id from grants where principal_id = @groupId and capabilities & 32 <> 0", new { groupId }, cancellationToken), cancellationToken);
        await connection.RunAsync("update groups set version = version + 1 where id = @groupId", new { groupId }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening(member ? "group.member-added" : "group.member-removed", "group", groupId,
            new JsonObject { ["name"] = name, ["principal"] = accountId.ToString() }, accountId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<List<Group>> WithMembersAsync(NpgsqlConnection connection, List<GroupRow> rows, CancellationToken cancellationToken)
    {
        var members = (await connection.RowsAsync<MemberRow>("""
            select m.group_id, n.id, n.name from group_members m join principal_names n on n.id = m.account_id where m.group_id = any (@Ids) order by n.name
            """, new { Ids = rows.Select(row => row.Id).ToArray() }, cancellationToken)).ToLookup(row => row.GroupId);
        return [.. rows.Select(row => new Group(row.Id, row.Name, [.. members[row.Id].Select(member => new PrincipalName(member.Id, member.Name))], row.Version))];
    }
}
