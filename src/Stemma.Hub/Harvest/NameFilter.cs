using System.Text;
using System.Text.RegularExpressions;
using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

/// <summary>
/// Which files of a source are taken. Globs, in either case of letters: <c>*</c> and <c>?</c> stay within a name, <c>**</c> crosses folders; a pattern
/// without a slash is for names anywhere, one with a slash for the whole path beneath the source. A folder that is excluded is not entered. In the list of
/// exclusions a pattern that begins with <c>!</c> takes in again what earlier ones excluded; the last that fits decides.
/// </summary>
internal sealed class NameFilter
{
    private const int MaxPatterns = 200, MaxPatternLength = 500;

    /// <summary>Hidden and temporary names, of Windows, macOS, and of programs that rename when they have finished; not the hidden files that Zarr is made of.</summary>
    public static readonly IReadOnlyList<string> DefaultExclude =
    [
        ".*", "!.zarray", "!.zgroup", "!.zattrs", "!.zmetadata",
        "~$*", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload",
        "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "#recycle",
    ];

    private readonly Pattern[] _include;
    private readonly Pattern[] _exclude;

    public NameFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        _include = [.. include.Select(text => new Pattern(text, false))];
        _exclude = [.. exclude.Select(text => text.StartsWith('!') ? new Pattern(text[1..], true) : new Pattern(text, false))];
    }

    /// <exception cref="Problem">400: too many, too long or empty.</exception>
    public static void Check(IReadOnlyList<string> patterns, string what)
    {
        if (patterns.Count > MaxPatterns)
            throw Problem.Invalid($"{what} may have at most {MaxPatterns} patterns, but has {patterns.Count}.");
        foreach (var pattern in patterns)
            if (string.IsNullOrWhiteSpace(pattern) || pattern == "!" || pattern.Length > MaxPatternLength || pattern.Contains('\0', StringComparison.Ordinal))
                throw Problem.Invalid($"A pattern of {what} has 1 to {MaxPatternLength} characters, as in *.tif or raw/**; found \"{pattern}\".");
    }

    /// <param name="path">Beneath the source's folder.</param>
    public bool TakesFile(string path) => !Excludes(path) && (_include.Length == 0 || Array.Exists(_include, pattern => pattern.Fits(path)));

    public bool EntersFolder(string path) => !Excludes(path);

    private bool Excludes(string path) => Array.FindLast(_exclude, pattern => pattern.Fits(path)) is { TakesIn: false };

    private sealed class Pattern
    {
        private readonly Regex _regex;
        private readonly bool _wholePath;

        public Pattern(string glob, bool takesIn)
        {
            TakesIn = takesIn;
            glob = glob.TrimEnd('/');
            _wholePath = glob.Contains('/', StringComparison.Ordinal);
            _regex = new Regex(Translate(glob.TrimStart('/')), RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }

        public bool TakesIn { get; }

        public bool Fits(string path) => _regex.IsMatch(_wholePath ? path : path.AsSpan(path.LastIndexOf('/') + 1));

        private static string Translate(string glob)
        {
            var text = new StringBuilder(@"\A");
            for (var index = 0; index < glob.Length; index++)
                switch (glob[index])
                {
                    case '*' when glob.AsSpan(index).StartsWith("**/"):
                        text.Append("(?:.*/)?");
                        index += 2;
                        break;
                    case '*' when glob.AsSpan(index).StartsWith("**"):
                        text.Append(".*");
                        index++;
                        break;
                    case '*':
                        text.Append("[^/]*");
                        break;
                    case '?':
                        text.Append("[^/]");
                        break;
                    default:
                        text.Append(Regex.Escape(glob[index].ToString()));
                        break;
                }

            // File names may hold line breaks: the end is the end, and dot is any character.
            return $"(?s){text}\\z";
        }
    }
}
