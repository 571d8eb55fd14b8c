using System.Diagnostics.CodeAnalysis;

namespace Stemma.Hub.Database;

/// <summary>Text from files may hold what PostgreSQL's text and jsonb cannot: NUL and lone surrogates. They become U+FFFD; the exact tree is kept as an artifact.</summary>
internal static class SqlText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text)
    {
        if (text is null)
            return null;
        // In raw JSON text both stand as escapes.
        text = text.Replace("\\u0000", "\\ufffd", StringComparison.Ordinal).Replace('\0', '\ufffd');
        for (var index = 0; index < text.Length; index++)
            if (char.IsSurrogate(text[index]))
                return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        return text;
    }
}
