namespace Stemma.Hub.Search.Language;

/// <summary>What is being typed.</summary>
/// <param name="Field">The field whose value is being typed; null while a word or a field's name is.</param>
/// <param name="Typed">What is there of it, up to the caret, without quotes.</param>
/// <param name="Start">Where a chosen completion begins to replace.</param>
/// <param name="End">Where it ends.</param>
public sealed record Completion(string? Field, string Typed, int Start, int End)
{
    /// <summary>Works on texts that are no queries yet.</summary>
    /// <param name="caret">Between 0 and the text's length.</param>
    public static Completion At(string text, int caret)
    {
        ArgumentNullException.ThrowIfNull(text);
        caret = Math.Clamp(caret, 0, text.Length);
        // The term that the caret is in begins after the last space or parenthesis outside quotes.
        var start = 0;
        var colon = -1;
        var part = 0;
        var isQuoted = false;
        for (var at = 0; at < caret; at++)
            if (text[at] == '"' && !(isQuoted && at > 0 && text[at - 1] == '\\'))
                isQuoted = !isQuoted;
            else if (!isQuoted && (char.IsWhiteSpace(text[at]) || text[at] is '(' or ')'))
                (start, colon, part) = (at + 1, -1, at + 1);
            else if (!isQuoted && text[at] == '-' && at == start)
                start = part = at + 1;
            else if (!isQuoted && text[at] == ':' && colon < 0)
                (colon, part) = (at, at + 1);
            else if (!isQuoted && text[at] == ',' && colon >= 0)
                part = at + 1;
        // A quote that is open before the caret and never closed reaches to the end of its word: what stands after it is not to go.
        isQuoted &= text.AsSpan(caret).Count('"') % 2 == 1;
        var end = caret;
        while (end < text.Length && (isQuoted ? text[end] != '"' : !(char.IsWhiteSpace(text[end]) || text[end] is '(' or ')' or ',' || (colon < 0 && text[end] == ':'))))
            end++;
        if (isQuoted && end < text.Length)
            end++;
        var typed = text[part..caret];
        if (colon < 0)
            return new Completion(null, Unquoted(typed), part, end);
        if (typed.IndexOf("..", StringComparison.Ordinal) is >= 0 and var dots)
            part += dots + 2;
        else
            part += typed.Length - typed.TrimStart('<', '>', '=').Length;
        var name = Unquoted(text[start..colon]);
        return new Completion(name.StartsWith(QueryParser.OriginalPrefix, StringComparison.OrdinalIgnoreCase) ? name : name.ToLowerInvariant(), Unquoted(text[part..caret]), part, end);
    }

    private static string Unquoted(string text) => text.Replace("\\\"", "\u0001", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace('\u0001', '"').Replace("\\\\", "\\", StringComparison.Ordinal);
}
