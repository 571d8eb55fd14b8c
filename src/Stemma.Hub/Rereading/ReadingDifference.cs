using System.Globalization;
using System.Text.Json;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;
using Stemma.Hub.Search.Indexing;

namespace Stemma.Hub.Rereading;

/// <summary>
/// What came out differently when a set was read again: its images with their calibration, what was mapped, and the original metadata key by key. Pixels are compared by
/// the digests of their previews, so that of further images than those with a picture nothing is said of their pixels.
/// </summary>
internal sealed class ReadingDifference
{
    /// <summary>Changes kept of one file; all are counted.</summary>
    public const int MostKept = 100;

    private const int LongestText = 200;

    /// <summary>A tree larger than this is compared as a whole.</summary>
    private const long LargestTree = 32L << 20;

    private readonly List<ReadingChange> _kept = [];

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ReadingChange> Changes => _kept;

    public int Count { get; private set; }

    public string[] Keys => [.. _kept.Select(change => change.Key).Distinct()];

    public static ReadingDifference Between(EarlierReading before, ExtractionResult after, IReadOnlyList<WrittenArtifact> artifacts, ArtifactStore store)
    {
        var difference = new ReadingDifference();
        difference.Add("format", null, before.FormatName, after.FormatName);
        difference.CompareImages(before, after, artifacts.ToDictionary(artifact => artifact.Name));
        difference.CompareAcquisition(JsonSerializer.Deserialize<JsonElement>(before.Acquisition), after.Acquisition!.Value);
        difference.Add("warnings", null, Lines(before.Warnings), Lines(after.Warnings ?? []));
        difference.CompareOriginal(before.Artifacts.GetValueOrDefault("original"), artifacts.FirstOrDefault(artifact => artifact.Name == "original"), store);
        return difference;
    }

    private void CompareImages(EarlierReading before, ExtractionResult after, Dictionary<string, WrittenArtifact> artifacts)
    {
        var images = after.Images!;
        Add("images", null, Written(before.Images.Count), Written(images.Count));
        for (var index = 0; index < Math.Min(before.Images.Count, images.Count); index++)
        {
            var (old, now) = (before.Images[index], images[index]);
            Add("image.title", index, old.Title, now.Title);
            Add("image.shape", index, Shape(old.Shape), Shape(now.Shape));
            Add("image.pixel_type", index, old.PixelType, now.PixelType);
            Add("image.missing", index, old.Partial, now.Partial);
            CompareAxes(index, JsonSerializer.Deserialize<JsonElement>(old.Axes), now.Axes);
            foreach (var (what, artifact) in new[] { ("image.pixels", $"preview-{index}"), ("image.spectrum", $"spectrum-{index}") })
                Add(what, index, Short(before.Artifacts.GetValueOrDefault(artifact)?.Sha256), Short(artifacts.GetValueOrDefault(artifact)?.Sha256));
        }
    }

    private void CompareAxes(int image, JsonElement before, JsonElement after)
    {
        var (old, now) = (Items(before), Items(after));
        if (old.Count != now.Count)
        {
            Add("image.axes", image, Names(old), Names(now));
            return;
        }

        for (var index = 0; index < old.Count; index++)
        {
            var name = Text(now[index], "name") ?? Written(index);
            Add("image.axes", image, Text(old[index], "name"), Text(now[index], "name"));
            Add($"image.{name}.role", image, Text(old[index], "role"), Text(now[index], "role"));
            Add($"image.{name}.step", image, Quantity(old[index], "scale", "unit"), Quantity(now[index], "scale", "unit"));
            Add($"image.{name}.offset", image, Quantity(old[index], "offset", "unit"), Quantity(now[index], "offset", "unit"));
            Add($"image.{name}.coordinates", image, Raw(old[index], "coordinates"), Raw(now[index], "coordinates"));
        }
    }

    private void CompareAcquisition(JsonElement before, JsonElement after)
    {
        var (old, now) = (Members(before), Members(after));
        foreach (var term in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (was, isNow) = (old.GetValueOrDefault(term), now.GetValueOrDefault(term));
            Add($"acquisition.{term}", null, Quantity(was, "value", "unit"), Quantity(isNow, "value", "unit"));
            if (was.ValueKind == JsonValueKind.Object && isNow.ValueKind == JsonValueKind.Object)
                Add($"acquisition.{term}.source", null, Text(was, "source"), Text(isNow, "source"));
        }
    }

    private void CompareOriginal(EarlierArtifact? before, WrittenArtifact? after, ArtifactStore store)
    {
        if (before is null || after is null)
        {
            if (!(before is null && after is null))
                Add("original", null, before is null ? null : "there", after is null ? null : "there");
            return;
        }

        if (before.Sha256.AsSpan().SequenceEqual(after.Sha256))
            return;
        var counted = Count;
        // One that was lost is made again by this reading; nobody can say what it was.
        if (store.Find(before.Sha256, before.Size) is { } oldPath && store.Find(after.Sha256, after.Size) is { } newPath && Math.Max(before.Size, after.Size) <= LargestTree)
        {
            var (old, now) = (Flat(oldPath), Flat(newPath));
            foreach (var key in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
                Add($"original.{key}", null, old.GetValueOrDefault(key), now.GetValueOrDefault(key));
        }

        if (Count == counted)
            Add("original", null, Short(before.Sha256), Short(after.Sha256)); // In lists of numbers, or beyond what is told apart by key.
    }

    private static Dictionary<string, string> Flat(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 320 });
        return OriginalTree.Flatten(document.RootElement).GroupBy(value => value.Path, value => value.Text).ToDictionary(key => key.Key, key => string.Join(", ", key));
    }

    private void Add(string key, int? image, string? before, string? after)
    {
        // As the database keeps texts; and long ones may differ beyond what is kept of them.
        (before, after) = (SqlText.Clean(before), SqlText.Clean(after));
        if (before == after)
            return;
        Count++;
        if (_kept.Count < MostKept)
            _kept.Add(new ReadingChange(SqlText.Clean(key), image, Cut(before), Cut(after)));
    }

    private static string? Cut(string? text) => text is null || text.Length <= LongestText ? text : SqlText.Clean(text[..(LongestText - 1)]) + "…";

    private static string? Lines(string[] words) => words.Length == 0 ? null : string.Join(" ", words);

    private static string? Lines(IEnumerable<string> words) => Lines([.. words.Select(SqlText.Clean)!]);

    private static string Shape(long[] shape) => string.Join(" × ", shape.Select(Written));

    private static string Written(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Short(byte[]? sha256) => sha256 is null ? null : Convert.ToHexStringLower(sha256.AsSpan(0, 4));

    private static List<JsonElement> Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string Names(IEnumerable<JsonElement> axes) => string.Join(", ", axes.Select(axis => Text(axis, "name") ?? "?"));

    private static Dictionary<string, JsonElement> Members(JsonElement of)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (of.ValueKind == JsonValueKind.Object)
            foreach (var member in of.EnumerateObject())
                members[SqlText.Clean(member.Name)] = member.Value;
        return members;
    }

    private static string? Text(JsonElement of, string member) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) ? Words(value) : null;

    private static string? Raw(JsonElement of, string member) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
        ? string.Join(", ", value.EnumerateArray().Select(Words)) : null;

    private static string? Quantity(JsonElement of, string value, string unit) =>
        Text(of, value) is not { } number ? null : Text(of, unit) is { Length: > 0 } unitWord ? $"{number} {unitWord}" : number;

    /// <summary>Numbers in one way of writing: the database writes them its own way.</summary>
    private static string? Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetDouble(out var number) => OriginalTree.Written(number),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => value.GetRawText(),
    };
}
