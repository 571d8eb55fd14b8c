namespace Stemma.Client;

/// <summary>Paths of files below a node, separated by <c>/</c>.</summary>
public static class DepositPath
{
    /// <summary>Escapes each name for a URL and keeps the slashes.</summary>
    public static string Escape(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
    }
}
