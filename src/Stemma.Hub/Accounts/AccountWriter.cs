using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>Adds accounts and tokens, with their events. Events name nobody: login, name and address are personal data and stay in their tables.</summary>
internal sealed partial class AccountWriter(EventWriter events, TimeProvider clock)
{
    /// <summary>Adds a person's account.</summary>
    /// <exception cref="Problem">400: not a login; 409: it is taken.</exception>
    public async Task<Guid> AddAsync(
        NpgsqlConnection connection, Actor actor, string login, string name, string? email, string passwordHash, bool isAdministrator, CancellationToken cancellationToken)
    {
        if (!LoginPattern().IsMatch(login))
            throw Problem.Invalid($"A login has 1 to 64 characters, with no white space and none of @ : /, but this is \"{login}\".");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var personId = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await connection.RunAsync("""
                insert into people (id, name, email) values (@personId, @name, @email);
                insert into principals (id, kind) values (@id, 'account');
                insert into accounts (id, person_id, login, password_hash, is_administrator) values (@id, @personId, @login, @passwordHash, @isAdministrator)
                """, new { id, personId, login, name, email, passwordHash, isAdministrator }, cancellationToken);
        }
        catch (PostgresException taken) when (taken.ConstraintName == "accounts_login")
        {
            throw Problem.Conflict("login-taken", $"There is an account \"{login}\" already (capital letters make no difference). Choose another login.");
        }

        await events.WriteAsync(connection, actor, new Happening("account.created", "account", id,
            new JsonObject { ["isAdministrator"] = isAdministrator, ["isService"] = false }), cancellationToken);
        return id;
    }

    /// <summary>Adds an account of a program, which has no password. Nothing happens if there is one of this id or login.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> EnsureServiceAsync(NpgsqlConnection connection, Guid id, string login, bool isAdministrator, CancellationToken cancellationToken)
    {
        if (await connection.RowAsync<Guid?>("select id from accounts where lower(login) = lower(@login)", new { login }, cancellationToken) is { } existing)
            return existing;
        await connection.RunAsync("""
            insert into principals (id, kind) values (@id, 'account');
            insert into accounts (id, login, is_administrator, is_service) values (@id, @login, @isAdministrator, true)
            """, new { id, login, isAdministrator }, cancellationToken);
        await events.WriteAsync(connection, Actor.Hub, new Happening("account.created", "account", id,
            new JsonObject { ["isAdministrator"] = isAdministrator, ["isService"] = true }), cancellationToken);
        return id;
    }

    public async Task<AccessToken> AddTokenAsync(
        NpgsqlConnection connection, Actor actor, Guid accountId, string name, TokenScope scope, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var secret = Secrets.New(Secrets.TokenPrefix);
        await connection.RunAsync("""
            insert into access_tokens (id, account_id, name, token_hash, scope, created_at, expires_at) values (@id, @accountId, @name, @Digest, @Scope, @now, @expiresAt)
            """, new { id, accountId, name, secret.Digest, Scope = scope.Word(), now, expiresAt = expiresAt?.ToUniversalTime() }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("token.issued", "account", accountId, new JsonObject
        {
            ["token"] = id.ToString(), ["scope"] = scope.Word(), ["expiresAt"] = EventText.Time(expiresAt?.UtcDateTime),
        }), cancellationToken);
        return new AccessToken(id, name, scope, now.UtcDateTime, expiresAt?.UtcDateTime, null, secret.Text);
    }

    /// <summary>Ends every token of an account, because its password was changed: whoever knew the old one may have made some.</summary>
    public async Task RevokeTokensAsync(NpgsqlConnection connection, Actor actor, Guid accountId, CancellationToken cancellationToken)
    {
        var revoked = await connection.RowsAsync<Guid>("update access_tokens set revoked_at = @Now where account_id = @accountId and revoked_at is null returning id",
            new { accountId, Now = clock.GetUtcNow() }, cancellationToken);
        foreach (var token in revoked.Order())
            await events.WriteAsync(connection, actor, new Happening("token.revoked", "account", accountId, new JsonObject { ["token"] = token.ToString() }), cancellationToken);
    }

    [GeneratedRegex(@"^[^\s@:/\p{C}]{1,64}$")]
    private static partial Regex LoginPattern();
}
