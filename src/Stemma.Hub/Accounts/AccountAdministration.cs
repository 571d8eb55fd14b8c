using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>Accounts, as administrators keep them.</summary>
internal sealed class AccountAdministration(NpgsqlDataSource database, AccountWriter writer, EventWriter events, AttemptLimits limits, TimeProvider clock)
{
    private const string Columns = """
        a.id, a.login, coalesce(p.name, a.login) as name, p.email, a.is_administrator, a.is_service, a.disabled_at,
        null::timestamptz as locked_until, a.version, null::text as password
        """;

    public async Task<Page<Account>> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<Account>($"""
            select {Columns} from accounts a left join people p on p.id = a.person_id
            where @After::text is null or lower(a.login) > @After::text order by lower(a.login) limit @Take
            """, new { After = Cursor.Decode(cursor), Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(WithRest)], take, account => account.Login.ToLowerInvariant());
    }

    public async Task<Account> CreateAsync(Actor actor, NewAccount asked, CancellationToken cancellationToken)
    {
        var password = asked.Password is null ? Passwords.NewReadable() : Passwords.Check(asked.Password);
        var hash = Passwords.Hash(password);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await writer.AddAsync(connection, actor, asked.Login, Names.Check("name", asked.Name), Names.CheckOptional("email", asked.Email), hash, asked.IsAdministrator, cancellationToken);
        var account = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return asked.Password is null ? account with { Password = password } : account;
    }

    public async Task<Account> ChangeAsync(Actor actor, Guid id, AccountPatch patch, CancellationToken cancellationToken)
    {
        var hash = patch.Has(nameof(patch.Password)) ? Passwords.Hash(Passwords.Check(patch.Password)) : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two administrators who demote each other must not leave none.
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var before = await GetAsync(connection, id, cancellationToken);
        if (before.IsService && (hash is not null || patch.Has(nameof(patch.Name)) || patch.Has(nameof(patch.Email)) || id == Actor.System))
            throw Problem.Conflict("service-account", $"\"{before.Login}\" is a program's account, which has no name, address or password; the hub's own cannot be changed.");
        var changed = new List<string>();
        if (patch.Has(nameof(patch.Name)))
            changed.Add("name");
        if (patch.Has(nameof(patch.Email)))
            changed.Add("email");
        await connection.RunAsync("""
            update people set name = case when @HasName then @Name else name end, email = case when @HasEmail then @Email else email end, version = version + 1
            where (@HasName or @HasEmail) and id = (select person_id from accounts where id = @id)
            """, new
        {
            id, HasName = patch.Has(nameof(patch.Name)), Name = patch.Has(nameof(patch.Name)) ? Names.Check("name", patch.Name) : null,
            HasEmail = patch.Has(nameof(patch.Email)), Email = Names.CheckOptional("email", patch.Email),
        }, cancellationToken);
        if (patch.Has(nameof(patch.Name)) && await connection.RowAsync<Guid?>("select person_id from accounts where id = @id", new { id }, cancellationToken) is { } person)
            await FieldWordsChanged.OfPersonAsync(connection, person, cancellationToken);
        if (hash is not null)
        {
            changed.Add("password");
            await connection.RunAsync("update accounts set password_hash = @hash where id = @id", new { id, hash }, cancellationToken);
        }

        var data = new JsonObject();
        if (patch.Has(nameof(patch.IsAdministrator)) && patch.IsAdministrator != before.IsAdministrator)
        {
            data["isAdministrator"] = patch.IsAdministrator;
            await connection.RunAsync("update accounts set is_administrator = @IsAdministrator where id = @id", new { id, patch.IsAdministrator }, cancellationToken);
        }

        if (patch.Has(nameof(patch.Disabled)) && patch.Disabled != (before.DisabledAt is not null))
        {
            data["disabled"] = patch.Disabled;
            await connection.RunAsync("update accounts set disabled_at = @At where id = @id",
                new { id, At = patch.Disabled ? clock.GetUtcNow() : (DateTimeOffset?)null }, cancellationToken);
        }

        if (patch is { Disabled: true } && before.DisabledAt is null)
            await Ownership.RequireOwnersWithoutAsync(connection, id, before.Login, cancellationToken);
        if (hash is not null || patch is { Disabled: true })
            await connection.RunAsync("delete from sign_ins where account_id = @id", new { id }, cancellationToken);
        if (hash is not null)
            await writer.RevokeTokensAsync(connection, actor, id, cancellationToken);
        if (!await connection.RowAsync<bool>("select exists (select from accounts where is_administrator and not is_service and disabled_at is null)", null, cancellationToken))
            throw Problem.Conflict("last-administrator", $"\"{before.Login}\" is the last administrator. Make somebody else one first.");
        if (changed.Count > 0)
            data["changed"] = EventText.Words(changed);
        if (data.Count > 0)
        {
            await connection.RunAsync("update accounts set version = version + 1 where id = @id", new { id }, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("account.changed", "account", id, data), cancellationToken);
        }

        var account = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (hash is null)
            return account;
        limits.Reset(account.Login);
        return WithRest(account);
    }

    private Account WithRest(Account account) => account with { LockedUntil = limits.LockedUntil(account.Login) };

    private async Task<Account> GetAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        WithRest(await connection.RowAsync<Account>($"select {Columns} from accounts a left join people p on p.id = a.person_id where a.id = @id", new { id }, cancellationToken)
            ?? throw Problem.NotFound("such account"));
}
