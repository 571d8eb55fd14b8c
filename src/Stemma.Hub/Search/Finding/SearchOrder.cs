using Stemma.Hub.Search.Fields;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>In which order hits come.</summary>
/// <param name="Key">SQL of a row d.</param>
/// <param name="Type">PostgreSQL's type of the key.</param>
internal sealed record SearchOrder(string Name, string Key, string Type, bool Descending)
{
    /// <summary>Names that match first, then the newest.</summary>
    public static readonly SearchOrder Relevance = new("relevance", "d.newest", "timestamptz", true);

    public bool IsNewest => Key == Relevance.Key && Descending;

    /// <param name="asked"><c>relevance</c>, a field's name, or one with a minus for the other way round; null: relevance.</param>
    /// <exception cref="Problem">400: there is no such field, or it has no order.</exception>
    public static SearchOrder Parse(string? asked)
    {
        if (asked is null or "" or "relevance")
            return Relevance;
        var descending = asked.StartsWith('-');
        var name = asked.TrimStart('-');
        if (name == "newest")
            return new SearchOrder(asked, "d.newest", "timestamptz", !descending);
        return SearchFields.Find(name) is { Column: { } column } field && field.Name != SearchFields.Tag
            ? field.Kind switch
            {
                SearchFieldKind.Value => new SearchOrder(asked, $"(select v.folded from search_values v where v.code = d.{column})", "text", descending),
                SearchFieldKind.Moment => new SearchOrder(asked, $"d.{column}", "timestamptz", descending),
                SearchFieldKind.Words => new SearchOrder(asked, $"d.{column}", "text", descending),
                _ => new SearchOrder(asked, $"d.{column}", field.Name == SearchFields.Size ? "bigint" : "float8", descending),
            }
            : throw Problem.Invalid($"sort must be relevance, newest, or the name of a field such as -acquired or pixel_size, but is \"{asked}\".");
    }
}
