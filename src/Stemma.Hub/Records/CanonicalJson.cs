using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stemma.Hub.Records;

/// <summary>JSON Canonicalization Scheme (RFC 8785): one byte sequence per value, so that a digest of it means something.</summary>
public static class CanonicalJson
{
    /// <exception cref="ArgumentException">A number is not finite, or a string has a lone surrogate.</exception>
    public static byte[] Serialize(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                var separator = '{';
                // Section 3.2.3: sorted by UTF-16 code units, which is what ordinal comparison does.
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    text.Append(separator);
                    WriteString(text, name);
                    text.Append(':');
                    Write(text, value);
                    separator = ',';
                }

                text.Append(members.Count == 0 ? "{}" : "}");
                break;
            case JsonArray items:
                text.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    if (index > 0)
                        text.Append(',');
                    Write(text, items[index]);
                }

                text.Append(']');
                break;
            default:
                WriteValue(text, node.AsValue());
                break;
        }
    }

    private static void WriteValue(StringBuilder text, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                WriteNumber(text, value.Deserialize<double>());
                break;
        }
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var index = 0; index < value.Length; index++)
        {
            var character = value[index];
            if (char.IsSurrogate(character) && !(char.IsHighSurrogate(character) && index + 1 < value.Length && char.IsLowSurrogate(value[index + 1])
                || char.IsLowSurrogate(character) && index > 0 && char.IsHighSurrogate(value[index - 1])))
                throw new ArgumentException("A canonical string cannot hold a lone surrogate.");
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    /// <summary>ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20): shortest digits, exponent only below 1e-6 and from 1e21.</summary>
    private static void WriteNumber(StringBuilder text, double number)
    {
        if (!double.IsFinite(number))
            throw new ArgumentException($"A canonical number must be finite, but is {number}.");
        if (number == 0)
        {
            text.Append('0');
            return;
        }

        var (digits, point) = Split(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        if (number < 0)
            text.Append('-');
        var count = digits.Length;
        if (count <= point && point <= 21)
            text.Append(digits).Append('0', point - count);
        else if (point is > 0 and <= 21)
            text.Append(digits, 0, point).Append('.').Append(digits, point, count - point);
        else if (point is > -6 and <= 0)
            text.Append("0.").Append('0', -point).Append(digits);
        else
        {
            text.Append(digits[0]);
            if (count > 1)
                text.Append('.').Append(digits, 1, count - 1);
            text.Append('e').Append(point - 1 < 0 ? '-' : '+').Append(Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Significant digits, and the position of the decimal point counted from their start.</summary>
    private static (string Digits, int Point) Split(string shortest)
    {
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), point - leading);
    }
}
