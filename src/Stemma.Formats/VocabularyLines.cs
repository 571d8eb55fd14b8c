using System.Globalization;
using Stemma.Formats.Tiff.Vendors;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats;

/// <summary>
/// Facts in free text (MRC labels, ImageJ's info, PNG text): what is called exactly as a term of the vocabulary is meant as that term.
/// A format's own fields say more and are never replaced.
/// </summary>
internal static class VocabularyLines
{
    private static readonly Dictionary<string, VocabularyTerm> Terms = VocabularyFile.Default.Terms
        // Pixel sizes are measured on the axes; time has its own rules.
        .Where(term => term.Name is not ("pixel_size" or "pixel_size_y" or "acquisition_time_as_written" or "acquisition_time_zone"))
        .ToDictionary(term => term.Label, StringComparer.OrdinalIgnoreCase);

    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>Maps a line such as <c>Accelerating voltage: 300 kV</c> or <c>Operator = Eva</c>.</summary>
    /// <param name="source">Where the line stands.</param>
    public static void Map(string line, string source, Acquisition acquisition)
    {
        if (line.AsSpan().IndexOfAny(':', '=') is > 0 and var at)
            Map(line[..at].Trim(), line[(at + 1)..].Trim(), source, acquisition);
    }

    /// <param name="label">What the value is called.</param>
    public static void Map(string label, string value, string source, Acquisition acquisition)
    {
        if (!Terms.TryGetValue(label, out var term) || acquisition.Values.ContainsKey(term.Name))
            return;
        if (term.Name == "acquisition_time")
            acquisition.SetTime(value, DateTime.TryParseExact(value, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, TimeSpan.Zero) : null, zoneIsKnown: false, source);
        else if (term.Type == VocabularyType.Text)
            acquisition.Set(term.Name, value, source);
        else if (Quantity.Parse(value) is var (number, unit) && Fits(unit, term.Unit))
            acquisition.Set(term.Name, Quantity.ToSi(number, unit), source);
    }

    /// <summary>Whether it is the term's unit, be it with a prefix such as k or µ. A number that should have a unit and has none says nothing.</summary>
    private static bool Fits(string unit, string? expected) =>
        unit == (expected ?? "") || (expected is not null && unit.Length == expected.Length + 1 && unit.EndsWith(expected, StringComparison.Ordinal) && unit[0] != 'e');
}
