using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

/// <summary>A folder beneath one of the administrator's roots.</summary>
/// <param name="Root">One of <see cref="HubOptions.Roots"/>, as written there.</param>
/// <param name="Relative">Path beneath it; empty for the root itself.</param>
internal sealed record SharePlace(string Root, string Relative)
{
    public string FullPath => Relative.Length == 0 ? Root : Path.Combine(Root, Relative);

    /// <exception cref="Problem">400: the folder lies beneath no root.</exception>
    public static SharePlace Find(HubOptions options, string folder)
    {
        var allowed = options.Roots.Length == 0 ? "none is set" : string.Join(", ", options.Roots);
        const string setting = "An administrator of the machine names the roots in the setting Roots (stemma.json in the data folder, or STEMMA__Roots__0, STEMMA__Roots__1 …).";
        if (!Path.IsPathRooted(folder) || folder.Contains('\0', StringComparison.Ordinal))
            throw Outside($"A folder is an absolute path on the hub's machine, but this is \"{folder}\". Roots: {allowed}. {setting}");
        var full = Trim(Path.GetFullPath(folder));
        // The innermost root that holds it.
        foreach (var root in options.Roots.Where(Path.IsPathRooted).OrderByDescending(root => root.Length))
        {
            var trimmed = Trim(Path.GetFullPath(root));
            if (full == trimmed)
                return new SharePlace(root, "");
            var prefix = trimmed == "/" ? "/" : trimmed + "/";
            if (full.StartsWith(prefix, StringComparison.Ordinal))
                return new SharePlace(root, full[prefix.Length..]);
        }

        throw Outside($"{folder} lies beneath none of the roots that may be harvested: {allowed}. {setting}");
    }

    /// <summary>A path beneath a folder; the folder may be empty.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static string Trim(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static Problem Outside(string detail) => new(400, "outside-roots", "The folder may not be harvested", detail);
}
