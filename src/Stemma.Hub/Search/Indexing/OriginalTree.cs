using System.Globalization;
using System.Text.Json;
using Stemma.Hub.Extraction;

namespace Stemma.Hub.Search.Indexing;

/// <summary>A vendor's tree, laid flat: path of the key → value. Members of lists have the list's path.</summary>
internal static class OriginalTree
{
    /// <summary>Keys of one file that are indexed; a tree that holds more is searched in its first ones.</summary>
    public const int MostValues = 4000;

    /// <summary>Lists of more numbers than this are data, not metadata.</summary>
    private const int LongestList = 16;

    public const int LongestPath = 500;

    public static IEnumerable<(string Path, string Text, double? Number)> Flatten(JsonElement tree) => Leaves(tree).SelectMany(leaf => Values(leaf.Path, leaf.Value)).Take(MostValues);

    /// <summary>The vendor's tree of a file set.</summary>
    /// <returns>Null where there is none, or it was lost: it is made again, which queues the set anew.</returns>
    /// <exception cref="JsonException">It cannot be understood.</exception>
    public static JsonElement? Load(ArtifactStore artifacts, byte[]? sha256, long size)
    {
        if (sha256 is null || artifacts.Find(sha256, size) is not { } path)
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 320 });
        return document.RootElement.Clone();
    }

    /// <summary>Every text, number and truth value of a tree, in its order, under the path of its key.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Leaves(JsonElement tree) => Walk(tree, "");

    /// <summary>A number in one way of writing, so that 200000, 2e5 and "200000.0" are one value.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Written(double number) => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    private static IEnumerable<(string Path, JsonElement Value)> Walk(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                    if (inner.Length <= LongestPath)
                        foreach (var found in Walk(member.Value, inner))
                            yield return found;
                }

                break;
            case JsonValueKind.Array:
                if (element.GetArrayLength() > LongestList && element[0].ValueKind == JsonValueKind.Number)
                    yield break;
                foreach (var item in element.EnumerateArray())
                    foreach (var found in Walk(item, path))
                        yield return found;
                break;
            case JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                yield return (path, element);
                break;
        }
    }

    private static IEnumerable<(string Path, string Text, double? Number)> Values(string path, JsonElement leaf)
    {
        switch (leaf.ValueKind)
        {
            case JsonValueKind.Number:
                if (leaf.TryGetDouble(out var value) && double.IsFinite(value))
                    yield return (path, Written(value), value);
                break;
            case JsonValueKind.String:
                var text = leaf.GetString()!;
                if (TryNumber(text, out var number))
                    yield return (path, Written(number), number);
                else if (!string.IsNullOrWhiteSpace(text))
                    yield return (path, text, null);
                break;
            default:
                yield return (path, leaf.ValueKind == JsonValueKind.True ? "true" : "false", null);
                break;
        }
    }
}
