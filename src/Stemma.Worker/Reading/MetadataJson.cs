using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stemma.Worker.Reading;

/// <summary>
/// Writes original metadata as JSON whatever a file put into it: numbers that are not finite become words, halves of surrogate pairs become U+FFFD,
/// and what is nested too deeply is named and left out.
/// </summary>
public static class MetadataJson
{
    private const int Deepest = 200;

    public static JsonWriterOptions Options(bool indented) =>
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented, MaxDepth = Deepest + 100 };

    public static void Write(Utf8JsonWriter writer, JsonNode? node) => Write(writer, node, 0);

    private static void Write(Utf8JsonWriter writer, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject or JsonArray when depth >= Deepest:
                writer.WriteStringValue($"(left out: nested more than {Deepest} deep)");
                break;
            case JsonObject tree:
                writer.WriteStartObject();
                foreach (var (name, value) in tree)
                {
                    writer.WritePropertyName(Clean(name));
                    Write(writer, value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in list)
                    Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            case JsonValue value:
                Write(writer, value);
                break;
        }
    }

    /// <summary>A value as a person reads it.</summary>
    public static string Text(JsonNode? value) => value is JsonValue single && Words(single) is { } words ? words : value?.ToString() ?? "";

    private static void Write(Utf8JsonWriter writer, JsonValue value)
    {
        if (Words(value) is { } words)
            writer.WriteStringValue(words);
        else
            value.WriteTo(writer);
    }

    // Null for what JSON can say as it is.
    private static string? Words(JsonValue value) =>
        value.TryGetValue<string>(out var text) ? Clean(text)
        : value.TryGetValue<char>(out var letter) ? Clean(letter.ToString())
        : value.TryGetValue<double>(out var number) && !double.IsFinite(number) ? number.ToString()
        : value.TryGetValue<float>(out var single) && !float.IsFinite(single) ? single.ToString()
        : null;

    private static string Clean(string text)
    {
        for (var index = 0; index < text.Length; index++)
            if (char.IsSurrogate(text[index]) && !(index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1])))
                return string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
            else if (char.IsHighSurrogate(text[index]))
                index++;
        return text;
    }
}
