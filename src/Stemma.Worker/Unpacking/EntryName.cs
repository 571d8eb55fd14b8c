using System.Text;

namespace Stemma.Worker.Unpacking;

/// <summary>Decides under which path an archive's entry may be deposited. Names never become paths of this machine; they are refused so that nobody's ever do.</summary>
internal static class EntryName
{
    private const int LongestPath = 4096;
    private const int LongestSegment = 255;

    // Unix file type in the upper half of an entry's external attributes (APPNOTE 4.4.15, "version made by" Unix).
    private const int TypeMask = 0xF000;
    private const int SymbolicLink = 0xA000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <param name="path">The path with <c>/</c> between names, when it is not refused.</param>
    /// <returns>Why the entry is refused; null when it is not.</returns>
    public static string? WhyNot(string name, int externalAttributes, out string path)
    {
        path = name.Replace('\\', '/');
        switch ((externalAttributes >> 16) & TypeMask)
        {
            case SymbolicLink:
                return "is a symbolic link; only files are taken";
            case 0 or RegularFile or Folder:
                break;
            default:
                return "is a device, pipe or socket; only files are taken";
        }

        if (path.Length == 0)
            return "has no name";
        if (path.Length > LongestPath)
            return $"has a path of {path.Length} characters; at most {LongestPath} are taken";
        if (path[0] == '/')
            return "has an absolute path; only paths below the archive are taken";
        if (path.Length >= 2 && path[1] == ':' && char.IsAsciiLetter(path[0]))
            return "begins with a drive letter; only paths below the archive are taken";
        foreach (var segment in path.Split('/'))
            if (WhyNot(segment) is { } reason)
                return reason;
        return null;
    }

    private static string? WhyNot(string segment) => segment switch
    {
        "" => "has an empty name in its path",
        "." => "has '.' in its path",
        ".." => "leads out of the archive by '..'",
        { Length: > LongestSegment } => $"has a name of {segment.Length} characters; at most {LongestSegment} are taken",
        _ when segment.Any(char.IsControl) => "has a control character in its name",
        _ when segment.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) => "has a name that is not valid text",
        _ => null,
    };
}
