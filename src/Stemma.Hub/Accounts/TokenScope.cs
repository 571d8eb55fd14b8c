using Stemma.Hub.Sharing;

namespace Stemma.Hub.Accounts;

/// <summary>What a credential allows at most, whatever its account may.</summary>
public enum TokenScope
{
    /// <summary>See and download.</summary>
    Read,

    /// <summary>Everything but sharing and administration.</summary>
    Write,

    /// <summary>Everything the account may.</summary>
    Manage,

    /// <summary>Claim and do tasks; nothing else.</summary>
    Work,
}

internal static class TokenScopes
{
    public static Capabilities Ceiling(this TokenScope scope) => scope switch
    {
        TokenScope.Read => Capabilities.See | Capabilities.Download,
        TokenScope.Write => Capabilities.All & ~Capabilities.Manage,
        TokenScope.Manage => Capabilities.All,
        _ => Capabilities.None,
    };

    /// <summary>The scope of an actor's credential. A browser that is signed in has all of it.</summary>
    public static TokenScope Scope(this Actor actor) =>
        actor.IsWorker ? TokenScope.Work
        : actor.Ceiling.HasFlag(Capabilities.Manage) ? TokenScope.Manage
        : actor.Ceiling.HasFlag(Capabilities.Edit) ? TokenScope.Write
        : TokenScope.Read;

    public static string Word(this TokenScope scope) => scope.ToString().ToLowerInvariant();
}
