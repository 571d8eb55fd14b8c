using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>What everybody does with their own account: look, change the password, keep tokens.</summary>
internal sealed class OwnAccount(NpgsqlDataSource database, AccountWriter writer, EventWriter events, TimeProvider clock)
{
    private sealed record MeRow(string Login, string Name);

    public async Task<Me> GetAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = (await connection.RowAsync<MeRow>(
            "select a.login, coalesce(p.name, a.login) as name from accounts a left join people p on p.id = a.person_id where a.id = @Id", new { actor.Id }, cancellationToken))!;
        return new Me(actor.Id, row.Login, row.Name, actor.IsAdministrator, actor.Scope());
    }

    /// <summary>Changes the password and ends every other sign-in of the account. Its tokens end too, the one that asks included, unless <see cref="ChangePassword.KeepTokens"/>.</summary>
    public async Task ChangePasswordAsync(Actor actor, BrowserSignIn? keep, ChangePassword asked, CancellationToken cancellationToken)
    {
        var hash = Passwords.Hash(Passwords.Check(asked.New));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var current = await connection.RowAsync<string>("select password_hash from accounts where id = @Id for update", new { actor.Id }, cancellationToken);
        if (!Passwords.Verify(current, asked.Current))
            throw new Problem(403, "wrong-password", "Not allowed", "The current password is another one.");
        await connection.RunAsync("""
            update accounts set password_hash = @hash, version = version + 1 where id = @Id;
            delete from sign_ins where account_id = @Id and token_hash is distinct from @Keep::bytea
            """, new { actor.Id, hash, Keep = keep?.Digest }, cancellationToken);
        if (!asked.KeepTokens)
            await writer.RevokeTokensAsync(connection, actor, actor.Id, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("account.password-changed", "account", actor.Id, []), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<Page<AccessToken>> TokensAsync(Actor actor, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<AccessToken>("""
            select id, name, scope, created_at, expires_at, last_used_at, null::text as token from access_tokens
            where account_id = @Id and revoked_at is null and (@after::uuid is null or id < @after::uuid) order by id desc limit @Take
            """, new { actor.Id, after, Take = take + 1 }, cancellationToken);
        return Page.From(rows, take, token => token.Id.ToString());
    }

    public async Task<AccessToken> AddTokenAsync(Actor actor, NewToken asked, CancellationToken cancellationToken)
    {
        var name = Names.Check("name", asked.Name);
        if (asked.ExpiresAt <= clock.GetUtcNow())
            throw Problem.Invalid($"expiresAt must lie in the future, but is {asked.ExpiresAt:O}.");
        if (asked.Scope == TokenScope.Work && !actor.IsAdministrator)
            throw new Problem(403, "not-an-administrator", "Not allowed", "A worker gets to read every file it has a task for, so only administrators make tokens of scope work.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var token = await writer.AddTokenAsync(connection, actor, actor.Id, name, asked.Scope, asked.ExpiresAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }

    public async Task RevokeTokenAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.RunAsync("update access_tokens set revoked_at = @Now where id = @id and account_id = @AccountId and revoked_at is null",
            new { id, AccountId = actor.Id, Now = clock.GetUtcNow() }, cancellationToken) == 0)
            throw Problem.NotFound("such token of yours");
        await events.WriteAsync(connection, actor, new Happening("token.revoked", "account", actor.Id, new JsonObject { ["token"] = id.ToString() }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
