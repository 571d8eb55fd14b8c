using System.Text.Json.Nodes;

namespace Stemma.Hub.Records;

/// <summary>How values are written in event bodies.</summary>
internal static class EventText
{
    /// <summary>An instant in UTC, to the microsecond.</summary>
    public static JsonNode? Time(DateTime? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");

    public static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];
}
