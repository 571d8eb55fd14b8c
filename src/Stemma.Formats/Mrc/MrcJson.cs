using System.Text;
using System.Text.Json.Nodes;

namespace Stemma.Formats.Mrc;

/// <summary>Numbers and texts of a header as JSON.</summary>
internal static class MrcJson
{
    /// <summary>JSON has no NaN: such numbers become text.</summary>
    public static JsonValue Number(float value) => float.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString());

    public static JsonValue Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString());

    /// <summary>Text of fixed length: up to the first NUL, without the blanks behind it.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd();
    }
}
