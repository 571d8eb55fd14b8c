using System.Text.Json.Nodes;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Worker.Reading;

/// <summary>Axes and acquisitions as JSON, the same for <c>stemma inspect</c> and for the hub.</summary>
public static class WireDescription
{
    /// <summary>Array order; scale, offset and unit are null on an axis that is not calibrated; coordinates only where the spacing is irregular.</summary>
    public static JsonArray Axes(ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [.. image.Axes.Select(axis =>
        {
            var json = new JsonObject
            {
                ["name"] = axis.Name, ["role"] = axis.Role == AxisRole.Navigation ? "navigation" : "signal", ["size"] = axis.Size,
                ["scale"] = Finite(axis.Scale), ["offset"] = Finite(axis.Offset), ["unit"] = axis.Unit,
            };
            if (axis.Coordinates is { } coordinates)
                json["coordinates"] = new JsonArray([.. coordinates.Select(value => Finite(value))]);
            return (JsonNode)json;
        })];
    }

    /// <summary>Term → {value, unit, source}.</summary>
    public static JsonObject Acquisition(Acquisition acquisition)
    {
        ArgumentNullException.ThrowIfNull(acquisition);
        return new JsonObject(acquisition.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject
        {
            ["value"] = pair.Value.Value.DeepClone(), ["unit"] = pair.Value.Unit, ["source"] = pair.Value.Source,
        })));
    }

    private static JsonValue? Finite(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}
