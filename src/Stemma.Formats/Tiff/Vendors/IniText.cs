using System.Text.Json.Nodes;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>INI text: <c>[Section]</c>, <c>Key=Value</c>. Lines end with CR, LF or both.</summary>
internal static class IniText
{
    /// <summary>Sections with their keys, values as written. Keys before the first section stand in section "".</summary>
    public static JsonObject Parse(string text)
    {
        var sections = new JsonObject();
        var section = new JsonObject();
        foreach (var raw in text.Split(['\r', '\n', '\0'], StringSplitOptions.RemoveEmptyEntries))
        {
            var line = raw.Trim();
            if (line is ['[', .. var name, ']'])
            {
                if (!sections.ContainsKey(name))
                    sections[name] = new JsonObject();
                section = (JsonObject)sections[name]!;
            }
            else if (line.IndexOf('=') is > 0 and var at)
            {
                if (section.Parent is null && !sections.ContainsKey(""))
                    sections[""] = section;
                section[line[..at].Trim()] = line[(at + 1)..].Trim();
            }
        }

        return sections;
    }

    /// <summary>A value; null where the section or key is absent or the value empty.</summary>
    public static string? Value(this JsonObject sections, string section, string key) =>
        sections[section] is JsonObject keys && keys[key] is JsonValue value && value.GetValue<string>() is { Length: > 0 } text ? text : null;
}
