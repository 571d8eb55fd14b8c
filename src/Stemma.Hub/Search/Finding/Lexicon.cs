using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Search.Finding;

/// <summary>
/// Spells out what is asked for by its beginning: <c>precip</c> is precipitate, precipitates, precipitation. Asked as a beginning, PostgreSQL's index reads all rows of all of them before
/// it looks at the other words; asked as words, it passes over the rows that the rarest word does not have.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>A beginning of more words stays one.</summary>
    private const int MostWords = 64;

    /// <summary>Higher than any letter.</summary>
    private const string Last = "\U0010FFFF";

    /// <summary>Null: too many.</summary>
    private readonly Dictionary<string, string[]?> _words = new(StringComparer.Ordinal);

    private sealed record Spelled
    {
        public string Beginning { get; init; } = "";
        public string[] Words { get; init; } = [];
    }

    public async Task<Condition> SpellOutAsync(NpgsqlConnection connection, Condition condition, CancellationToken cancellationToken)
    {
        var beginnings = new HashSet<string>(StringComparer.Ordinal);
        condition.Map(lexemes => lexemes.Map(one =>
        {
            if (IsKnown(one) && !_words.ContainsKey(Split(one).Word))
                beginnings.Add(Split(one).Word);
            return one;
        }));
        if (beginnings.Count > 0)
            await LookUpAsync(connection, [.. beginnings], cancellationToken);
        return _words.Count == 0 ? condition : condition.Map(lexemes => lexemes.Map(SpellOut));
    }

    private async Task LookUpAsync(NpgsqlConnection connection, string[] beginnings, CancellationToken cancellationToken)
    {
        foreach (var row in await connection.RowsAsync<Spelled>($"""
            select b.beginning, array(select w.word from search_words w where w.word >= b.beginning and w.word < b.beginning || @Last order by w.word limit {MostWords + 1}) as words
            from unnest(@beginnings) as b (beginning)
            """, new { beginnings, Last }, cancellationToken))
            _words[row.Beginning] = row.Words.Length > MostWords ? null : row.Words;
    }

    private Lexemes SpellOut(Lexemes.One one)
    {
        if (!IsKnown(one))
            return one;
        var (field, word) = Split(one);
        return _words[word] switch
        {
            null => one,
            [] => new Lexemes.One(one.Lexeme, false),
            var words => Lexemes.AnyOf(words.Select(spelled => new Lexemes.One(field + spelled, false))),
        };
    }

    /// <summary>A beginning of words that are in the table: not of a whole value, and not of a number.</summary>
    private static bool IsKnown(Lexemes.One one) => one.IsPrefix && !one.Lexeme.Contains('=', StringComparison.Ordinal) && Split(one).Word is [var first, ..] && !char.IsAsciiDigit(first);

    /// <summary>A lexeme is a word, or a field's name, a slash, and a word.</summary>
    private static (string Field, string Word) Split(Lexemes.One one) => one.Lexeme.LastIndexOf('/') + 1 is var start ? (one.Lexeme[..start], one.Lexeme[start..]) : default;
}
