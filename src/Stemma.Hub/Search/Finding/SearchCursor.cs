using System.Globalization;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>Where a page of hits ended.</summary>
/// <param name="Tier">0: names match; 1: the rest.</param>
/// <param name="Key">The order's key as PostgreSQL writes it; null: the row has none.</param>
internal sealed record SearchCursor(int Tier, string? Key, int Number)
{
    public override string ToString() => $"{Tier}\u001f{Number}\u001f{(Key is null ? "" : "=" + Key)}";

    public static SearchCursor? Parse(string? cursor)
    {
        if (Cursor.Decode(cursor) is not { } text)
            return null;
        var parts = text.Split('\u001f', 3);
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var tier) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SearchCursor(tier, parts[2].StartsWith('=') ? parts[2][1..] : null, number)
            : throw Problem.Invalid("The cursor is not one that this search gave out. Start again without it.");
    }
}
