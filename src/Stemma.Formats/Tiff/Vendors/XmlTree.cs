using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>XML blocks of vendors: safe parsing, and the same tree as JSON.</summary>
internal static class XmlTree
{
    /// <summary>Arrays of repeated elements double the depth in JSON, whose readers commonly stop at 64.</summary>
    private const int DeepestNesting = 28;

    /// <summary>More siblings of one name than this are counted, not listed.</summary>
    private const int MostSiblings = 1000;

    /// <summary>Parses without document type definitions or external entities; null where the text is not well formed or too deep.</summary>
    public static XElement? TryParse(string text)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };
            using (var check = XmlReader.Create(new StringReader(text), settings))
                while (check.Read())
                    if (check.Depth > DeepestNesting)
                        return null;
            using var reader = XmlReader.Create(new StringReader(text), settings);
            return XDocument.Load(reader).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>An element as JSON: text where it has nothing else, else an object of its attributes and children; repeated children become arrays.</summary>
    public static JsonNode ToJson(XElement element)
    {
        if (!element.HasElements && !element.Attributes().Any(attribute => !attribute.IsNamespaceDeclaration))
            return JsonValue.Create(element.Value)!;
        var json = new JsonObject();
        foreach (var attribute in element.Attributes())
            if (!attribute.IsNamespaceDeclaration)
                json[attribute.Name.LocalName] = attribute.Value;
        if (!element.HasElements && element.Value.Length > 0)
            json["#text"] = element.Value;
        foreach (var group in element.Elements().GroupBy(child => child.Name.LocalName))
        {
            var name = json.ContainsKey(group.Key) ? group.Key + " (element)" : group.Key;
            var count = group.Count();
            if (count == 1)
                json[name] = ToJson(group.First());
            else
                json[name] = new JsonArray([.. group.Take(MostSiblings).Select(ToJson), .. count > MostSiblings ? [JsonValue.Create($"… {count} in all")] : Array.Empty<JsonNode?>()]);
        }

        return json;
    }

    /// <summary>The first descendant (or child path) by local names; null where there is none.</summary>
    public static XElement? Path(this XElement? element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            element = element?.Elements().FirstOrDefault(child => child.Name.LocalName == name);
        return element;
    }

    /// <summary>An attribute's value; null where it is absent or empty.</summary>
    public static string? Value(this XElement? element, string attribute) =>
        element?.Attribute(attribute)?.Value is { Length: > 0 } value ? value : null;
}
