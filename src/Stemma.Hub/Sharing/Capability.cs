namespace Stemma.Hub.Sharing;

/// <summary>One capability, as the API writes it: sets of them are arrays of words.</summary>
public enum Capability
{
    See,
    Download,
    Add,
    Edit,
    Run,
    Manage,
}

/// <summary>Named capability sets, as the API writes them.</summary>
public enum Role
{
    Guest,
    Viewer,
    Editor,
    Owner,
}

/// <summary>Between the words of the API and the bits of the database.</summary>
public static class CapabilityWords
{
    public static Capability[] ToWords(this Capabilities capabilities) =>
        [.. Enum.GetValues<Capability>().Where(word => capabilities.HasFlag(word.ToBit()))];

    public static Capabilities ToBits(this IEnumerable<Capability> words) =>
        words.Aggregate(Capabilities.None, (bits, word) => bits | word.ToBit());

    public static Capabilities ToBits(this Role role) => Roles.All[role.ToString().ToLowerInvariant()];

    /// <summary>The role with exactly these capabilities; null where there is none.</summary>
    public static Role? ToRole(this Capabilities capabilities) =>
        Roles.NameOf(capabilities) is { } name ? Enum.Parse<Role>(name, ignoreCase: true) : null;

    private static Capabilities ToBit(this Capability word) => (Capabilities)(1 << (int)word);
}
