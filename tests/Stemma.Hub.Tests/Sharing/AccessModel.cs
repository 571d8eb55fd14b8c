using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Tests.Sharing;

/// <summary>Who may do what, said as plainly as it can be: no scopes, no inheritance kept anywhere, everything looked up on the way to the root.</summary>
internal sealed class AccessModel
{
    public Dictionary<Guid, Guid?> ParentOf { get; } = [];

    public HashSet<Guid> Spaces { get; } = [];

    public HashSet<Guid> TrashedSpaces { get; } = [];

    public Dictionary<(Guid Node, Guid Principal), (Capabilities Capabilities, bool Expired)> Grants { get; } = [];

    public Dictionary<(Guid Space, Guid Node), Capabilities> Placements { get; } = [];

    public HashSet<(Guid Group, Guid Account)> Members { get; } = [];

    public HashSet<Guid> Disabled { get; } = [];

    public HashSet<Guid> Administrators { get; } = [];

    public Capabilities Of(Guid actor, Guid node)
    {
        if (Administrators.Contains(actor) && !Disabled.Contains(actor))
            return Capabilities.All;
        var capabilities = Capabilities.None;
        for (Guid? place = node; place is { } here; place = ParentOf[here])
        {
            capabilities |= Granted(actor, here);
            foreach (var ((space, placed), allowed) in Placements)
                if (placed == here && !TrashedSpaces.Contains(space))
                    capabilities |= allowed & Granted(actor, space);
        }

        return capabilities;
    }

    public bool IsWithin(Guid node, Guid ancestor)
    {
        for (Guid? place = node; place is { } here; place = ParentOf[here])
            if (here == ancestor)
                return true;
        return false;
    }

    private Capabilities Granted(Guid actor, Guid node)
    {
        var capabilities = Capabilities.None;
        foreach (var ((granted, principal), grant) in Grants)
            if (granted == node && !grant.Expired && Speaks(actor, principal))
                capabilities |= grant.Capabilities;
        return capabilities;
    }

    private bool Speaks(Guid actor, Guid principal) =>
        principal == Actor.Everyone || !Disabled.Contains(actor) && (principal == actor || Members.Contains((principal, actor)));
}
