namespace Stemma.Cli.Get;

/// <summary>Paths that a hub names become paths of this machine only when they stay below the output folder.</summary>
internal static class SafePath
{
    /// <returns>The path below <paramref name="folder"/>; null when a name would lead elsewhere or cannot be a name here.</returns>
    public static string? Below(string folder, string path)
    {
        var names = path.Split('/');
        foreach (var name in names)
            if (name is "" or "." or ".." || name.Any(letter => letter is '\0' || (OperatingSystem.IsWindows() && Path.GetInvalidFileNameChars().Contains(letter))))
                return null;
        return Path.Combine([folder, .. names]);
    }

    /// <summary>A node's name as the name of one folder.</summary>
    public static string FolderName(string name)
    {
        var safe = string.Concat(name.Select(letter => letter is '/' or '\\' or '\0' ? '_' : letter));
        return safe is "" or "." or ".." ? "_" : safe;
    }
}
