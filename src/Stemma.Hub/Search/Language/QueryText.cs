namespace Stemma.Hub.Search.Language;

/// <summary>Writes a query in one way, which reads back as the same query; and changes it as a click on a facet does.</summary>
public static class QueryText
{
    public static string Print(this Query query) => query switch
    {
        And all => string.Join(' ', all.Terms.Select(term => term is Or ? $"({Print(term)})" : Print(term))),
        Or any => string.Join(" OR ", any.Terms.Select(Print)),
        Not not => not.Term is And or Or ? $"-({Print(not.Term)})" : $"-{Print(not.Term)}",
        Text text => Print(text.Form),
        Field field => $"{PrintName(field.Name)}:{string.Join(',', field.Values.Select(value => Print(value)))}",
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    /// <summary>Terms that must all hold: those of an <see cref="And"/>, or the query itself.</summary>
    public static IReadOnlyList<Query> Conjuncts(this Query query) => query is And all ? all.Terms : [query];

    /// <summary>All words that are looked for anywhere, denied ones too.</summary>
    public static IEnumerable<Text> Texts(this Query query) => query switch
    {
        And all => all.Terms.SelectMany(Texts),
        Or any => any.Terms.SelectMany(Texts),
        Not not => not.Term.Texts(),
        Text text => [text],
        _ => [],
    };

    /// <summary>The query without what it asks of a field at its top.</summary>
    public static Query Without(this Query query, string field) => QueryParser.AllOf(query.Conjuncts().Where(term => !IsOf(term, field)));

    /// <summary>The query asking for these values of a field, in place of what it asked of that field at its top. Without values: not at all.</summary>
    public static Query With(this Query query, string field, params IEnumerable<TextForm> values)
    {
        var asked = new Field(field, [.. values], default);
        if (asked.Values.IsEmpty)
            return query.Without(field);
        var terms = query.Conjuncts().ToList();
        var place = terms.FindIndex(term => IsOf(term, field));
        terms.RemoveAll(term => IsOf(term, field));
        terms.Insert(place < 0 ? terms.Count : Math.Min(place, terms.Count), asked);
        return QueryParser.AllOf(terms);
    }

    private static bool IsOf(Query term, string field) => term is Field asked && asked.Name == field;

    private static string Print(TextForm form) => form switch
    {
        Word word => word.Content,
        Prefix prefix => prefix.Content + "*",
        Phrase phrase => Quote(phrase.Content),
        AnyValue => "*",
        Comparison comparison => comparison.Operator + End(comparison.Content),
        Range range => $"{RangeEnd(range.From)}..{RangeEnd(range.To)}",
        _ => throw new ArgumentOutOfRangeException(nameof(form)),
    };

    private static string PrintName(string name)
    {
        if (QueryParser.IsPlainName(name))
            return name;
        if (!name.StartsWith(QueryParser.OriginalPrefix, StringComparison.Ordinal))
            return Quote(name);
        var path = name[QueryParser.OriginalPrefix.Length..];
        return QueryParser.OriginalPrefix + (path.Any(letter => char.IsWhiteSpace(letter) || letter is ':' or '(' or ')' or ',' or '"' or '\\') ? Quote(path) : path);
    }

    /// <summary>A bound: quoted where it would not be read as one.</summary>
    private static string End(string? content) =>
        content is null ? "" : content.Contains("..", StringComparison.Ordinal) || content.Any(letter => char.IsWhiteSpace(letter) || letter is ',' or '"' or '(' or ')') || content[0] is '<' or '>' or '=' ? Quote(content) : content;

    /// <summary>A dot at an end would be read as one of the range's.</summary>
    private static string RangeEnd(string? content) => content is ['.', ..] or [.., '.'] ? Quote(content) : End(content);

    private static string Quote(string content) => $"\"{content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
