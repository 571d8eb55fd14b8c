using System.Globalization;
using System.Text.Json;

namespace Stemma.Hub.Search.Indexing;

/// <summary>A vendor's tree, laid flat: path of the key → value. Members of lists have the list's path.</summary>
internal static class OriginalTree
{
    /// <summary>Keys of one file that are indexed; a tree that holds more is searched in its first ones.</summary>
    public const int MostValues = 4000;

    /// <summary>Lists of more numbers than this are data, not metadata.</summary>
    private const int LongestList = 16;

    public const int LongestPath = 500;

    public static IEnumerable<(string Path, string Text, double? Number)> Flatten(JsonElement tree) => Walk(tree, "").Take(MostValues);

    /// <summary>A number in one way of writing, so that 200000, 2e5 and "200000.0" are one value.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Written(double number) => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    private static IEnumerable<(string Path, string Text, double? Number)> Walk(JsonElement element, string path)
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
            case JsonValueKind.Number:
                if (element.TryGetDouble(out var value) && double.IsFinite(value))
                    yield return (path, Written(value), value);
                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                if (TryNumber(text, out var number))
                    yield return (path, Written(number), number);
                else if (!string.IsNullOrWhiteSpace(text))
                    yield return (path, text, null);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                yield return (path, element.ValueKind == JsonValueKind.True ? "true" : "false", null);
                break;
        }
    }
}
