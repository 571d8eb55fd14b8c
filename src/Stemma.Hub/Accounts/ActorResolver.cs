using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>
/// Finds out who makes a request. What the request says on purpose goes before what the browser adds by itself: token, then guest link, then cookie.
/// </summary>
internal sealed class ActorResolver(NpgsqlDataSource database, TimeProvider clock)
{
    public const string LinkHeader = "Stemma-Link";
    public const string LinkQuery = "link";

    /// <summary>A browser stays signed in this long after it was last seen.</summary>
    public static readonly TimeSpan SignInLifetime = TimeSpan.FromDays(14);

    /// <summary>How often being seen is written down.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    private sealed record Found(Guid AccountId, bool IsAdministrator, TokenScope Scope, bool IsStale);

    /// <exception cref="Problem">401: a token or link that is not valid (any more). A cookie that is not valid is a stranger's: whoever has it wants to sign in again.</exception>
    public Task<Actor> ResolveAsync(HttpContext context) => ResolveAsync(context, isUse: true);

    /// <summary>
    /// Whether the credential of a request that goes on still says what it said: it was not revoked, ended or expired, its account not disabled, and allows the same.
    /// Asking is no use of it.
    /// </summary>
    public async Task<bool> StillHoldsAsync(HttpContext context, Actor actor)
    {
        try
        {
            return await ResolveAsync(context, isUse: false) == actor;
        }
        catch (Problem)
        {
            return false;
        }
    }

    /// <param name="isUse">Being seen is written down, and prolongs a sign-in: only before the answer has begun, which may carry the cookie.</param>
    private async Task<Actor> ResolveAsync(HttpContext context, bool isUse)
    {
        var cancellationToken = context.RequestAborted;
        if (BearerToken(context.Request) is { } token)
            return await ByTokenAsync(token, isUse, cancellationToken);
        var link = context.Request.Headers[LinkHeader].ToString() is { Length: > 0 } header ? header : context.Request.Query[LinkQuery].ToString();
        if (link.Length > 0)
            return await ByLinkAsync(link, cancellationToken);
        // Whoever says how they authorize themselves does not mean the cookie.
        if (context.Request.Headers.ContainsKey(HeaderNames.Authorization))
            return Actor.Stranger;
        return SignInCookie.Read(context) is { Length: > 0 } cookie ? await ByCookieAsync(context, cookie, isUse, cancellationToken) : Actor.Stranger;
    }

    /// <summary>The token that alone decides who makes a request, valid or not; null where there is none, whatever else Authorization says.</summary>
    internal static string? BearerToken(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var said && said.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? said["Bearer ".Length..].Trim() : null;

    private async Task<Actor> ByTokenAsync(string token, bool isUse, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var digest = Secrets.Digest(token);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.RowAsync<Found>("""
            select a.id as account_id, a.is_administrator, t.scope, t.last_used_at is null or t.last_used_at < @Stale as is_stale
            from access_tokens t join accounts a on a.id = t.account_id
            where t.token_hash = @digest and t.revoked_at is null and (t.expires_at is null or t.expires_at > @now) and a.disabled_at is null
            """, new { digest, now, Stale = now - SeenEvery }, cancellationToken)
            ?? throw Problem.Unauthorized("The token is not one of this hub, was revoked, or has expired. Make a new one under Settings, or with `stemma login`.");
        if (isUse && found.IsStale)
            await connection.RunAsync("update access_tokens set last_used_at = @now where token_hash = @digest", new { now, digest }, cancellationToken);
        return new Actor(found.AccountId, found.Scope.Ceiling(), true, found.IsAdministrator && found.Scope == TokenScope.Manage, found.Scope == TokenScope.Work);
    }

    private async Task<Actor> ByLinkAsync(string secret, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var id = await connection.RowAsync<Guid?>("""
            select id from links where token_hash = @Digest and revoked_at is null and (expires_at is null or expires_at > @Now)
            """, new { Digest = Secrets.Digest(secret), Now = clock.GetUtcNow() }, cancellationToken)
            ?? throw Problem.Unauthorized("This guest link has ended, or never was one. Ask whoever gave it to you for a new one.");
        return new Actor(id, Capabilities.See | Capabilities.Download, false, false, false);
    }

    private async Task<Actor> ByCookieAsync(HttpContext context, string secret, bool isUse, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var digest = Secrets.Digest(secret);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.RowAsync<Found>("""
            select a.id as account_id, a.is_administrator, 'manage' as scope, s.last_seen_at < @Stale as is_stale
            from sign_ins s join accounts a on a.id = s.account_id
            where s.token_hash = @digest and s.expires_at > @now and a.disabled_at is null
            """, new { digest, now, Stale = now - SeenEvery }, cancellationToken);
        if (found is null)
            return Actor.Stranger;
        if (isUse && found.IsStale)
        {
            await connection.RunAsync("update sign_ins set last_seen_at = @now, expires_at = @Until where token_hash = @digest",
                new { now, Until = now + SignInLifetime, digest }, cancellationToken);
            SignInCookie.Write(context, secret, now + SignInLifetime);
        }

        context.Features.Set(new BrowserSignIn(digest));
        return new Actor(found.AccountId, Capabilities.All, true, found.IsAdministrator, false);
    }
}
