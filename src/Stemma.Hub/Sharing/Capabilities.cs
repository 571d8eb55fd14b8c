namespace Stemma.Hub.Sharing;

/// <summary>What a grant allows. The bits are those of the column <c>grants.capabilities</c>.</summary>
[Flags]
public enum Capabilities
{
    None = 0,
    See = 1,
    Download = 2,
    Add = 4,
    Edit = 8,
    Run = 16,
    Manage = 32,
    All = See | Download | Add | Edit | Run | Manage,
}

/// <summary>Named capability sets.</summary>
public static class Roles
{
    public static readonly IReadOnlyDictionary<string, Capabilities> All = new Dictionary<string, Capabilities>
    {
        ["guest"] = Capabilities.See,
        ["viewer"] = Capabilities.See | Capabilities.Download,
        ["editor"] = Capabilities.See | Capabilities.Download | Capabilities.Add | Capabilities.Edit | Capabilities.Run,
        ["owner"] = Capabilities.All,
    };

    /// <summary>The role with exactly these capabilities; null where there is none.</summary>
    public static string? NameOf(Capabilities capabilities) => All.FirstOrDefault(role => role.Value == capabilities).Key;

    /// <summary>The words used in JSON: <c>see</c>, <c>download</c> …</summary>
    public static string[] Words(Capabilities capabilities) =>
        [.. Enum.GetValues<Capabilities>().Where(bit => int.PopCount((int)bit) == 1 && capabilities.HasFlag(bit)).Select(bit => bit.ToString().ToLowerInvariant())];
}
