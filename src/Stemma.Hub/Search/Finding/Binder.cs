using System.Text.RegularExpressions;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Search.Language;
using Units = Stemma.Hub.Fields.Units;

namespace Stemma.Hub.Search.Finding;

/// <summary>Gives the names and values of a query their meaning: which words of the index, which columns, which datasets.</summary>
internal sealed class Binder(NpgsqlConnection connection, Actor actor, Reach reach, Places places, TimeProvider clock)
{
    /// <summary>A word of so many letters finds whatever begins so; a shorter one, and one that begins with a digit, is meant as it stands.</summary>
    private const int PrefixFrom = 3;

    /// <summary>Keys of the original metadata that one name may stand for.</summary>
    private const int MostKeys = 100;

    /// <summary>Words that may stand after <c>has:</c>, besides fields.</summary>
    public static readonly IReadOnlyList<string> Features = ["acquisition", "annotation", "calibration", "date", "image", "note", "original", "preview", "problem", "pyramid", "spectrum", "tag", "warning"];

    /// <summary>Those that most files have, in the order of the bits of <c>search_documents.features</c>: by words, most rows would be read.</summary>
    private static readonly List<string> Common = ["acquisition", "calibration", "date", "image", "original", "preview"];

    private sealed record Person
    {
        public Guid? AccountId { get; init; }
        public string? Name { get; init; }
        public string[] Aliases { get; init; } = [];
        public string? Login { get; init; }
    }

    /// <summary>Why it may take long: null where the index answers all.</summary>
    public string? Slow { get; private set; }

    /// <exception cref="QueryException">No such field, no such unit, no such place.</exception>
    public async Task<Condition> BindAsync(Query query, CancellationToken cancellationToken)
    {
        await places.LookUpAsync(connection, query.Texts().Select(text => OfText(text.Form, "")), cancellationToken);
        return await OfAsync(query, cancellationToken);
    }

    private async Task<Condition> OfAsync(Query query, CancellationToken cancellationToken)
    {
        switch (query)
        {
            case And all:
                return Condition.AllOf(await EachAsync(all.Terms, cancellationToken));
            case Or any:
                return Condition.AnyOf(await EachAsync(any.Terms, cancellationToken));
            case Not not:
                return new Condition.None(await OfAsync(not.Term, cancellationToken));
            case Text text:
                return await WithPlacesAsync(OfText(text.Form, ""), cancellationToken);
            case Field field:
                var values = new List<Condition>();
                foreach (var value in field.Values)
                    values.Add(await OfFieldAsync(field, value, cancellationToken));
                return Condition.AnyOf(values);
            default:
                throw new InvalidOperationException("A query of no known kind.");
        }
    }

    /// <summary>The words of a query's texts in the name; null where it has none that must hold.</summary>
    public static Condition? InName(Query query) =>
        query.Conjuncts().OfType<Text>().Select(text => OfText(text.Form, "n/")).ToList() is { Count: > 0 } words ? new Condition.Words(Lexemes.AllOf(words)) : null;

    /// <summary>All words of some texts.</summary>
    public static Lexemes Anywhere(IEnumerable<Text> texts) => Lexemes.AllOf(texts.Select(text => OfText(text.Form, "")));

    private async Task<List<Condition>> EachAsync(IEnumerable<Query> terms, CancellationToken cancellationToken)
    {
        var conditions = new List<Condition>();
        foreach (var term in terms)
            conditions.Add(await OfAsync(term, cancellationToken));
        return conditions;
    }

    /// <param name="prefix">Of the field's own lexemes; empty: anywhere.</param>
    private static Lexemes OfText(TextForm form, string prefix)
    {
        var (content, isPhrase, isPrefix) = form switch
        {
            Word word => (word.Content, false, false),
            Phrase phrase => (phrase.Content, true, false),
            Prefix begins => (begins.Content, false, true),
            Comparison { Operator: "=" } equal => (equal.Content, true, false),
            _ => throw new QueryException(form.Where, "This field holds words: bounds and ranges are for numbers and dates."),
        };
        var words = Folding.Words(content).ToList();
        if (words.Count == 0)
            throw new QueryException(form.Where, "There is no letter or digit in this to look for.");
        if (isPhrase && words.Count > 1)
            return prefix.Length == 0 ? new Lexemes.Sequence([.. words]) : Lexemes.AllOf([new Lexemes.Sequence([.. words]), .. words.Select(word => new Lexemes.One(prefix + word, false))]);
        return Lexemes.AllOf(words.Select((word, place) => new Lexemes.One(prefix + word,
            isPrefix ? place == words.Count - 1 : !isPhrase && word.Length >= PrefixFrom && !char.IsDigit(word[0]))));
    }

    /// <summary>What nodes are called counts for the files in them.</summary>
    private async Task<Condition> WithPlacesAsync(Lexemes lexemes, CancellationToken cancellationToken)
    {
        var datasets = await places.MatchingAsync(connection, lexemes, cancellationToken);
        return datasets.Length == 0 ? new Condition.Words(lexemes) : new Condition.WordsOrPlaces(lexemes, datasets);
    }

    private async Task<Condition> OfFieldAsync(Field asked, TextForm value, CancellationToken cancellationToken)
    {
        if (asked.Name.StartsWith(SearchFields.Original, StringComparison.Ordinal))
            return await OfOriginalAsync(asked, value, cancellationToken);
        if (SearchFields.Find(asked.Name) is not { } field)
            return await OfOwnAsync(asked, value, cancellationToken);
        if (value is AnyValue && field.Column is { } column)
            return new Condition.Sql(field.Name == SearchFields.Tag ? $"cardinality(d.{column}) > 0" : $"d.{column} is not null");
        switch (field.Kind)
        {
            case SearchFieldKind.Number:
                return Between($"d.{field.Column}", Bounds.OfNumber(value, field.Unit));
            case SearchFieldKind.Moment:
                var moments = Bounds.OfMoment(value, clock.GetUtcNow().UtcDateTime);
                // A file that has a date of its own is ordered by it.
                return Between($"d.{field.Column}", moments) with { OfNewest = field.Name == SearchFields.Date ? Between("d.newest", moments) : null };
            case SearchFieldKind.Special when field.Name == SearchFields.In:
                return new Condition.Sql("d.dataset = any ({0})", await places.WithinAsync(connection, Content(value), value.Where, cancellationToken));
            case SearchFieldKind.Special when field.Name == SearchFields.By:
                return await OfPersonAsync(value, cancellationToken);
            case SearchFieldKind.Special:
                return OfFeature(value);
            case SearchFieldKind.Words when field.Name == SearchFields.Name:
                return new Condition.Words(OfText(value, "n/"));
            // Its values are ours: an image is no spectrum image.
            case SearchFieldKind.Value when field.Name == SearchFields.Kind && value is Word && ImageKind.All.Contains(Content(value)):
                return new Condition.Words(new Lexemes.One($"{field.Name}={Folding.FoldValue(Content(value))}", false));
            case SearchFieldKind.Value when value is Phrase or Comparison { Operator: "=" } && await IsWholeAsync(field, Content(value), value is Comparison, cancellationToken):
                var whole = new Lexemes.One($"{field.Name}={SqlText.Clean(Folding.FoldValue(Content(value)))}", false);
                return field.Name == SearchFields.Tag ? await WithPlacesAsync(whole, cancellationToken) : new Condition.Words(whole);
            case SearchFieldKind.Value when field.Name == SearchFields.Tag:
                return await WithPlacesAsync(OfText(value, "tag/"), cancellationToken);
            default:
                return new Condition.Words(OfText(value, $"{field.Name}/"));
        }
    }

    /// <summary>Quotes mean the whole value where the actor sees such a value, else words behind each other in it; = means the whole value always.</summary>
    private async Task<bool> IsWholeAsync(SearchField field, string content, bool isMeant, CancellationToken cancellationToken) =>
        isMeant || await connection.RowAsync<bool>($"""
            with {Reach.Mine}
            select exists (select from search_values v where v.field = @Name and v.folded = @folded
                and (exists (select from search_dataset_values d where d.code = v.code and d.count > 0 and d.dataset = any (@Datasets))
                    or exists (select from search_places p join nodes n on n.number = p.number
                        where p.tags @> array[v.code] and {reach.Sees("n.scope_id")})))
            """, new { field.Name, folded = SqlText.Clean(Folding.FoldValue(content)), reach.Datasets, reach.Scopes }, cancellationToken);

    private static Condition.Sql Between<T>(string column, Bounds<T> bounds) where T : struct => (bounds.From, bounds.To) switch
    {
        ({ } from, { } to) => new($"{column} {(bounds.IncludesFrom ? ">=" : ">")} {{0}} and {column} {(bounds.IncludesTo ? "<=" : "<")} {{1}}", from, to),
        ({ } from, null) => new($"{column} {(bounds.IncludesFrom ? ">=" : ">")} {{0}}", from),
        (null, { } to) => new($"{column} {(bounds.IncludesTo ? "<=" : "<")} {{0}}", to),
        _ => new($"{column} is not null"),
    };

    private static Condition OfFeature(TextForm value)
    {
        var word = Content(value).ToLowerInvariant();
        if (Common.IndexOf(word) is >= 0 and var place)
            return new Condition.Sql("d.features & {0} <> 0", 1 << place);
        if (Features.Contains(word))
            return new Condition.Words(new Lexemes.One($"has={word}", false));
        return SearchFields.Find(word) is { Column: { } column } ? new Condition.Sql($"d.{column} is not null")
            : throw new QueryException(value.Where, $"\"{word}\" is nothing that a file can have. Write one of {string.Join(", ", Features)}, or a field's name.");
    }

    private async Task<Condition> OfPersonAsync(TextForm value, CancellationToken cancellationToken)
    {
        var words = Folding.Words(Content(value)).ToList();
        var recorded = new Condition.Words(OfText(value is AnyValue ? throw new QueryException(value.Where, "Name somebody: by:lau.") : value, "operator/"));
        // Names, aliases and logins of people are not for strangers and guests, who could spell them out letter by letter.
        if (!actor.IsSignedIn)
            return recorded;
        var people = await connection.RowsAsync<Person>("""
            select a.id as account_id, p.name, coalesce(p.aliases, '{}') as aliases, a.login from accounts a full join people p on p.id = a.person_id
            """, null, cancellationToken);
        var meant = people.FindAll(person => new[] { person.Name, person.Login }.Concat(person.Aliases).OfType<string>().Any(name =>
            Folding.Words(name).ToList() is var found && words.TrueForAll(word => found.Exists(part => part.StartsWith(word, StringComparison.Ordinal)))));
        var aliases = meant.SelectMany(person => person.Aliases.Append(person.Name).Append(person.Login)).OfType<string>().Select(Folding.FoldValue).Where(alias => alias.Length > 0).Distinct().ToList();
        return Condition.AnyOf(
        [
            recorded,
            .. aliases.Select(alias => new Condition.Words(new Lexemes.One($"operator={alias}", false))),
            .. meant.Select(person => person.AccountId).OfType<Guid>().ToArray() is { Length: > 0 } accounts ? [new Condition.Sql("d.added_by = any ({0})", accounts)] : Array.Empty<Condition>(),
        ]);
    }

    private sealed record OwnField
    {
        public Guid Id { get; init; }
        public string Type { get; init; } = "";
        public string? Unit { get; init; }
    }

    /// <summary>A field that a project defines, by its name, with spaces or underscores. Projects may have fields of one name: all are meant.</summary>
    private async Task<Condition> OfOwnAsync(Field asked, TextForm value, CancellationToken cancellationToken)
    {
        var prefix = PeopleWords.Prefix(asked.Name);
        var fields = await connection.RowsAsync<OwnField>("""
            select f.id, f.type, f.unit from fields f join nodes n on n.id = f.project_id
            where replace(lower(f.name), ' ', '_') = replace(lower(@Name), ' ', '_') and f.removed_at is null
              and exists (select from search_places p where p.project = n.number and p.number = any (@Datasets))
            """, new { asked.Name, reach.Datasets }, cancellationToken);
        if (fields.Count == 0)
            throw new QueryException(asked.Where, NoSuchField(asked.Name));
        var ids = fields.ConvertAll(field => field.Id);
        if (value is AnyValue)
            return await OwnValueAsync(ids, "true", [], cancellationToken);
        if (fields.TrueForAll(field => field.Type == "date"))
            return await OwnValueAsync(ids, "v.date", Bounds.OfMoment(value, clock.GetUtcNow().UtcDateTime), cancellationToken);
        if (fields.TrueForAll(field => field.Type == "number"))
        {
            var conditions = new List<Condition>();
            foreach (var alike in fields.GroupBy(field => field.Unit))
                conditions.Add(await OwnValueAsync(alike.Select(field => field.Id), "v.number_si", Bounds.OfNumber(value, text => OwnNumber(text, alike.Key, value.Where)), cancellationToken));
            return Condition.AnyOf(conditions);
        }

        return await WithPlacesAsync(value is Comparison { Operator: "=" } whole ? new Lexemes.One($"{prefix}={SqlText.Clean(Folding.FoldValue(whole.Content))}", false) : OfText(value, $"{prefix}/"), cancellationToken);
    }

    /// <summary>A number in the SI unit of a field's quantity. Without a unit it is in the field's own.</summary>
    private static (double Value, double Half) OwnNumber(string text, string? unit, Span where)
    {
        if (!Quantity.TrySplit(text, out var number, out var half, out var symbol))
            throw new QueryException(where, $"\"{text}\" is no number{(unit is null ? "" : $": write it as 5{unit}")}.");
        if (unit is null || Units.Find(unit) is not { } own)
            return symbol.Length == 0 ? (number, half) : throw new QueryException(where, $"This field is a plain number: leave {symbol} away.");
        var asked = symbol.Length == 0 ? own : Units.Find(symbol);
        return asked?.Quantity == own.Quantity ? (asked.ToSi(number), half * asked.Factor)
            : throw new QueryException(where, $"\"{symbol}\" does not fit this field, which is in {unit}: write it as 5{unit}.");
    }

    private Task<Condition> OwnValueAsync<T>(IEnumerable<Guid> fields, string column, Bounds<T> bounds, CancellationToken cancellationToken) where T : struct
    {
        var between = Between(column, bounds);
        return OwnValueAsync(fields, between.Text.Replace("{1}", "{2}", StringComparison.Ordinal).Replace("{0}", "{1}", StringComparison.Ordinal), between.Parameters, cancellationToken);
    }

    /// <summary>The file has such a value, or something above it has that the actor sees.</summary>
    /// <param name="test">SQL of a row v of <c>field_values</c>, with <c>{1}</c> … for the parameters.</param>
    private async Task<Condition> OwnValueAsync(IEnumerable<Guid> fields, string test, object[] parameters, CancellationToken cancellationToken)
    {
        object[] all = [fields.ToArray(), .. parameters];
        var datasets = await places.HoldingAsync(connection, test, all, cancellationToken);
        var own = new Condition.Sql($"d.file_set_id in (select v.object_id from field_values v where v.field_id = any ({{0}}) and v.ended_at is null and {test})", all);
        return datasets.Length == 0 ? own : Condition.AnyOf([own, new Condition.Sql("d.dataset = any ({0})", datasets)]);
    }

    private async Task<Condition> OfOriginalAsync(Field asked, TextForm value, CancellationToken cancellationToken)
    {
        var keys = await KeysAsync(asked, cancellationToken);
        if (value is Comparison { Operator: not "=" } or Language.Range)
        {
            Slow = "Bounds on a key of the original metadata have no index: every file that the rest of the query leaves is looked at.";
            var bounds = Bounds.OfNumber(value, unit: null);
            var limits = new List<string>();
            var parameters = new List<object> { keys };
            if (bounds.From is { } from)
            {
                limits.Add($"u.v {(bounds.IncludesFrom ? ">=" : ">")} {{{parameters.Count}}}");
                parameters.Add(from);
            }

            if (bounds.To is { } to)
            {
                limits.Add($"u.v {(bounds.IncludesTo ? "<=" : "<")} {{{parameters.Count}}}");
                parameters.Add(to);
            }

            return new Condition.Sql($"exists (select from search_numbers x cross join lateral unnest(x.keys, x.vals) as u (k, v) where x.number = d.number and u.k = any ({{0}}) and {string.Join(" and ", limits)})", [.. parameters]);
        }

        return new Condition.Words(Lexemes.AnyOf(keys.Select(key => new Lexemes.One($"o{key}={(value is AnyValue ? "" : OriginalValue(Content(value)))}", value is AnyValue or Prefix))));
    }

    private static string OriginalValue(string content) =>
        OriginalTree.TryNumber(content, out var number) ? OriginalTree.Written(number) : SqlText.Clean(Folding.FoldValue(content));

    /// <summary>The keys of this path, or whose path ends so: DigitalMicrograph keeps the same tags in many places.</summary>
    private async Task<int[]> KeysAsync(Field asked, CancellationToken cancellationToken)
    {
        var path = Numbering.FoldPath(asked.Name[SearchFields.Original.Length..]);
        var withoutPlaces = Regex.Replace(path, @"(?<=\.|^)\d+(\.|$)", "", RegexOptions.None, TimeSpan.FromSeconds(1)).TrimEnd('.');
        var found = await connection.RowsAsync<int>("""
            select k.number from search_keys k
            where (k.folded = any (@exact) or k.folded like any (@endings))
              and exists (select from search_project_keys p where p.key = k.number and p.project in (select s.project from search_places s where s.number = any (@Datasets)))
            order by k.folded = any (@exact) desc, length(k.folded) limit @MostKeys
            """, new
        {
            exact = new[] { path, withoutPlaces }, endings = new[] { "%." + Escape(path), "%." + Escape(withoutPlaces) }, reach.Datasets, MostKeys,
        }, cancellationToken);
        return found.Count > 0 ? [.. found] : throw new QueryException(asked.Where,
            $"No file that you see has \"{asked.Name[SearchFields.Original.Length..]}\" in its original metadata. Write the key as it stands there, whole or its end: original.Tecnai.User.");
    }

    private static string Escape(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private static string Content(TextForm form) => form switch
    {
        Word word => word.Content,
        Phrase phrase => phrase.Content,
        Prefix prefix => prefix.Content,
        Comparison { Operator: "=" } equal => equal.Content,
        _ => throw new QueryException(form.Where, "Bounds and ranges are for numbers and dates."),
    };

    private static string NoSuchField(string name)
    {
        var (near, distance) = SearchFields.All.SelectMany(field => field.Synonyms.Prepend(field.Name).Select(known => (field.Name, Distance: Distance(known, name)))).MinBy(pair => pair.Distance);
        var hint = distance <= 1 + (name.Length / 4) ? $" Did you mean {near}:?" : "";
        return $"There is no field \"{name}\".{hint} To look for the text itself, put it in quotes.";
    }

    /// <summary>How many letters are to be changed, added or left out (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
