using System.Text;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>
/// Where a file lies below a folder: segments separated by <c>/</c>. Kept exactly as sent (no Unicode normalization) and compared exactly.
/// It names things in the catalog and never becomes a path in the hub's file system.
/// </summary>
public sealed class RelativePath
{
    public const int MaxLength = 4096;
    public const int MaxSegmentLength = 255;

    private RelativePath(string[] segments) => Segments = segments;

    public IReadOnlyList<string> Segments { get; }

    public string Name => Segments[^1];

    /// <exception cref="Problem">400, naming the segment that is refused and why.</exception>
    public static RelativePath Parse(string path)
    {
        if (path.Length > MaxLength)
            throw Refuse($"The path has {path.Length} characters; at most {MaxLength} are taken.");
        return FromSegments(path.Split('/'));
    }

    /// <exception cref="Problem">400, naming the segment that is refused and why.</exception>
    public static RelativePath FromSegments(string[] segments)
    {
        var length = segments.Sum(segment => segment.Length) + segments.Length - 1;
        if (length > MaxLength)
            throw Refuse($"The path has {length} characters; at most {MaxLength} are taken.");
        for (var index = 0; index < segments.Length; index++)
            if (WhyNot(segments[index]) is { } reason)
                throw Refuse($"Segment {index + 1} of the path, {Quote(segments[index])}, {reason}");
        return new RelativePath(segments);
    }

    /// <summary>The rest of the path after its first segments.</summary>
    public string From(int segment) => string.Join('/', Segments.Skip(segment));

    public override string ToString() => string.Join('/', Segments);

    private static string? WhyNot(string segment) => segment switch
    {
        "" => "is empty. Write a path relative to the folder, without a leading, doubled or trailing slash.",
        "." or ".." => "is not a name. Write the path without it.",
        { Length: > MaxSegmentLength } => $"has {segment.Length} characters; at most {MaxSegmentLength} are taken.",
        _ when segment.Contains('/') => "holds an encoded slash. A slash separates folders; write it plainly.",
        _ when segment.Contains('\\') => "holds a backslash. Separate folders with '/', as in a/b.tif.",
        _ when segment.Any(char.IsControl) => "holds a control character. Rename it first.",
        _ when !IsWellFormed(segment) => "is not valid Unicode. Rename it first.",
        _ => null,
    };

    private static bool IsWellFormed(string segment)
    {
        foreach (var rune in segment.EnumerateRunes())
            if (rune == Rune.ReplacementChar && !segment.Contains('\ufffd'))
                return false;
        return true;
    }

    private static string Quote(string segment)
    {
        var shown = new StringBuilder();
        foreach (var rune in segment.EnumerateRunes().Take(60))
            shown.Append(Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString());
        return $"\"{shown}{(segment.Length > 60 ? "…" : "")}\"";
    }

    internal static Problem Refuse(string detail) => new(400, "path-refused", "The path cannot be used", detail);
}
