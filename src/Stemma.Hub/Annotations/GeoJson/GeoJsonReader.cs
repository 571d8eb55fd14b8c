using System.Text.Json;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations.GeoJson;

/// <summary>
/// Annotations from GeoJSON in pixels: from <see cref="GeoJsonWriter"/>, QuPath, or anything that writes RFC 7946. What has several parts becomes several annotations.
/// A label is the property <c>name</c> (or <c>label</c>); tags are <c>tags</c>, else the name of QuPath's <c>classification</c>.
/// </summary>
internal static class GeoJsonReader
{
    /// <exception cref="Problem">400: it is no GeoJSON, or has something that no annotation can hold; it says which feature.</exception>
    public static IReadOnlyList<NewAnnotation> Read(JsonElement root)
    {
        var type = Text(root, "type");
        if (Member(root, GeoJsonWriter.Stemma) is { } ours && Text(ours, "coordinates") == GeoJsonWriter.Calibrated)
            throw Problem.Invalid("This GeoJSON has calibrated coordinates, and annotations are read in pixels. Export it with ?coordinates=pixel.");
        JsonElement[] features = type switch
        {
            "FeatureCollection" when Member(root, "features") is { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
            "Feature" => [root],
            _ => throw Problem.Invalid($"GeoJSON of type FeatureCollection (with features) or Feature is expected, but its type is {(type is null ? "missing" : $"\"{type}\"")}."),
        };
        return [.. features.SelectMany(Feature)];
    }

    private static IEnumerable<NewAnnotation> Feature(JsonElement feature, int index)
    {
        var where = $"Feature {index}";
        if (Member(feature, "geometry") is not { ValueKind: JsonValueKind.Object } geometry)
            throw Problem.Invalid($"{where} must have a geometry.");
        var properties = Member(feature, "properties") is { ValueKind: JsonValueKind.Object } given ? given : default;
        var shapes = Shapes(geometry, where);
        if (shapes.Count == 1 && AsDrawn(properties, shapes[0].Points) is { } drawn)
            shapes = [drawn];
        return shapes.Select(shape => new NewAnnotation(shape.Kind, shape.Points, Plane(properties), Text(properties, "name") ?? Text(properties, "label"), Tags(properties), Text(properties, "note")));
    }

    private static List<(AnnotationKind Kind, double[] Points)> Shapes(JsonElement geometry, string where)
    {
        var type = Text(geometry, "type");
        if (Member(geometry, "coordinates") is not { ValueKind: JsonValueKind.Array } coordinates)
            throw Problem.Invalid($"{where}: its geometry must have coordinates; of type {type ?? "nothing"} there are none.");
        return type switch
        {
            "Point" => [(AnnotationKind.Point, Position(coordinates, where))],
            "MultiPoint" => [.. coordinates.EnumerateArray().Select(point => (AnnotationKind.Point, Position(point, where)))],
            "LineString" => [Line(coordinates, where)],
            "MultiLineString" => [.. coordinates.EnumerateArray().Select(line => Line(line, where))],
            "Polygon" => [Polygon(coordinates, where)],
            "MultiPolygon" => [.. coordinates.EnumerateArray().Select(polygon => Polygon(polygon, where))],
            _ => throw Problem.Invalid($"{where}: a geometry is Point, LineString, Polygon, or Multi… of one of them, but this one is \"{type}\"."),
        };
    }

    private static (AnnotationKind, double[]) Line(JsonElement line, string where)
    {
        var points = Positions(line, where);
        return (points.Length == 4 ? AnnotationKind.Line : AnnotationKind.Polyline, points);
    }

    private static (AnnotationKind, double[]) Polygon(JsonElement polygon, string where)
    {
        if (polygon.ValueKind != JsonValueKind.Array || polygon.GetArrayLength() != 1)
            throw Problem.Invalid($"{where}: a polygon must have one ring, since annotations have no holes, but this one has {(polygon.ValueKind == JsonValueKind.Array ? polygon.GetArrayLength() : 0)}.");
        var ring = Positions(polygon[0], where);
        // RFC 7946, section 3.1.6: the last position repeats the first.
        var isClosed = ring.Length >= 4 && ring[0] == ring[^2] && ring[1] == ring[^1];
        return (AnnotationKind.Polygon, isClosed ? ring[..^2] : ring);
    }

    private static double[] Positions(JsonElement list, string where) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().SelectMany(position => Position(position, where))]
        : throw Problem.Invalid($"{where}: a list of positions is expected, but there is {list.ValueKind}.");

    private static double[] Position(JsonElement position, string where) =>
        position.ValueKind == JsonValueKind.Array && position.GetArrayLength() >= 2 && position[0].ValueKind == JsonValueKind.Number && position[1].ValueKind == JsonValueKind.Number
            ? [position[0].GetDouble(), position[1].GetDouble()]
            : throw Problem.Invalid($"{where}: a position is [x, y], but one is {position.GetRawText()[..Math.Min(60, position.GetRawText().Length)]}.");

    /// <summary>What our own export says was drawn; null where there is nothing of it, or another program changed the geometry since.</summary>
    private static (AnnotationKind, double[])? AsDrawn(JsonElement properties, double[] outline)
    {
        if (!Enum.TryParse<AnnotationKind>(Text(properties, "kind"), ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || Member(properties, "points") is not { ValueKind: JsonValueKind.Array } list
            || list.EnumerateArray().Any(value => value.ValueKind != JsonValueKind.Number))
            return null;
        double[] drawn = [.. list.EnumerateArray().Select(value => value.GetDouble())];
        if (drawn.Length < 2 || drawn.Length % 2 != 0)
            return null;
        return Bounds(drawn).Zip(Bounds(outline)).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-6 * (1 + Math.Abs(pair.First))) ? (kind, drawn) : null;
    }

    private static double[] Bounds(double[] points)
    {
        var (x, y) = (points.Where((_, index) => index % 2 == 0), points.Where((_, index) => index % 2 == 1));
        return [x.Min(), y.Min(), x.Max(), y.Max()];
    }

    private static Dictionary<string, long>? Plane(JsonElement properties) =>
        Member(properties, "plane") is { ValueKind: JsonValueKind.Object } plane && plane.EnumerateObject().All(axis => axis.Value.TryGetInt64Safely(out _))
            ? plane.EnumerateObject().DistinctBy(axis => axis.Name).ToDictionary(axis => axis.Name, axis => axis.Value.GetInt64())
            : null;

    private static string[] Tags(JsonElement properties) => Member(properties, "tags") is { ValueKind: JsonValueKind.Array } tags
        ? [.. tags.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!)]
        : Member(properties, "classification") is { ValueKind: JsonValueKind.Object } classification && Text(classification, "name") is { } name ? [name] : [];

    private static bool TryGetInt64Safely(this JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
