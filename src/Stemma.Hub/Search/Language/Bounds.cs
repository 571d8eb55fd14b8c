namespace Stemma.Hub.Search.Language;

/// <summary>What a number or an instant must be: at least, at most, with or without the bound itself. Null: no bound.</summary>
/// <typeparam name="T">Numbers in the field's unit, or instants.</typeparam>
public readonly record struct Bounds<T>(T? From, bool IncludesFrom, T? To, bool IncludesTo) where T : struct;

/// <summary>Reads a value of a query as bounds of a number or an instant.</summary>
public static class Bounds
{
    /// <summary>A single number means all that rounds to it, as far as it was written: <c>0.10nm</c> is 0.095 nm to 0.105 nm.</summary>
    /// <param name="unit">The field's unit.</param>
    /// <exception cref="QueryException">The value is no number with such a unit.</exception>
    public static Bounds<double> OfNumber(TextForm form, string? unit) => OfNumber(form, text =>
        Quantity.TryParse(text, unit, out var value, out var half, out var problem) ? (value, half) : throw new QueryException(form.Where, problem));

    /// <param name="number">Reads a number with its unit, with half of its last digit.</param>
    internal static Bounds<double> OfNumber(TextForm form, Func<string, (double Value, double Half)> number)
    {
        switch (form)
        {
            case Comparison { Operator: "<" } below:
                return new(null, false, number(below.Content).Value, false);
            case Comparison { Operator: "<=" } atMost:
                return new(null, false, Up(number(atMost.Content)), true);
            case Comparison { Operator: ">" } above:
                return new(number(above.Content).Value, false, null, false);
            case Comparison { Operator: ">=" } atLeast:
                return new(Down(number(atLeast.Content)), true, null, false);
            case Range range:
                // The unit of the second end counts for the first too: 10..20kV.
                var to = range.To is null ? ((double, double)?)null : number(range.To);
                var from = range.From is null ? ((double, double)?)null : number(WithUnitOf(range.From, range.To));
                return new(from is { } low ? Down(low) : null, true, to is { } high ? Up(high) : null, true);
            default:
                var (value, half) = number(Content(form));
                return new(value - half, true, value + half, true);
        }
    }

    /// <summary>A year means all of it; a range ends with its second date.</summary>
    /// <exception cref="QueryException">The value is no date.</exception>
    public static Bounds<DateTime> OfMoment(TextForm form, DateTime now) => form switch
    {
        Comparison { Operator: "<" } below => new(null, false, Moment(below.Content, form, now).Start, false),
        Comparison { Operator: "<=" } atMost => new(null, false, Moment(atMost.Content, form, now).End, false),
        Comparison { Operator: ">" } above => new(Moment(above.Content, form, now).End, true, null, false),
        Comparison { Operator: ">=" } atLeast => new(Moment(atLeast.Content, form, now).Start, true, null, false),
        Range range => new(range.From is null ? null : Moment(range.From, form, now).Start, true, range.To is null ? null : Moment(range.To, form, now).End, false),
        _ => Moment(Content(form), form, now) is var (start, end) ? new(start, true, end, false) : default,
    };

    private static (DateTime Start, DateTime End) Moment(string text, TextForm form, DateTime now) =>
        Moments.TryParse(text, now, out var start, out var end, out var problem) ? (start, end) : throw new QueryException(form.Where, problem);

    // A bound that is included takes what differs by the rounding of a file's binary number only.
    private static double Up((double Value, double Half) number) => number.Value + (Math.Abs(number.Value) * 1e-9);

    private static double Down((double Value, double Half) number) => number.Value - (Math.Abs(number.Value) * 1e-9);

    private static string WithUnitOf(string from, string? to)
    {
        if (to is null || from.Length == 0 || !(char.IsAsciiDigit(from[^1]) || from[^1] == '.'))
            return from;
        var unit = to.AsSpan().TrimStart("+-0123456789.");
        return unit is ['e' or 'E', var next, ..] && (char.IsAsciiDigit(next) || next is '+' or '-') ? from : from + unit.ToString();
    }

    private static string Content(TextForm form) => form switch
    {
        Word word => word.Content,
        Phrase phrase => phrase.Content,
        Comparison equal => equal.Content,
        _ => throw new QueryException(form.Where, "A number or a date cannot be asked for by its beginning. Write a range instead: 2017..2018, or >=200kV."),
    };
}

/// <summary>A query that was read but cannot be asked: no such field, no such unit.</summary>
public sealed class QueryException(Span where, string message) : Exception(message)
{
    public QueryError Error { get; } = new(where.Start, where.Length, message);
}
