using System.Collections.Immutable;

namespace Stemma.Hub.Search.Language;

/// <summary>Where something stands in the text of a query, in UTF-16 units.</summary>
public readonly record struct Span(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>A query as a tree. Trees are equal when they ask the same in the same order; where it was written does not count.</summary>
public abstract record Query
{
    private protected Query()
    {
    }

    /// <summary>Everything.</summary>
    public static readonly Query Everything = new And([]);
}

/// <summary>All of them; without any: everything. Never one alone, and no <see cref="And"/> within.</summary>
public sealed record And(ImmutableArray<Query> Terms) : Query
{
    public bool Equals(And? other) => other is not null && Terms.SequenceEqual(other.Terms);
    public override int GetHashCode() => Terms.Aggregate(1, HashCode.Combine);
}

/// <summary>Any of them: two or more, no <see cref="Or"/> within.</summary>
public sealed record Or(ImmutableArray<Query> Terms) : Query
{
    public bool Equals(Or? other) => other is not null && Terms.SequenceEqual(other.Terms);
    public override int GetHashCode() => Terms.Aggregate(2, HashCode.Combine);
}

/// <summary>What does not match. Never of a <see cref="Not"/>.</summary>
public sealed record Not(Query Term) : Query;

/// <summary>Words anywhere.</summary>
public sealed record Text(TextForm Form) : Query;

/// <summary>A field that has one of some values.</summary>
/// <param name="Name">Lower case; of <c>original.</c> and of quoted names as written.</param>
/// <param name="Values">One or more.</param>
/// <param name="Where">Of the name.</param>
public sealed record Field(string Name, ImmutableArray<TextForm> Values, Span Where) : Query
{
    public bool Equals(Field? other) => other is not null && Name == other.Name && Values.SequenceEqual(other.Values);
    public override int GetHashCode() => Values.Aggregate(Name.GetHashCode(StringComparison.Ordinal), HashCode.Combine);
}

/// <summary>How a text or a value is written.</summary>
/// <param name="Where">In the query's text; does not count when two are compared.</param>
public abstract record TextForm(Span Where);

/// <summary>A word, a number, a date: what stands there without quotes.</summary>
public sealed record Word(string Content, Span Where) : TextForm(Where)
{
    public bool Equals(Word? other) => other is not null && Content == other.Content;
    public override int GetHashCode() => HashCode.Combine(1, Content);
}

/// <summary>Whatever begins so: <c>precip*</c>.</summary>
public sealed record Prefix(string Content, Span Where) : TextForm(Where)
{
    public bool Equals(Prefix? other) => other is not null && Content == other.Content;
    public override int GetHashCode() => HashCode.Combine(2, Content);
}

/// <summary>Words in this order, or a whole value: <c>"Tecnai Osiris"</c>.</summary>
public sealed record Phrase(string Content, Span Where) : TextForm(Where)
{
    public bool Equals(Phrase? other) => other is not null && Content == other.Content;
    public override int GetHashCode() => HashCode.Combine(3, Content);
}

/// <summary>Any value at all: <c>detector:*</c>.</summary>
public sealed record AnyValue(Span Where) : TextForm(Where)
{
    public bool Equals(AnyValue? other) => other is not null;
    public override int GetHashCode() => 4;
}

/// <summary>A bound: <c>&gt;=200kV</c>.</summary>
/// <param name="Operator">&lt; &lt;= &gt; &gt;= or =.</param>
public sealed record Comparison(string Operator, string Content, Span Where) : TextForm(Where)
{
    public bool Equals(Comparison? other) => other is not null && Operator == other.Operator && Content == other.Content;
    public override int GetHashCode() => HashCode.Combine(5, Operator, Content);
}

/// <summary>From one to another, both included: <c>10ms..1s</c>, <c>2017..</c>; at least one is there.</summary>
public sealed record Range(string? From, string? To, Span Where) : TextForm(Where)
{
    public bool Equals(Range? other) => other is not null && From == other.From && To == other.To;
    public override int GetHashCode() => HashCode.Combine(6, From, To);
}

/// <summary>What is wrong with a query, and where.</summary>
public sealed record QueryError(int Position, int Length, string Message);
