using System.Text.Json;

namespace Stemma.Hub.Annotations.GeoJson;

/// <summary>
/// Annotations as a GeoJSON FeatureCollection (RFC 7946), in pixels as QuPath writes them, or in calibrated units. A box is a polygon of four vertices, an ellipse one of 64;
/// the properties <c>kind</c> and <c>points</c> hold what was drawn, exactly and in pixels, so that reading it again gives the same.
/// </summary>
internal sealed class GeoJsonWriter(Utf8JsonWriter json, Calibration? calibration, bool isCalibrated)
{
    public const string Stemma = "stemma";
    public const string Pixel = "pixel";
    public const string Calibrated = "calibrated";
    private const int EllipseVertices = 64;
    private readonly string? _unit = calibration is { X.Unit: { } unit } && unit == calibration.Y.Unit ? unit : null;

    public void Begin(string? title)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteStartObject(Stemma);
        json.WriteString("image", title);
        json.WriteString("coordinates", isCalibrated ? Calibrated : Pixel);
        json.WriteString("origin", "outer corner of the first pixel, whose centre is (0.5, 0.5)");
        json.WritePropertyName("calibration");
        JsonSerializer.Serialize(json, calibration, Web.WireJson.Options);
        json.WriteEndObject();
        json.WriteStartArray("features");
    }

    public void Write(AnnotationRow row)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", row.Id);
        WriteGeometry(row.Kind, row.Points);
        json.WriteStartObject("properties");
        json.WriteString("objectType", "annotation");
        json.WriteString("name", row.Label);
        json.WriteString("kind", row.Kind.Word());
        json.WriteStartArray("points");
        foreach (var value in row.Points)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        if (row.Plane is not null)
        {
            json.WritePropertyName("plane");
            json.WriteRawValue(row.Plane);
        }

        json.WriteStartArray("tags");
        foreach (var tag in row.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("note", row.Note);
        WriteMeasurements(row);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void End()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMeasurements(AnnotationRow row)
    {
        if (calibration is null || _unit is null)
            return;
        var (stepX, stepY) = (Math.Abs(calibration.X.Scale), Math.Abs(calibration.Y.Scale));
        json.WriteStartObject("measurements");
        if (Measures.Length(row.Kind, row.Points, stepX, stepY) is { } length)
            json.WriteNumber($"Length {_unit}", length);
        if (Measures.Area(row.Kind, row.Points, stepX, stepY) is { } area)
            json.WriteNumber($"Area {_unit}^2", area);
        json.WriteEndObject();
    }

    private void WriteGeometry(AnnotationKind kind, double[] points)
    {
        json.WriteStartObject("geometry");
        var (type, depth) = kind switch
        {
            AnnotationKind.Point => ("Point", 0),
            AnnotationKind.Line or AnnotationKind.Polyline => ("LineString", 1),
            _ => ("Polygon", 2),
        };
        json.WriteString("type", type);
        json.WritePropertyName("coordinates");
        for (var level = 0; level < depth; level++)
            json.WriteStartArray();
        var outline = Outline(kind, points);
        for (var index = 0; index < outline.Length; index += 2)
            WritePosition(outline[index], outline[index + 1]);
        if (depth == 2)
            WritePosition(outline[0], outline[1]);
        for (var level = 0; level < depth; level++)
            json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePosition(double x, double y)
    {
        json.WriteStartArray();
        json.WriteNumberValue(isCalibrated ? calibration!.X.At(x) : x);
        json.WriteNumberValue(isCalibrated ? calibration!.Y.At(y) : y);
        json.WriteEndArray();
    }

    /// <summary>The vertices that stand for a shape; a ring is not closed.</summary>
    private static double[] Outline(AnnotationKind kind, double[] points)
    {
        switch (kind)
        {
            case AnnotationKind.Box:
                return [points[0], points[1], points[2], points[1], points[2], points[3], points[0], points[3]];
            case AnnotationKind.Ellipse:
                var (x, y, a, b) = ((points[0] + points[2]) / 2, (points[1] + points[3]) / 2, (points[2] - points[0]) / 2, (points[3] - points[1]) / 2);
                return [.. Enumerable.Range(0, EllipseVertices).SelectMany(step => Math.SinCos(2 * Math.PI * step / EllipseVertices) is var (sin, cos) ? new[] { x + a * cos, y + b * sin } : [])];
            default:
                return points;
        }
    }
}
