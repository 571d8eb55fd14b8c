using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

public sealed record SignIn(string Login, string Password);

/// <summary>Whoever asks.</summary>
/// <param name="IsAdministrator">Of this credential: a read token of an administrator is none.</param>
/// <param name="Scope">What this credential allows at most; a browser that is signed in has manage.</param>
public sealed record Me(Guid Id, string Login, string Name, bool IsAdministrator, TokenScope Scope);

/// <param name="KeepTokens">Otherwise every access token of the account is revoked, the one that asks included.</param>
public sealed record ChangePassword(string Current, string New, bool KeepTokens = false);

public sealed record NewToken(string Name, TokenScope Scope, DateTimeOffset? ExpiresAt = null);

/// <param name="Token">The secret itself: only in the answer that made it.</param>
public sealed record AccessToken(Guid Id, string Name, TokenScope Scope, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? LastUsedAt, string? Token);

/// <param name="Password">Null: a random one is made and shown once.</param>
public sealed record NewAccount(string Login, string Name, string? Email = null, string? Password = null, bool IsAdministrator = false);

/// <param name="Password">The random password of a fresh account: only in the answer that made it.</param>
public sealed record Account(
    Guid Id, string Login, string Name, string? Email, bool IsAdministrator, bool IsService, DateTime? DisabledAt, DateTime? LockedUntil, long Version, string? Password);

/// <summary>What is left out stays.</summary>
public sealed record AccountPatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public string? Email { get; init => field = Given(value); }

    /// <summary>A new password; ends the account's sign-ins and tokens, and its rest after failures.</summary>
    public string Password { get; init => field = Given(value); } = "";
    public bool IsAdministrator { get; init => field = Given(value); }

    /// <summary>A disabled account cannot sign in, nor can its tokens; what it shared and owns stays. Refused for the last owner of a project or space.</summary>
    public bool Disabled { get; init => field = Given(value); }
}

public sealed record NewGroup(string Name);

public sealed record Group(Guid Id, string Name, IReadOnlyList<Sharing.PrincipalName> Members, long Version);

/// <param name="Aliases">The person as instruments write them: JLAU.</param>
/// <param name="Email">For administrators; null for others.</param>
public sealed record Person(Guid Id, string Name, string? Email, string? Orcid, IReadOnlyList<string> Aliases, DateOnly? LeftOn, long Version);

public sealed record NewPerson(string Name, string? Email = null, string? Orcid = null, IReadOnlyList<string>? Aliases = null);

/// <summary>What is left out stays; null clears.</summary>
public sealed record PersonPatch : Patch
{
    public string Name { get; init => field = Given(value); } = "";
    public string? Email { get; init => field = Given(value); }
    public string? Orcid { get; init => field = Given(value); }
    public IReadOnlyList<string> Aliases { get; init => field = Given(value); } = [];
    public DateOnly? LeftOn { get; init => field = Given(value); }
}
