using Stemma.Imaging.Vocabulary;

namespace Stemma.Hub.Search.Fields;

/// <summary>All fields that can stand before a colon: a few of the catalog's own, and the terms of the vocabulary.</summary>
public static class SearchFields
{
    public const string Name = "name", Tag = "tag", In = "in", By = "by", Has = "has", Date = "date", Added = "added", Size = "size", Format = "format", Kind = "kind";

    /// <summary>Names beginning so ask for a key of the original metadata.</summary>
    public const string Original = "original.";

    private static readonly HashSet<string> Time = ["acquisition_time", "acquisition_time_as_written", "acquisition_time_zone"];
    private static readonly Dictionary<string, SearchField> Named = new(StringComparer.Ordinal);

    static SearchFields()
    {
        All =
        [
            new(Name, "Name", "Words of a file's name and path.", SearchFieldKind.Words, null, "name", ["path", "file"]),
            new(Tag, "Tag", "A tag of the file, or of what it lies in.", SearchFieldKind.Value, null, "tags", ["tags"]),
            new(In, "In", "Where a file lies: a project, collection, dataset or space, by its path of names.", SearchFieldKind.Special, null, null, ["project", "collection", "dataset"]),
            new(By, "By", "Who recorded or deposited it: a name, an alias as instruments write it, a login.", SearchFieldKind.Special, null, null, ["person", "owner"]),
            new(Has, "Has", "Files that have something.", SearchFieldKind.Special, null, null, []),
            new(Date, "Date", "When it was recorded, by the instrument's clock.", SearchFieldKind.Moment, null, "acquired_at", ["acquisition_time", "time", "recorded", "timestamp"]),
            new(Added, "Added", "When it was deposited.", SearchFieldKind.Moment, null, "added_at", ["deposited", "uploaded"]),
            new(Size, "Size", "Size of its files.", SearchFieldKind.Number, "B", "size", []),
            new(Format, "Format", "Format of the file.", SearchFieldKind.Value, null, "format", ["type"]),
            new(Kind, "Kind of image", "Image, volume, spectrum image, 4D-STEM …", SearchFieldKind.Value, null, "kind", ["kind_of_image"]),
            .. VocabularyFile.Default.Terms.Where(term => !Time.Contains(term.Name)).Select(term => new SearchField(
                term.Name, term.Label, term.Meaning,
                term.Type == VocabularyType.Number ? SearchFieldKind.Number : term.Name == "comment" ? SearchFieldKind.Words : SearchFieldKind.Value,
                term.Unit, term.Name == "comment" ? null : term.Name, [.. term.Synonyms.Select(AsName)])),
        ];
        Values = [.. All.Where(field => field.Kind == SearchFieldKind.Value && field.Name != Tag)];
        Numbers = [.. All.Where(field => field.Kind == SearchFieldKind.Number && field.Name != Size)];
        foreach (var field in All)
            Named.TryAdd(field.Name, field);
        foreach (var field in All)
            foreach (var synonym in field.Synonyms)
                Named.TryAdd(synonym, field);
    }

    /// <summary>In the order in which people want to see them.</summary>
    public static IReadOnlyList<SearchField> All { get; }

    /// <summary>Fields whose values are counted, by their column.</summary>
    public static IReadOnlyList<SearchField> Values { get; }

    /// <summary>Numbers of the vocabulary, each with a column of its own.</summary>
    public static IReadOnlyList<SearchField> Numbers { get; }

    /// <summary>The field of a name or a synonym; null where there is none.</summary>
    public static SearchField? Find(string name) => Named.GetValueOrDefault(AsName(name));

    private static string AsName(string text) => text.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
