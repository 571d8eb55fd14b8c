using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stemma.Hub.Search.Language;

/// <summary>Dates as people type them: each is an interval, as long as what was left out.</summary>
public static class Moments
{
    /// <param name="text"><c>2017</c>, <c>2017-03</c>, <c>2017-03-14</c>, <c>2017-03-14T12:30</c>, <c>today</c>, <c>yesterday</c>; in UTC.</param>
    /// <param name="start">Its first instant.</param>
    /// <param name="end">The first instant after it.</param>
    public static bool TryParse(string text, DateTime now, out DateTime start, out DateTime end, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (start, end) = text.Trim().ToLowerInvariant() switch
        {
            "today" => (now.Date, now.Date.AddDays(1)),
            "yesterday" => (now.Date.AddDays(-1), now.Date),
            var written when Read(written, "yyyy") is { } year => (year, year.Year == 9999 ? DateTime.MaxValue : year.AddYears(1)),
            var written when Read(written, "yyyy-MM") is { } month => (month, month is { Year: 9999, Month: 12 } ? DateTime.MaxValue : month.AddMonths(1)),
            var written when Read(written, "yyyy-MM-dd") is { } day => (day, day.Date == DateTime.MaxValue.Date ? DateTime.MaxValue : day.AddDays(1)),
            var written when Read(written, "yyyy-MM-dd't'HH:mm") is { } minute => (minute, minute.AddTicks(Math.Min(TimeSpan.TicksPerMinute, DateTime.MaxValue.Ticks - minute.Ticks))),
            var written when Read(written, "yyyy-MM-dd't'HH:mm:ss") is { } second => (second, second.AddTicks(Math.Min(TimeSpan.TicksPerSecond, DateTime.MaxValue.Ticks - second.Ticks))),
            _ => default,
        };
        start = DateTime.SpecifyKind(start, DateTimeKind.Utc);
        end = DateTime.SpecifyKind(end, DateTimeKind.Utc);
        problem = end == default ? $"\"{text}\" is no date. Write a year, a month, a day or a minute as 2017, 2017-03, 2017-03-14 or 2017-03-14T12:30; today and yesterday are understood too." : null;
        return problem is null;
    }

    private static DateTime? Read(string text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
}
