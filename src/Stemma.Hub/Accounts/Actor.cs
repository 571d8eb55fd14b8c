using System.Reflection;
using Microsoft.AspNetCore.Http;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Accounts;

/// <summary>
/// Whoever makes a request: an account, a guest link, or nobody in particular. Handlers take it as a parameter; SQL takes
/// <see cref="Id"/> and <see cref="Mask"/>.
/// </summary>
/// <param name="Id">The principal; <see cref="Everyone"/> for a stranger.</param>
/// <param name="Ceiling">What the credential allows at most (a <c>read</c> token of an owner may see and download only).</param>
/// <param name="IsWorker">The credential is a token of scope <c>work</c>.</param>
/// <param name="IsSignedIn">The principal is an account.</param>
public sealed record Actor(Guid Id, Capabilities Ceiling, bool IsSignedIn, bool IsAdministrator, bool IsWorker)
{
    /// <summary>The principal that stands for anybody.</summary>
    public static readonly Guid Everyone = new("00000000-0000-7000-8000-000000000001");

    /// <summary>What the hub does by itself (demo, harvest, timers) is done in this account's name.</summary>
    public static readonly Guid System = new("00000000-0000-7000-8000-000000000002");

    public static readonly Actor Stranger = new(Everyone, Capabilities.See | Capabilities.Download, false, false, false);

    public static readonly Actor Hub = new(System, Capabilities.All, true, true, false);

    /// <summary>For SQL: <c>capabilities_on(@actor, @mask, scope)</c>.</summary>
    public int Mask => (int)Ceiling;

    /// <summary>Lets minimal-API handlers take an <see cref="Actor"/>.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<Actor>());
}
