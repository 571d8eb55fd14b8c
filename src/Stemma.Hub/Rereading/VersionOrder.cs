using System.Globalization;

namespace Stemma.Hub.Rereading;

/// <summary>
/// Which of two versions is the newer: numbers between dots by their value, missing ones as 0; what stands after the first hyphen makes it older than the same without
/// (Semantic Versioning 2.0.0, section 11). Words are compared as text, and are newer than numbers.
/// </summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (core, before) = Split(x ?? "");
        var (otherCore, otherBefore) = Split(y ?? "");
        if (CompareParts(core, otherCore) is not 0 and var order)
            return order;
        return (before, otherBefore) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => CompareParts(before, otherBefore),
        };
    }

    private static (string Core, string? Before) Split(string version) =>
        version.IndexOf('-', StringComparison.Ordinal) is >= 0 and var hyphen ? (version[..hyphen], version[(hyphen + 1)..]) : (version, null);

    private static int CompareParts(string left, string right)
    {
        var (parts, others) = (left.Split('.'), right.Split('.'));
        for (var index = 0; index < Math.Max(parts.Length, others.Length); index++)
            if (ComparePart(parts.ElementAtOrDefault(index) ?? "0", others.ElementAtOrDefault(index) ?? "0") is not 0 and var order)
                return order;
        return 0;
    }

    private static int ComparePart(string left, string right) => (Number(left), Number(right)) switch
    {
        ({ } number, { } other) => number.CompareTo(other),
        (null, null) => string.CompareOrdinal(left, right),
        (null, _) => 1,
        _ => -1,
    };

    private static long? Number(string part) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
