using System.Text;

namespace Stemma.Hub.Files.Zip;

/// <summary>Gives files names in an archive that every system can unpack, none of them twice.</summary>
/// <remarks>Windows refuses some characters and names, and takes names that differ in case only for the same; what it takes is kept as it is.</remarks>
internal sealed class ZipNames
{
    private const string Refused = "\\:*?\"<>|";
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })], StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name → the number that it was given last: many files of one name do not each try all numbers.</summary>
    private readonly Dictionary<string, int> _last = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="path">Segments separated by slashes.</param>
    /// <returns>The path with safe segments, made different from all before: <c>a (2).tif</c>.</returns>
    public string Give(string path)
    {
        var safe = string.Join('/', path.Split('/').Select(Safe));
        if (_given.Add(safe))
            return safe;
        var number = _last.GetValueOrDefault(safe, 1);
        string name;
        do
            name = Numbered(safe, ++number);
        while (!_given.Add(name));
        _last[safe] = number;
        return name;
    }

    internal static string Safe(string segment)
    {
        var safe = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes()) // Half a pair becomes U+FFFD.
            safe.Append(rune.Value < 0x20 || rune.Value == 0x7F || rune.IsBmp && Refused.Contains((char)rune.Value) ? "_" : rune.ToString());
        if (safe.Length == 0 || safe[^1] is '.' or ' ')
            safe.Append('_');
        var name = safe.ToString();
        return Devices.Contains(name.Split('.')[0].TrimEnd()) ? "_" + name : name;
    }

    private static string Numbered(string path, int number)
    {
        var name = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        return dot > name ? $"{path[..dot]} ({number}){path[dot..]}" : $"{path} ({number})";
    }
}
