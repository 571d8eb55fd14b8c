using System.Collections.Immutable;

namespace Stemma.Hub.Search.Finding;

/// <summary>What PostgreSQL's tsquery can ask of a document's lexemes, as a tree.</summary>
internal abstract record Lexemes
{
    /// <summary>As the text of a tsquery. Lexemes are quoted, so that no sign in them means anything.</summary>
    public abstract override string ToString();

    /// <summary>A lexeme, or whatever begins so.</summary>
    public sealed record One(string Lexeme, bool IsPrefix) : Lexemes
    {
        public override string ToString() => $"'{Lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'{(IsPrefix ? ":*" : "")}";
    }

    /// <summary>Words behind each other.</summary>
    public sealed record Sequence(ImmutableArray<string> Words) : Lexemes
    {
        public override string ToString() => $"({string.Join(" <-> ", Words.Select(word => new One(word, false)))})";
    }

    public sealed record All(ImmutableArray<Lexemes> Terms) : Lexemes
    {
        public override string ToString() => $"({string.Join(" & ", Terms)})";
    }

    public sealed record Any(ImmutableArray<Lexemes> Terms) : Lexemes
    {
        public override string ToString() => $"({string.Join(" | ", Terms)})";
    }

    public sealed record None(Lexemes Term) : Lexemes
    {
        public override string ToString() => $"!{Term}";
    }

    /// <summary>With something in place of each lexeme or beginning that stands by itself.</summary>
    public Lexemes Map(Func<One, Lexemes> replace) => this switch
    {
        One one => replace(one),
        All all => AllOf(all.Terms.Select(term => term.Map(replace))),
        Any any => AnyOf(any.Terms.Select(term => term.Map(replace))),
        None none => new None(none.Term.Map(replace)),
        _ => this,
    };

    public static Lexemes AllOf(IEnumerable<Lexemes> terms) => terms.Distinct().ToImmutableArray() is var all && all.Length == 1 ? all[0] : new All(all);

    public static Lexemes AnyOf(IEnumerable<Lexemes> terms) => terms.ToImmutableArray() is var any && any.Length == 1 ? any[0] : new Any(any);
}
