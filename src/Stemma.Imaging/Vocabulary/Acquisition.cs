using System.Globalization;
using System.Text.Json.Nodes;

namespace Stemma.Imaging.Vocabulary;

/// <summary>
/// The mapped record of how a file set was acquired: vocabulary term → value with unit and source key.
/// Only terms of the <see cref="VocabularyFile"/> enter; numbers are in the term's unit.
/// </summary>
public sealed class Acquisition
{
    private readonly SortedDictionary<string, AcquiredValue> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, AcquiredValue> Values => _values;

    /// <summary>Sets a number, already in the term's unit. Values that are not finite are left out: they are not recorded.</summary>
    public void Set(string term, double? value, string source)
    {
        if (value is { } number && double.IsFinite(number))
            _values[Term(term, VocabularyType.Number).Name] = new AcquiredValue(JsonValue.Create(number), Term(term, VocabularyType.Number).Unit, source);
    }

    /// <summary>Sets a text; empty or blank text is left out.</summary>
    public void Set(string term, string? value, string source)
    {
        if (!string.IsNullOrWhiteSpace(value))
            _values[Term(term, VocabularyType.Text).Name] = new AcquiredValue(JsonValue.Create(value.Trim()), null, source);
    }

    /// <summary>
    /// Sets an instant from the file's own words. Kept are the text as written, the ISO 8601 reading of it, and the assumption made:
    /// instrument clocks rarely say their zone, so without one the local time is given without an offset.
    /// </summary>
    public void SetTime(string? asWritten, DateTimeOffset? understood, bool zoneIsKnown, string source)
    {
        Set("acquisition_time_as_written", asWritten, source);
        if (understood is not { } time)
            return;
        Set("acquisition_time", zoneIsKnown
            ? time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture)
            : time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture), source);
        Set("acquisition_time_zone", zoneIsKnown ? "recorded" : "not recorded", source);
    }

    private static VocabularyTerm Term(string name, VocabularyType type)
    {
        var term = VocabularyFile.Default[name];
        return term.Type == type ? term : throw new ArgumentException($"The term '{name}' is a {term.Type}, not a {type}.", nameof(name));
    }
}
