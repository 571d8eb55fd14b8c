using System.Net;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

internal sealed record NewSignIn(Actor Actor, string Secret, DateTimeOffset ExpiresAt);

/// <summary>Signing browsers in and out.</summary>
internal sealed class SignIns(NpgsqlDataSource database, AttemptLimits limits, TimeProvider clock)
{
    private sealed record Candidate(Guid Id, string PasswordHash, bool IsAdministrator);

    /// <returns>The account, the secret for its cookie, and until when that holds.</returns>
    /// <exception cref="Problem">401: wrong, whatever was wrong. 429: too many attempts.</exception>
    public async Task<NewSignIn> SignInAsync(
        string login, string password, IPAddress? address, string? userAgent, CancellationToken cancellationToken)
    {
        if (limits.TakeAddress(address) is { } rest)
            throw TooMany(rest);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var candidate = await FindAsync(connection, login, cancellationToken);
        // The attempt is counted as failed before the password is looked at: a hundred guesses at once count a hundred, and a right one is taken back.
        if (limits.TakeLogin(SqlText.Clean(login), address, isKnown: candidate is not null) is { } pause)
            throw TooMany(pause);
        if (!Passwords.Verify(candidate?.PasswordHash, password.Length > Passwords.MaxLength ? "" : password))
            throw new Problem(401, "wrong-credentials", "Not signed in", "There is no account with this login and password. Check both; after five failures the login rests for a while.");

        limits.Succeed(SqlText.Clean(login), address);
        var now = clock.GetUtcNow();
        var secret = Secrets.New();
        await connection.RunAsync("""
            insert into sign_ins (token_hash, account_id, user_agent, created_at, last_seen_at, expires_at) values (@Digest, @Id, @userAgent, @now, @now, @Until)
            """, new { candidate!.Id, secret.Digest, userAgent = SqlText.Clean(userAgent is { Length: > 500 } ? userAgent[..500] : userAgent), now, Until = now + ActorResolver.SignInLifetime },
            cancellationToken);
        return new NewSignIn(new Actor(candidate.Id, Capabilities.All, true, candidate.IsAdministrator, false), secret.Text, now + ActorResolver.SignInLifetime);
    }

    public async Task SignOutAsync(BrowserSignIn signIn, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.RunAsync("delete from sign_ins where token_hash = @Digest", new { signIn.Digest }, cancellationToken);
    }

    /// <summary>Removes sign-ins that have expired.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RunAsync("delete from sign_ins where expires_at <= @Now", new { Now = clock.GetUtcNow() }, cancellationToken);
    }

    /// <summary>The account that the attempt is for; null where none can sign in by this name.</summary>
    private static Task<Candidate?> FindAsync(NpgsqlConnection connection, string login, CancellationToken cancellationToken) =>
        connection.RowAsync<Candidate>("""
            select id, password_hash, is_administrator from accounts where lower(login) = lower(@Login) and password_hash is not null and disabled_at is null
            """, new { Login = SqlText.Clean(login) }, cancellationToken);

    private static Problem TooMany(TimeSpan rest)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(rest.TotalSeconds));
        return new Problem(429, "too-many-attempts", "Too many attempts", $"Signing in rests for {seconds} s after too many attempts. Try again then.") { RetryAfterSeconds = seconds };
    }
}
