using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search;

/// <summary>Completes what is being typed: names of fields, and values, tags, keys and places that occur where the actor sees them.</summary>
internal sealed class Suggestions(SearchSessions sessions)
{
    private const int Most = 10;

    private sealed record ValueRow(string Field, string Value, long? Count);

    private sealed record PlaceRow
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public string Name { get; init; } = "";
    }

    public async Task<IReadOnlyList<SearchSuggestion>> CompleteAsync(Actor actor, string? text, int? caret, CancellationToken cancellationToken)
    {
        text = text is { Length: > QueryParser.MostCharacters } ? text[..QueryParser.MostCharacters] : text ?? "";
        text = text.Replace('\0', ' ');
        var typing = Completion.At(text, caret ?? text.Length);
        var isOriginal = (typing.Field ?? typing.Typed).StartsWith(SearchFields.Original, StringComparison.OrdinalIgnoreCase);
        if (typing.Field is { } name ? isOriginal || SearchFields.Find(name) is null : typing.Typed.Length == 0)
            return [];
        await using var session = await sessions.OpenAsync(actor, null, cancellationToken);
        if (typing.Field is not null)
            return await OfFieldAsync(session, SearchFields.Find(typing.Field)!, typing, cancellationToken);
        if (isOriginal)
            return await KeysAsync(session, typing, cancellationToken);
        var fields = Fields(typing).ToList();
        var suggestions = fields.Where(field => field.Rank == 0).Take(4).Select(field => field.Suggestion).ToList();
        suggestions.AddRange(await PlacesAsync(session, typing, "", 3, cancellationToken));
        suggestions.AddRange(await ValuesAsync(session, null, typing, Most - suggestions.Count, cancellationToken));
        // Fields under other names: high tension is the accelerating voltage.
        suggestions.AddRange(fields.Where(field => field.Rank > 0).Take(Most - suggestions.Count).Select(field => field.Suggestion));
        return suggestions;
    }

    private static IEnumerable<(int Rank, SearchSuggestion Suggestion)> Fields(Completion typing)
    {
        var typed = Folding.Fold(typing.Typed).Replace(' ', '_');
        return SearchFields.All
            .Select(field => (field, Rank: field.Name.StartsWith(typed, StringComparison.Ordinal) ? 0 : field.Synonyms.Any(synonym => synonym.StartsWith(typed, StringComparison.Ordinal)) ? 1 : field.Name.Contains('_' + typed, StringComparison.Ordinal) ? 2 : 3))
            .Where(pair => pair.Rank < 3).OrderBy(pair => pair.Rank)
            .Select(pair => (pair.Rank, new SearchSuggestion("field", pair.field.Label, pair.field.Meaning, null, pair.field.Name + ":", typing.Start, typing.End, null)));
    }

    private static async Task<IReadOnlyList<SearchSuggestion>> OfFieldAsync(SearchSession session, SearchField field, Completion typing, CancellationToken cancellationToken) => field.Name switch
    {
        SearchFields.Has => [.. Binder.Features.Where(word => word.StartsWith(typing.Typed, StringComparison.OrdinalIgnoreCase)).Select(word => new SearchSuggestion("value", word, null, null, word, typing.Start, typing.End, null))],
        SearchFields.In => await PlacesAsync(session, typing, null, Most, cancellationToken),
        SearchFields.By => await ValuesAsync(session, SearchFields.Find("operator"), typing, Most, cancellationToken),
        _ when field.Kind == SearchFieldKind.Value => await ValuesAsync(session, field, typing, Most, cancellationToken),
        _ => [],
    };

    /// <param name="field">Null: of any field, whose name is written before the value then.</param>
    private static async Task<IReadOnlyList<SearchSuggestion>> ValuesAsync(SearchSession session, SearchField? field, Completion typing, int most, CancellationToken cancellationToken)
    {
        var words = Folding.Words(typing.Typed).ToList();
        if (words.Count == 0 && field is null)
            return [];
        var parameters = new List<object> { most, field?.Name ?? "", words.Count == 0 ? "" : Lexemes.AllOf(words.Select(word => new Lexemes.One(word, true))).ToString() };
        // The most frequent first, and of each no more than that it occurs where the actor sees it: how often there would mean reading the counts of every dataset.
        var typed = words.Count == 0 ? "v.field = $2" : "v.words @@ $3::tsquery and ($2 = '' or v.field = $2)";
        await using var command = session.Command($"""
            select v.field, v.value, {(session.Reach.Hidden.Length == 0 ? "v.count" : "null::bigint")} from (select * from search_values v where v.count > 0 and {typed} order by v.count desc, v.value offset 0) v
            where exists (select from search_dataset_values d where d.code = v.code and d.count > 0 and {session.Reach.ToCondition().ToSql(parameters)}) limit $1
            """, parameters);
        var rows = new List<ValueRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new ValueRow(reader.GetString(0), reader.GetString(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetInt64(2)));
        return [.. rows.Select(row => new SearchSuggestion("value", row.Value, SearchFields.Find(row.Field)?.Label, row.Count,
            (field is null ? row.Field + ":" : "") + Quoted(row.Value), typing.Start, typing.End, null))];
    }

    private static async Task<IReadOnlyList<SearchSuggestion>> PlacesAsync(SearchSession session, Completion typing, string? before, int most, CancellationToken cancellationToken)
    {
        var words = Folding.Words(typing.Typed).ToList();
        if (words.Count == 0)
            return [];
        var found = await session.Places.NamedAsync(session.Connection, Lexemes.AllOf(words.Select(word => new Lexemes.One("n/" + word, true))), most, cancellationToken);
        return [.. found.Select(place => new SearchSuggestion("place", place.Name, place.Kind.ToString(), null, (before is null ? "" : "in:") + Quoted(place.Name), typing.Start, typing.End, place.Id))];
    }

    /// <summary>Keys of the original metadata whose path has what was typed, in projects of which the actor sees something.</summary>
    private static async Task<IReadOnlyList<SearchSuggestion>> KeysAsync(SearchSession session, Completion typing, CancellationToken cancellationToken)
    {
        var typed = Numbering.FoldPath(typing.Typed[SearchFields.Original.Length..]);
        var paths = await session.Connection.RowsAsync<string>("""
            select k.path from search_keys k
            where strpos(k.folded, @typed) > 0
              and exists (select from search_project_keys p where p.key = k.number and p.project in (select s.project from search_places s where s.number = any (@Datasets)))
            order by left(k.folded, length(@typed)) = @typed desc, length(k.path), k.path limit @Most
            """, new { typed, session.Reach.Datasets, Most }, cancellationToken);
        return [.. paths.Select(path => new SearchSuggestion("key", path, "Original metadata", null,
            (path.Any(letter => char.IsWhiteSpace(letter) || letter is ':' or '(' or ')' or ',' or '"') ? $"{SearchFields.Original}{Quoted(path, always: true)}" : SearchFields.Original + path) + ":", typing.Start, typing.End, null))];
    }

    private static string Quoted(string text, bool always = true) => always ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : text;
}
