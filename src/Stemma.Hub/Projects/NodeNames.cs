using Npgsql;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>What nodes may be called.</summary>
internal static class NodeNames
{
    public const int MaxLength = 255;

    /// <summary>The name without white space around it.</summary>
    /// <exception cref="Problem">400: it cannot be a name.</exception>
    public static string Check(string name)
    {
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > MaxLength)
            throw Refused(name, $"A name has 1 to {MaxLength} characters, but this one has {trimmed.Length}.");
        // Names become folders in downloads.
        if (trimmed is "." or ".." || trimmed.Contains('/'))
            throw Refused(name, "A name is not '.' or '..' and has no slash in it.");
        for (var index = 0; index < trimmed.Length; index++)
            if (char.IsControl(trimmed[index]))
                throw Refused(name, $"A name has no control characters, but there is U+{(int)trimmed[index]:X4} at position {index}.");
            else if (char.IsHighSurrogate(trimmed[index]) && index + 1 < trimmed.Length && char.IsLowSurrogate(trimmed[index + 1]))
                index++;
            else if (char.IsSurrogate(trimmed[index]))
                throw Refused(name, $"The character at position {index} is half of one.");
        return trimmed;
    }

    /// <summary>Whether a statement failed because a sibling has the name.</summary>
    public static bool IsTaken(PostgresException exception) =>
        exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "nodes_sibling_name" };

    public static Problem Taken(string name, string parent) =>
        Problem.Conflict("name-taken", $"\"{parent}\" already holds something called \"{name}\". Choose another name, or use what is there.");

    private static Problem Refused(string name, string why) =>
        new(400, "invalid-name", "This cannot be a name", $"{why} Found: \"{(name.Length > 80 ? name[..80] + "…" : name)}\".");
}
