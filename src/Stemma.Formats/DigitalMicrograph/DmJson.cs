using System.Text.Json.Nodes;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// The tag tree as JSON: groups become objects, lists arrays, structs arrays of their fields. Arrays too long to keep are
/// <c>{"array": length, "type": element}</c>. Numbers that JSON cannot hold are text (<c>"NaN"</c>, <c>"Infinity"</c>).
/// </summary>
internal static class DmJson
{
    public static JsonObject Write(DmGroup root)
    {
        var names = new JsonObject();
        for (var i = 0; i < root.Entries.Count; i++)
        {
            var name = root.Entries[i].Name.Length > 0 ? root.Entries[i].Name : $"{i}";
            // A group may hold a name twice; both are kept.
            var key = name;
            for (var copy = 2; names.ContainsKey(key); copy++)
                key = $"{name} ({copy})";
            names[key] = Node(root.Entries[i].Tag);
        }

        return names;
    }

    private static JsonNode? Node(DmTag tag) => tag switch
    {
        DmGroup group when group.Entries.Count > 0 && group.Entries.TrueForAll(entry => entry.Name.Length == 0)
            => new JsonArray([.. group.Entries.Select(entry => Node(entry.Tag))]),
        DmGroup group => Write(group),
        DmText text => JsonValue.Create(text.Value),
        DmStruct structure => new JsonArray([.. structure.Fields.Select(Node)]),
        DmArray { Items: { } items } => new JsonArray([.. items.Select(Node)]),
        DmArray array => new JsonObject { ["array"] = array.Count, ["type"] = array.Element.Name },
        DmScalar scalar => Number(scalar.Value),
        _ => null,
    };

    private static JsonValue Number(object value) => value switch
    {
        float number when !float.IsFinite(number) => JsonValue.Create(number.ToString()),
        double number when !double.IsFinite(number) => JsonValue.Create(number.ToString()),
        float number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        short number => JsonValue.Create(number),
        ushort number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        uint number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        sbyte number => JsonValue.Create(number),
        byte number => JsonValue.Create(number),
        _ => throw new ArgumentException($"A tag holds no {value.GetType().Name}.", nameof(value)),
    };
}
