using System.Collections.Immutable;
using System.Globalization;

namespace Stemma.Hub.Search.Finding;

/// <summary>A query bound to the index: what a row d of <c>search_documents</c> must be.</summary>
internal abstract record Condition
{
    /// <summary>Its lexemes match. As far as possible one tsquery for all, which the index answers alone.</summary>
    public sealed record Words(Lexemes Lexemes) : Condition;

    /// <summary>The file's lexemes match, or it lies in one of some datasets, whose own words or those above match.</summary>
    public sealed record WordsOrPlaces(Lexemes Lexemes, int[] Datasets) : Condition;

    /// <summary>SQL on the row, with <c>{0}</c>, <c>{1}</c> … for its parameters.</summary>
    public sealed record Sql(string Text, params object[] Parameters) : Condition
    {
        /// <summary>What follows for the row's newest, by which results are ordered.</summary>
        public Sql? OfNewest { get; init; }
    }

    public sealed record All(ImmutableArray<Condition> Terms) : Condition;

    public sealed record Any(ImmutableArray<Condition> Terms) : Condition;

    public sealed record None(Condition Term) : Condition;

    public static readonly Condition True = new All([]);
    public static readonly Condition False = new Any([]);

    /// <summary>All of them. What asks for lexemes only becomes one question.</summary>
    public static Condition AllOf(IEnumerable<Condition> terms)
    {
        var flat = terms.SelectMany(term => term is All all ? all.Terms : [term]).Distinct().ToList();
        var words = flat.OfType<Words>().Select(term => term.Lexemes).ToList();
        // A tsquery of negations alone would read the whole index.
        if (words.Count > 0)
        {
            words.AddRange(flat.OfType<None>().Select(term => term.Term).OfType<Words>().Select(term => new Lexemes.None(term.Lexemes)));
            flat.RemoveAll(term => term is Words or None { Term: Words });
            flat.Insert(0, new Words(Lexemes.AllOf(words)));
        }

        return flat.Count == 1 ? flat[0] : new All([.. flat]);
    }

    public static Condition AnyOf(IEnumerable<Condition> terms)
    {
        var flat = terms.SelectMany(term => term is Any any ? any.Terms : [term]).ToList();
        if (flat.Count > 1 && flat.TrueForAll(term => term is Words))
            return new Words(Lexemes.AnyOf(flat.ConvertAll(term => ((Words)term).Lexemes)));
        return flat.Count == 1 ? flat[0] : new Any([.. flat]);
    }

    /// <summary>What every row that matches must have as its newest: where in the order of results all of them lie.</summary>
    public Condition Newest => AllOf((this is All all ? all.Terms : [this]).OfType<Sql>().Select(term => term.OfNewest).OfType<Sql>());

    /// <summary>With something in place of the lexemes that are asked for.</summary>
    public Condition Map(Func<Lexemes, Lexemes> replace) => this switch
    {
        Words words => new Words(replace(words.Lexemes)),
        WordsOrPlaces either => either with { Lexemes = replace(either.Lexemes) },
        All all => new All([.. all.Terms.Select(term => term.Map(replace))]),
        Any any => new Any([.. any.Terms.Select(term => term.Map(replace))]),
        None none => new None(none.Term.Map(replace)),
        _ => this,
    };

    /// <summary>As SQL; parameters are added to the list and named by their place in it, from $1.</summary>
    public string ToSql(List<object> parameters)
    {
        string Parameter(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count}";
        }

        return this switch
        {
            Words words => $"d.words @@ {Parameter(words.Lexemes.ToString())}::tsquery",
            // The dataset first: it lies in the row, and the words lie apart.
            WordsOrPlaces either => $"(d.dataset = any ({Parameter(either.Datasets)}) or d.words @@ {Parameter(either.Lexemes.ToString())}::tsquery)",
            Sql sql => string.Format(CultureInfo.InvariantCulture, $"({sql.Text})", [.. sql.Parameters.Select(Parameter)]),
            All { Terms.IsEmpty: true } => "true",
            Any { Terms.IsEmpty: true } => "false",
            // Words beside a choice are written as one (no dataset has that number): PostgreSQL would take them into the choice's bitmaps too, and then not join theirs with these.
            All all when all.Terms.Any(term => term is WordsOrPlaces or Any) => $"({string.Join(" and ", all.Terms.Select(term => term is Words ? $"(d.dataset = -1 or {term.ToSql(parameters)})" : term.ToSql(parameters)))})",
            All all => $"({string.Join(" and ", all.Terms.Select(term => term.ToSql(parameters)))})",
            Any any => $"({string.Join(" or ", any.Terms.Select(term => term.ToSql(parameters)))})",
            // What is unknown does not match, so its opposite does.
            None none => $"({none.Term.ToSql(parameters)}) is not true",
            _ => throw new InvalidOperationException("A condition of no known kind."),
        };
    }
}
