using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sharing;

/// <summary>Giving and taking grants, handing over, guest links.</summary>
internal sealed class Grants(NpgsqlDataSource database, EventWriter events, LiveEvents live, TimeProvider clock)
{
    private sealed record GrantRow(Capabilities Capabilities, DateTime? ExpiresAt);

    /// <summary>What a request asks for, as bits. Whoever may do anything may see.</summary>
    /// <exception cref="Problem">400: both or neither of role and capabilities.</exception>
    internal static Capabilities Asked(Role? role, IReadOnlyList<Capability>? capabilities) => (role, capabilities) switch
    {
        ({ } named, null) => named.ToBits(),
        (null, { Count: > 0 } words) => words.ToBits() | Capabilities.See,
        _ => throw Problem.Invalid("Say either role or capabilities (at least one)."),
    };

    public async Task GiveAsync(Actor actor, Guid nodeId, Guid principalId, GrantRequest asked, CancellationToken cancellationToken)
    {
        var capabilities = Asked(asked.Role, asked.Capabilities);
        var expiresAt = CheckExpiry(asked.ExpiresAt);
        await ChangeAsync(actor, nodeId, async (connection, node) =>
        {
            var kind = await RequireGrantableAsync(connection, principalId, cancellationToken);
            var before = await FindAsync(connection, nodeId, principalId, cancellationToken);
            if (before is not null && before.Capabilities == capabilities && before.ExpiresAt == expiresAt)
                return;
            await ScopeTree.EnsureScopeAsync(connection, node, cancellationToken);
            await PutAsync(connection, actor, nodeId, principalId, capabilities, expiresAt, cancellationToken);
            await Ownership.RequireOwnersAsync(connection, [nodeId], cancellationToken);
            var data = new JsonObject
            {
                ["name"] = node.Name, ["principal"] = principalId.ToString(), ["principalKind"] = kind.ToString().ToLowerInvariant(),
                ["capabilities"] = EventText.Words(Roles.Words(capabilities)), ["role"] = Roles.NameOf(capabilities), ["expiresAt"] = EventText.Time(expiresAt),
            };
            if (before is not null)
                data["before"] = Describe(before);
            await events.WriteAsync(connection, actor, new Happening("grant.given", node.Kind.Word(), nodeId, data, principalId), cancellationToken);
        }, cancellationToken);
    }

    public async Task WithdrawAsync(Actor actor, Guid nodeId, Guid principalId, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, nodeId, async (connection, node) =>
        {
            var before = await FindAsync(connection, nodeId, principalId, cancellationToken)
                ?? throw Problem.NotFound("such grant on this node itself (what is inherited is withdrawn where it was given)");
            await connection.RunAsync("delete from grants where node_id = @nodeId and principal_id = @principalId", new { nodeId, principalId }, cancellationToken);
            await connection.RunAsync("update links set revoked_at = @Now where id = @principalId and revoked_at is null", new { principalId, Now = clock.GetUtcNow() }, cancellationToken);
            await Ownership.RequireOwnersAsync(connection, [nodeId], cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("grant.withdrawn", node.Kind.Word(), nodeId, new JsonObject
            {
                ["name"] = node.Name, ["principal"] = principalId.ToString(), ["before"] = Describe(before),
            }, principalId), cancellationToken);
        }, cancellationToken);

    /// <summary>Makes somebody the owner; the one who was keeps looking, unless they own it through something else.</summary>
    public async Task HandOverAsync(Actor actor, Guid nodeId, HandOver asked, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, nodeId, async (connection, node) =>
        {
            var kind = await RequireGrantableAsync(connection, asked.PrincipalId, cancellationToken);
            if (kind == PrincipalKind.Everyone)
                throw Problem.Invalid("Everyone cannot own something: name a person or a group.");
            var fromId = asked.FromPrincipalId ?? actor.Id;
            if (fromId == asked.PrincipalId)
                throw Problem.Invalid("The one who hands over and the one who takes over are the same.");
            await ScopeTree.EnsureScopeAsync(connection, node, cancellationToken);
            await PutAsync(connection, actor, nodeId, asked.PrincipalId, Capabilities.All, null, cancellationToken);
            var from = await FindAsync(connection, nodeId, fromId, cancellationToken);
            if (from is null && asked.FromPrincipalId is not null)
                throw Problem.NotFound("grant of the one who is to hand over, on this node itself");
            if (from is not null)
                await PutAsync(connection, actor, nodeId, fromId, Roles.All["viewer"], from.ExpiresAt, cancellationToken);
            await Ownership.RequireOwnersAsync(connection, [nodeId], cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("node.handed-over", node.Kind.Word(), nodeId, new JsonObject
            {
                ["name"] = node.Name, ["principal"] = asked.PrincipalId.ToString(), ["from"] = from is null ? null : fromId.ToString(),
            }, asked.PrincipalId), cancellationToken);
        }, cancellationToken);

    public async Task<GuestLink> MakeLinkAsync(Actor actor, Guid nodeId, NewLink asked, string origin, CancellationToken cancellationToken)
    {
        var role = asked.Role ?? Role.Guest;
        if (role is not (Role.Guest or Role.Viewer))
            throw Problem.Invalid($"A guest link is for guest or viewer, not for {role.ToString().ToLowerInvariant()}: who changes things needs an account.");
        var expiresAt = CheckExpiry(asked.ExpiresAt);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var secret = Secrets.New();
        await ChangeAsync(actor, nodeId, async (connection, node) =>
        {
            await ScopeTree.EnsureScopeAsync(connection, node, cancellationToken);
            await connection.RunAsync("""
                insert into principals (id, kind) values (@id, 'link');
                insert into links (id, node_id, token_hash, created_by, expires_at) values (@id, @nodeId, @Digest, @By, @expiresAt)
                """, new { id, nodeId, secret.Digest, By = actor.Id, expiresAt }, cancellationToken);
            await PutAsync(connection, actor, nodeId, id, role.ToBits(), expiresAt, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("link.made", node.Kind.Word(), nodeId, new JsonObject
            {
                ["name"] = node.Name, ["link"] = id.ToString(), ["role"] = role.ToString().ToLowerInvariant(), ["expiresAt"] = EventText.Time(expiresAt),
            }), cancellationToken);
        }, cancellationToken);
        return new GuestLink(id, $"{origin}/nodes/{nodeId}?{ActorResolver.LinkQuery}={secret.Text}", secret.Text, role, expiresAt);
    }

    public async Task EndLinkAsync(Actor actor, Guid nodeId, Guid linkId, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, nodeId, async (connection, node) =>
        {
            if (await connection.RunAsync("update links set revoked_at = @Now where id = @linkId and node_id = @nodeId and revoked_at is null",
                new { linkId, nodeId, Now = clock.GetUtcNow() }, cancellationToken) == 0)
                throw Problem.NotFound("such guest link of this node");
            await connection.RunAsync("delete from grants where principal_id = @linkId", new { linkId }, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("link.ended", node.Kind.Word(), nodeId,
                new JsonObject { ["name"] = node.Name, ["link"] = linkId.ToString() }), cancellationToken);
        }, cancellationToken);

    /// <summary>One transaction that has the tree for itself, by somebody who manages the node.</summary>
    private async Task ChangeAsync(Actor actor, Guid nodeId, Func<NpgsqlConnection, NodeRow, Task> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, nodeId, Capabilities.Manage, forUpdate: true, cancellationToken);
        await change(connection, node);
        await transaction.CommitAsync(cancellationToken);
        live.Node(nodeId, node.ParentId, "shared");
    }

    private static Task<int> PutAsync(
        NpgsqlConnection connection, Actor actor, Guid nodeId, Guid principalId, Capabilities capabilities, DateTime? expiresAt, CancellationToken cancellationToken) =>
        connection.RunAsync("""
            insert into grants (id, node_id, principal_id, capabilities, expires_at, granted_by) values (@Id, @nodeId, @principalId, @Bits, @expiresAt, @By)
            on conflict (node_id, principal_id) do update set capabilities = excluded.capabilities, expires_at = excluded.expires_at, granted_by = excluded.granted_by
            """, new { Id = Guid.CreateVersion7(), nodeId, principalId, Bits = (int)capabilities, expiresAt, By = actor.Id }, cancellationToken);

    private static Task<GrantRow?> FindAsync(NpgsqlConnection connection, Guid nodeId, Guid principalId, CancellationToken cancellationToken) =>
        connection.RowAsync<GrantRow>("select capabilities, expires_at from grants where node_id = @nodeId and principal_id = @principalId", new { nodeId, principalId }, cancellationToken);

    private static async Task<PrincipalKind> RequireGrantableAsync(NpgsqlConnection connection, Guid principalId, CancellationToken cancellationToken) =>
        await connection.RowAsync<string>("select kind from principals where id = @principalId", new { principalId }, cancellationToken) switch
        {
            null => throw Problem.NotFound("such person or group"),
            "link" => throw Problem.Invalid("A guest link shows what it was made for. Make another one for another node or role."),
            var kind => Enum.Parse<PrincipalKind>(kind, ignoreCase: true),
        };

    private DateTime? CheckExpiry(DateTimeOffset? expiresAt)
    {
        if (expiresAt <= clock.GetUtcNow())
            throw Problem.Invalid($"expiresAt must lie in the future, but is {expiresAt:O}.");
        return expiresAt?.InMicroseconds().UtcDateTime;
    }

    private static JsonObject Describe(GrantRow grant) => new()
    {
        ["capabilities"] = EventText.Words(Roles.Words(grant.Capabilities)), ["role"] = Roles.NameOf(grant.Capabilities), ["expiresAt"] = EventText.Time(grant.ExpiresAt),
    };
}
