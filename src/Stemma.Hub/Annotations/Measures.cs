namespace Stemma.Hub.Annotations;

/// <summary>Length and area of shapes in calibrated units. Only where both axes have one unit, be their steps unequal.</summary>
internal static class Measures
{
    /// <returns>The length of a line, the perimeter of anything closed; null for a point.</returns>
    public static double? Length(AnnotationKind kind, double[] points, double stepX, double stepY) => kind switch
    {
        AnnotationKind.Point => null,
        AnnotationKind.Box => 2 * (Width(points) * stepX + Height(points) * stepY),
        AnnotationKind.Ellipse => EllipsePerimeter(Width(points) * stepX / 2, Height(points) * stepY / 2),
        _ => Along(points, stepX, stepY, isClosed: kind == AnnotationKind.Polygon),
    };

    /// <returns>Null for points and lines.</returns>
    public static double? Area(AnnotationKind kind, double[] points, double stepX, double stepY) => kind switch
    {
        AnnotationKind.Box => Width(points) * Height(points) * stepX * stepY,
        AnnotationKind.Ellipse => Math.PI / 4 * Width(points) * Height(points) * stepX * stepY,
        AnnotationKind.Polygon => Enclosed(points) * stepX * stepY,
        _ => null,
    };

    private static double Width(double[] corners) => corners[2] - corners[0];

    private static double Height(double[] corners) => corners[3] - corners[1];

    /// <summary>Ramanujan's second approximation; off by 0.04 percent for the flattest ellipse (G. Almkvist, B. Berndt, Am. Math. Monthly 95 (1988) 585, doi:10.2307/2323302).</summary>
    private static double EllipsePerimeter(double a, double b)
    {
        if (a + b == 0)
            return 0;
        var h = 3 * (a - b) * (a - b) / ((a + b) * (a + b));
        return Math.PI * (a + b) * (1 + h / (10 + Math.Sqrt(4 - h)));
    }

    private static double Along(double[] points, double stepX, double stepY, bool isClosed)
    {
        var length = 0.0;
        for (var index = isClosed ? 0 : 2; index < points.Length; index += 2)
        {
            var before = index == 0 ? points.Length - 2 : index - 2;
            length += Math.Sqrt(Square((points[index] - points[before]) * stepX) + Square((points[index + 1] - points[before + 1]) * stepY));
        }

        return length;
    }

    /// <summary>The shoelace formula, from the first point, so that far from the origin nothing is lost.</summary>
    private static double Enclosed(double[] points)
    {
        var twice = 0.0;
        for (var index = 2; index + 3 < points.Length; index += 2)
            twice += (points[index] - points[0]) * (points[index + 3] - points[1]) - (points[index + 2] - points[0]) * (points[index + 1] - points[1]);
        return Math.Abs(twice) / 2;
    }

    private static double Square(double value) => value * value;
}
