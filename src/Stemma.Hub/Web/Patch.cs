using System.Runtime.CompilerServices;

namespace Stemma.Hub.Web;

/// <summary>
/// A change of some members of something. What a request leaves out stays; what it sets to null is cleared.
/// A member is written <c>public string? Licence { get; init =&gt; field = Given(value); }</c>.
/// </summary>
public abstract record Patch
{
    private readonly HashSet<string> _given = [];

    /// <summary>Whether the request names this member, be it null.</summary>
    public bool Has(string member) => _given.Contains(member);

    protected T Given<T>(T value, [CallerMemberName] string member = "")
    {
        _given.Add(member);
        return value;
    }
}
