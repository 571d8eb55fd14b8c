using System.Collections.Concurrent;
using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Search.Indexing;

/// <summary>Gives values and keys their numbers, which never change, and notes which words there are: what was asked once is remembered.</summary>
internal sealed class Numbering
{
    /// <summary>Remembered at most; beyond, the database is asked.</summary>
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<(string Field, string Folded), int> _values = new();
    private readonly ConcurrentDictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _words = new(StringComparer.Ordinal);

    private sealed record ValueRow(string Field, string Folded, int Code);

    private sealed record KeyRow(string Folded, int Number);

    /// <summary>What was numbered in a transaction that was rolled back is not in the database.</summary>
    public void Forget()
    {
        _values.Clear();
        _keys.Clear();
        _words.Clear();
    }

    /// <summary>Codes of (field, folded value), made where they are new. Where the transaction does not commit, they are to be forgotten.</summary>
    public async Task<IReadOnlyDictionary<(string Field, string Folded), int>> ValuesAsync(
        NpgsqlConnection connection, IEnumerable<(string Field, string Value)> values, CancellationToken cancellationToken)
    {
        // What is beyond the compared beginning would be shown to those whose files have another end.
        var asked = values.Select(value => (value.Field, Value: Folding.Beginning(value.Value), Folded: Folding.FoldValue(value.Value))).DistinctBy(value => (value.Field, value.Folded)).ToList();
        var found = new Dictionary<(string, string), int>();
        var missing = asked.FindAll(value => !Take(_values, (value.Field, value.Folded), found));
        if (missing.Count > 0)
        {
            await connection.RunAsync("""
                insert into search_values (field, value, folded, words)
                select a.field, a.value, a.folded, array_to_tsvector(string_to_array(a.words, ' ')) from unnest(@fields, @values, @folded, @words) as a (field, value, folded, words)
                order by 1, 3 on conflict (field, folded) do nothing
                """, new
            {
                fields = missing.ConvertAll(value => value.Field), values = missing.ConvertAll(value => SqlText.Clean(value.Value)), folded = missing.ConvertAll(value => value.Folded),
                words = missing.ConvertAll(value => string.Join(' ', Folding.Runs(value.Value).SelectMany(run => Folding.Words(run).Concat(Folding.Parts(run))).Distinct())),
            }, cancellationToken);
            var rows = await connection.RowsAsync<ValueRow>("""
                select v.field, v.folded, v.code from unnest(@fields, @folded) as a (field, folded) join search_values v on v.field = a.field and v.folded = a.folded
                """, new { fields = missing.ConvertAll(value => value.Field), folded = missing.ConvertAll(value => value.Folded) }, cancellationToken);
            foreach (var row in rows)
                Keep(_values, (row.Field, row.Folded), row.Code, found);
        }

        return found;
    }

    /// <summary>Numbers of original keys by their path, made where they are new.</summary>
    public async Task<IReadOnlyDictionary<string, int>> KeysAsync(NpgsqlConnection connection, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var asked = paths.Distinct(StringComparer.Ordinal).Select(path => (Path: path, Folded: FoldPath(path))).ToList();
        var byFolded = new Dictionary<string, int>(StringComparer.Ordinal);
        var missing = asked.DistinctBy(path => path.Folded).Where(path => !Take(_keys, path.Folded, byFolded)).ToList();
        if (missing.Count > 0)
        {
            var parameters = new { paths = missing.ConvertAll(path => SqlText.Clean(path.Path)), folded = missing.ConvertAll(path => path.Folded) };
            await connection.RunAsync("insert into search_keys (path, folded) select * from unnest(@paths, @folded) order by 2 on conflict (folded) do nothing", parameters, cancellationToken);
            foreach (var row in await connection.RowsAsync<KeyRow>("select folded, number from search_keys where folded = any (@folded)", parameters, cancellationToken))
                Keep(_keys, row.Folded, row.Number, byFolded);
        }

        return asked.ToDictionary(path => path.Path, path => byFolded[path.Folded], StringComparer.Ordinal);
    }

    /// <summary>Adds words to those that can be asked for by their beginning; those that begin with a digit cannot.</summary>
    public async Task AddWordsAsync(NpgsqlConnection connection, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        var missing = words.Where(word => word.Length > 0 && !char.IsAsciiDigit(word[0]) && !_words.ContainsKey(word)).Distinct(StringComparer.Ordinal).ToArray();
        if (missing.Length == 0)
            return;
        await connection.RunAsync("insert into search_words select unnest(@missing) order by 1 on conflict do nothing", new { missing }, cancellationToken);
        foreach (var word in missing)
            if (_words.Count < Most)
                _words[word] = true;
    }

    /// <summary>A path as it is compared: without case and accents; spaces as they are.</summary>
    public static string FoldPath(string path) => SqlText.Clean(Folding.Fold(path))!;

    private static bool Take<TKey>(ConcurrentDictionary<TKey, int> known, TKey key, Dictionary<TKey, int> found) where TKey : notnull
    {
        if (!known.TryGetValue(key, out var number))
            return false;
        found[key] = number;
        return true;
    }

    private static void Keep<TKey>(ConcurrentDictionary<TKey, int> known, TKey key, int number, Dictionary<TKey, int> found) where TKey : notnull
    {
        found[key] = number;
        if (known.Count < Most)
            known[key] = number;
    }
}
