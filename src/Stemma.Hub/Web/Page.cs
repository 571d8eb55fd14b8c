using System.Text;

namespace Stemma.Hub.Web;

/// <summary>One page of a list. <paramref name="Next"/> is handed back as <c>?cursor=</c>; null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

public static class Page
{
    /// <summary>Makes a page from up to <paramref name="limit"/> + 1 rows; the extra row only says that there is more.</summary>
    public static Page<T> From<T>(IReadOnlyList<T> rows, int limit, Func<T, string> key) =>
        rows.Count > limit ? new Page<T>([.. rows.Take(limit)], Cursor.Encode(key(rows[limit - 1]))) : new Page<T>(rows, null);
}

/// <summary>Cursors are opaque to clients: the sort key of the last row, base64url.</summary>
public static class Cursor
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public static string Encode(string key) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>Null for no cursor.</summary>
    public static string? Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        try
        {
            // Names found on instruments may hold other control characters, but no text in the database holds a NUL.
            if (Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)) is var key && !key.Contains('\0'))
                return key;
        }
        catch (FormatException)
        {
            // Refused below, as one that decodes to nonsense.
        }

        throw Unknown();
    }

    /// <summary>400: it was made up.</summary>
    public static Problem Unknown() => Problem.Invalid("The cursor is not one that this hub gave out. Start again without it.");

    public static int Limit(int? asked) => asked switch
    {
        null => DefaultLimit,
        < 1 or > MaxLimit => throw Problem.Invalid($"limit must be between 1 and {MaxLimit}, but is {asked}."),
        _ => asked.Value,
    };

    /// <summary>How many of a list come before its page.</summary>
    /// <exception cref="Problem">400: less than none, or a cursor says where to go on already.</exception>
    public static int Offset(int? asked, string? cursor) => asked switch
    {
        null => 0,
        < 0 => throw Problem.Invalid($"offset must be 0 or more, but is {asked}."),
        _ when !string.IsNullOrEmpty(cursor) => throw Problem.Invalid("offset and cursor both say where to go on. Give one of them."),
        _ => asked.Value,
    };
}
