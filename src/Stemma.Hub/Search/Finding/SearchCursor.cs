using System.Globalization;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>Where a page of hits ended.</summary>
/// <param name="Tier">0: names match; 1: the rest.</param>
/// <param name="Key">The order's key of the last row, of the type that <see cref="SearchOrder.Type"/> says; null: the row has none.</param>
internal sealed record SearchCursor(int Tier, object? Key, int Number)
{
    private const char Separator = '\u001f';

    /// <summary>With the name of the order, in which alone it makes sense.</summary>
    public string Write(SearchOrder order) => string.Join(Separator, order.Name, Tier, Number, Key is null ? "" : "=" + Text(Key));

    /// <exception cref="Problem">400: made up, or of a list in another order.</exception>
    public static SearchCursor? Parse(string? cursor, SearchOrder order)
    {
        if (Cursor.Decode(cursor) is not { } text)
            return null;
        var parts = text.Split(Separator, 4);
        if (parts.Length != 4 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var tier) || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Unknown();
        if (parts[0] != order.Name)
            throw Problem.Invalid($"The cursor is of a list sorted by {parts[0]}, but sort is {order.Name}. Go on with that sort, or start again without the cursor.");
        return new SearchCursor(tier, parts[3] is ['=', .. var key] ? ReadKey(key, order.Type) ?? throw Unknown() : null, number);
    }

    private static string Text(object key) => key switch
    {
        DateTime moment => moment.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)key,
    };

    /// <returns>Null where the text is none of that type.</returns>
    private static object? ReadKey(string text, string type) => type switch
    {
        "timestamptz" => DateTime.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment) && moment.Kind == DateTimeKind.Utc ? moment : null,
        "bigint" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        "float8" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => text,
    };

    private static Problem Unknown() => Problem.Invalid("The cursor is not one that this search gave out. Start again without it.");
}
