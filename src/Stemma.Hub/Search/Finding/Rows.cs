namespace Stemma.Hub.Search.Finding;

/// <summary>
/// The rows of a condition, for when all are read. Several words, of which each may be that of a place instead, are asked in several ways, one for each kind of dataset: those that stand
/// for none of the words, for the first only … Asked word by word, PostgreSQL finds the rows of one word and looks for the others in the rows' own words, which lie apart: a hundred
/// times what reading the row costs. Each way is answered by the indexes, and no row is in two.
/// </summary>
internal static class Rows
{
    /// <summary>There may be two ways for each word: beyond so many words they would be too many.</summary>
    private const int MostWords = 4;

    /// <param name="Words">What must be in the row's words; null: nothing.</param>
    /// <param name="Datasets">Where such rows lie.</param>
    /// <param name="AnywhereElse">They lie outside of <paramref name="Datasets"/>.</param>
    private sealed record Way(Lexemes? Words, int[] Datasets, bool AnywhereElse)
    {
        public Condition ToCondition() =>
            Condition.AllOf([.. Words is null ? Array.Empty<Condition>() : [new Condition.Words(Words)], new Condition.Sql(AnywhereElse ? "d.dataset <> all ({0})" : "d.dataset = any ({0})", Datasets)]);
    }

    /// <summary>What follows <c>from</c>: rows d. Parameters are added to the list.</summary>
    public static string Of(Condition condition, List<object> parameters)
    {
        IReadOnlyList<Condition> terms = condition is Condition.All all ? all.Terms : [condition];
        var words = terms.OfType<Condition.WordsOrPlaces>().ToList();
        var always = terms.OfType<Condition.Words>().FirstOrDefault();
        if (words.Count is 0 or > MostWords || words.Count + (always is null ? 0 : 1) == 1)
            return $"search_documents d where {condition.ToSql(parameters)}";
        var rest = Condition.AllOf(terms.Where(term => term != always && term is not Condition.WordsOrPlaces));
        var ways = Ways(words, always?.Lexemes).Select(way => $"select d.* from search_documents d where {way.ToCondition().ToSql(parameters)}").ToList();
        return $"({string.Join(" union all ", ways)}) d where {rest.ToSql(parameters)}";
    }

    private static IEnumerable<Way> Ways(List<Condition.WordsOrPlaces> words, Lexemes? always)
    {
        // A bit for each word that a dataset stands for.
        var standsFor = new Dictionary<int, int>();
        foreach (var (place, word) in words.Index())
            foreach (var dataset in word.Datasets)
                standsFor[dataset] = standsFor.GetValueOrDefault(dataset) | (1 << place);
        yield return new Way(Missing(0), [.. standsFor.Keys], AnywhereElse: true);
        foreach (var kind in standsFor.GroupBy(pair => pair.Value, pair => pair.Key))
            yield return new Way(Missing(kind.Key), [.. kind], AnywhereElse: false);

        Lexemes? Missing(int byPlace) => words.Where((_, place) => (byPlace & (1 << place)) == 0).Select(word => word.Lexemes).Concat(always is null ? [] : [always]).ToList() is { Count: > 0 } left ? Lexemes.AllOf(left) : null;
    }
}
