namespace Stemma.Hub.Search.Fields;

/// <summary>How a field is asked for.</summary>
public enum SearchFieldKind
{
    /// <summary>Text of which the whole value is counted beside the results: an instrument.</summary>
    Value,
    /// <summary>Text that is found by its words only: a comment.</summary>
    Words,
    /// <summary>A number in the field's unit.</summary>
    Number,
    /// <summary>An instant.</summary>
    Moment,
    /// <summary>One of a few words, each with a meaning of its own: in, by, has.</summary>
    Special,
}

/// <summary>What stands before a colon.</summary>
/// <param name="Name">As it is written in a query: <c>accelerating_voltage</c>.</param>
/// <param name="Label">As a person reads it.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Unit">The unit in which numbers are kept; null for pure numbers and text.</param>
/// <param name="Column">Of <c>search_documents</c>; null where the field has lexemes only.</param>
/// <param name="Synonyms">Other names under which it may be asked for.</param>
public sealed record SearchField(string Name, string Label, string Meaning, SearchFieldKind Kind, string? Unit, string? Column, IReadOnlyList<string> Synonyms);
