namespace Stemma.Hub.Web;

/// <summary>Cursors of lists ordered by name, then id. A name has no line feed in it.</summary>
internal static class KeysetByName
{
    public static string Key(string name, Guid id) => $"{name}\n{id}";

    /// <summary>Name and id of the last row seen; nulls for the first page.</summary>
    public static (string? Name, Guid? Id) Parse(string? cursor)
    {
        if (Cursor.Decode(cursor) is not { } key)
            return (null, null);
        var line = key.LastIndexOf('\n');
        return line >= 0 && Guid.TryParse(key.AsSpan(line + 1), out var id) ? (key[..line], id) : throw Cursor.Unknown();
    }

    /// <summary>Of a list ordered by id alone; null for the first page.</summary>
    public static Guid? ParseId(string? cursor) =>
        Cursor.Decode(cursor) is not { } key ? null : Guid.TryParse(key, out var id) ? id : throw Cursor.Unknown();
}
