using System.Globalization;
using System.Text.Json;
using Stemma.Hub.Search.Fields;

namespace Stemma.Hub.Search.Indexing;

/// <summary>Makes the document of a file set: which words and values it is found by. No database.</summary>
internal static class DocumentBuilder
{
    /// <summary>Texts of the original tree that are longer than this give their first words only.</summary>
    private const int LongestText = 2000;

    private static readonly Dictionary<string, SearchField> Terms = SearchFields.All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <param name="original">The vendor's tree; null where there is none, or it was lost.</param>
    public static Document Build(IndexedFileSet set, JsonElement? original)
    {
        var document = new Document(set);
        AddNames(document);
        AddTags(document);
        AddAcquisition(document);
        AddKind(document);
        AddPeople(document);
        if (original is { } tree)
            AddOriginal(document, tree);
        AddHas(document);
        return document;
    }

    /// <summary>Found by nothing but its names: of a set whose rest cannot be taken in.</summary>
    public static Document ByName(IndexedFileSet set)
    {
        var document = new Document(set);
        AddNames(document);
        return document;
    }

    private static void AddNames(Document document)
    {
        document.Words.AddText(document.Set.Name, "n/");
        foreach (var path in document.Set.Paths)
            if (path != document.Set.Name)
                document.Words.AddText(path, "n/");
        foreach (var title in document.Set.Titles)
            document.Words.AddText(title, "n/");
    }

    private static void AddTags(Document document)
    {
        foreach (var tag in document.Set.Tags)
            if (Folding.FoldValue(tag) is { Length: > 0 } folded)
            {
                document.Tags.Add(tag);
                document.Words.AddExact($"tag={folded}");
                document.Words.AddText(tag, "tag/");
            }
    }

    private static void AddAcquisition(Document document)
    {
        if (document.Set.Acquisition is not { } text)
            return;
        using var acquisition = JsonDocument.Parse(text);
        foreach (var term in acquisition.RootElement.EnumerateObject())
        {
            if (!term.Value.TryGetProperty("value", out var value))
                continue;
            if (term.Name == "acquisition_time")
            {
                if (value.ValueKind == JsonValueKind.String && TryMoment(value.GetString()!, out var moment))
                    document.AcquiredAt = moment;
            }
            else if (Terms.TryGetValue(term.Name, out var field))
                Add(document, field, value);
        }
    }

    private static void Add(Document document, SearchField field, JsonElement value)
    {
        if (field.Kind == SearchFieldKind.Number && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
            document.Numbers[field.Name] = number;
        else if (field.Kind is SearchFieldKind.Value or SearchFieldKind.Words && value.ValueKind == JsonValueKind.String)
            AddValue(document, field, value.GetString()!);
    }

    private static void AddValue(Document document, SearchField field, string text)
    {
        if (Folding.FoldValue(text) is not { Length: > 0 } folded)
            return;
        document.Words.AddText(text, $"{field.Name}/");
        if (field.Kind != SearchFieldKind.Value)
            return;
        document.Words.AddExact($"{field.Name}={folded}");
        document.Values[field.Name] = text;
    }

    private static void AddKind(Document document)
    {
        if (document.Set.FormatName is { } format)
        {
            // "DigitalMicrograph 3, little-endian": what is counted is the format, not its variants.
            AddValue(document, Terms[SearchFields.Format], format.Split(',')[0]);
            document.Words.AddExact($"format/{document.Set.Format}");
        }

        if (document.Set.Axes is not { } text)
            return;
        using var axes = JsonDocument.Parse(text);
        AddValue(document, Terms[SearchFields.Kind], ImageKind.Of(axes.RootElement));
        if (axes.RootElement.EnumerateArray().Any(axis => axis.TryGetProperty("scale", out var scale) && scale.ValueKind == JsonValueKind.Number))
            document.Words.AddExact("has=calibration");
    }

    private static void AddPeople(Document document)
    {
        foreach (var mark in document.Set.Marks)
            document.Words.AddText(mark, "mark/");
        if (document.Set.Marks.Length > 0)
            document.Words.AddExact("has=annotation");
        PeopleWords.Add(document.Words, document.Set.Remarks, document.Set.Fields);
    }

    private static void AddOriginal(Document document, JsonElement tree)
    {
        foreach (var (path, text, number) in OriginalTree.Flatten(tree))
        {
            document.Original.Add((path, number is null ? Folding.FoldValue(text) : text, number));
            if (number is null)
                document.Words.AddText(text.Length <= LongestText ? text : text[..LongestText]);
            else if (number > 1 && path.EndsWith("openslide.level-count", StringComparison.OrdinalIgnoreCase))
                document.Words.AddExact("has=pyramid");
        }
    }

    private static void AddHas(Document document)
    {
        var set = document.Set;
        foreach (var (word, holds) in new[]
        {
            ("acquisition", document.Values.Keys.Any(Terms.ContainsKey) && document.Numbers.Count > 0), ("original", document.Original.Count > 0), ("image", set.Axes is not null),
            ("preview", set.Artifacts.Any(name => name.StartsWith("preview-", StringComparison.Ordinal))), ("spectrum", set.Artifacts.Any(name => name.StartsWith("spectrum-", StringComparison.Ordinal))),
            ("tag", document.Tags.Count > 0), ("warning", set.HasWarnings), ("problem", set.Reading is "failed" || set.IsPartial), ("date", document.AcquiredAt is not null),
        })
            if (holds)
                document.Words.AddExact($"has={word}");
    }

    // Without a zone the instrument's local time is compared as it stands.
    private static bool TryMoment(string text, out DateTime moment) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment) && moment.Year > 1;
}
