using Stemma.Hub.Database;

namespace Stemma.Hub.Web;

/// <summary>Short words that people give: names of people, groups, tokens, instruments.</summary>
internal static class Names
{
    public const int MaxLength = 255;

    /// <exception cref="Problem">400: empty or too long.</exception>
    public static string Check(string member, string name)
    {
        var trimmed = SqlText.Clean(name.Trim());
        return trimmed.Length is > 0 and <= MaxLength
            ? trimmed
            : throw Problem.Invalid($"{member} has 1 to {MaxLength} characters, but has {trimmed.Length} here.");
    }

    /// <summary>Null for nothing.</summary>
    public static string? CheckOptional(string member, string? words) => string.IsNullOrWhiteSpace(words) ? null : Check(member, words);
}
