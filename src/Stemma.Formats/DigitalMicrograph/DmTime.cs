using System.Globalization;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// Acquisition times. DM writes date and time in the user's locale ("27.08.2016", "9/16/2021", "12:06:16 PM") without a zone, and newer
/// versions beside it the instant in 100 ns since 1601 UTC. The two together give the order of day and month, and the zone.
/// </summary>
internal static class DmTime
{
    private static readonly string[] DayFirst = ["d.M.yyyy", "d/M/yyyy", "d-M-yyyy"];
    private static readonly string[] MonthFirst = ["M/d/yyyy", "M-d-yyyy"];
    private static readonly string[] YearFirst = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d"];
    private static readonly string[] Times = ["H:mm:ss", "h:mm:ss tt", "H:mm", "h:mm tt", "H.mm.ss"];

    /// <param name="fileTime">100 ns since 1601 UTC, where the file has it.</param>
    /// <returns>The instant and whether its zone is known; null where day and month cannot be told apart, or nothing fits.</returns>
    public static (DateTimeOffset Instant, bool ZoneIsKnown)? Understand(string date, string time, double? fileTime)
    {
        if (!DateTime.TryParseExact(time.Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var clock))
            return null;
        var candidates = new List<DateTime>();
        foreach (var formats in new[] { YearFirst, DayFirst, MonthFirst })
            if (DateTime.TryParseExact(date.Trim(), formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && !candidates.Contains(day + clock.TimeOfDay))
                candidates.Add(day + clock.TimeOfDay);

        if (fileTime is > 1e17 and < 2.65e18)
        {
            var instant = DateTime.FromFileTimeUtc((long)fileTime);
            foreach (var local in candidates)
                if (Zone(local - instant) is { } zone)
                    return (new DateTimeOffset(local, zone), true);
        }

        // "8/9/2016" is September in Europe and August in America, where the clock says AM and PM.
        if (candidates.Count == 2 && time.TrimEnd().EndsWith('M'))
            candidates.RemoveAt(0);
        return candidates.Count == 1 ? (new DateTimeOffset(candidates[0], TimeSpan.Zero), false) : null;
    }

    /// <summary>Zones are multiples of a quarter of an hour between −12 h and +14 h; the two clocks are read within a minute of each other.</summary>
    private static TimeSpan? Zone(TimeSpan difference)
    {
        var quarters = Math.Round(difference.TotalMinutes / 15);
        return quarters is >= -48 and <= 56 && Math.Abs(difference.TotalMinutes - 15 * quarters) < 1 ? TimeSpan.FromMinutes(15 * quarters) : null;
    }
}
