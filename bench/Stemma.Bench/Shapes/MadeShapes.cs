using Stemma.Bench.Catalog;

namespace Stemma.Bench.Shapes;

/// <summary>What segmentation of a crowded image leaves: a third each of points, boxes, and polygons of twenty vertices, all over the image, most without a word.</summary>
internal static class MadeShapes
{
    private const int Vertices = 20;
    private static readonly string[] Tags = ["precipitate", "void", "grain", "dislocation"];

    /// <param name="edge">Columns and rows of the image.</param>
    public static object Of(int seed, int number, int edge)
    {
        var dice = new Dice(seed, number);
        var (x, y, radius) = (Round(dice.Next() * edge), Round(dice.Next() * edge), 3 + (dice.Next() * 12));
        string[] tags = dice.Is(0.8) ? [dice.Of(Tags)] : [];
        var label = dice.Is(0.2) ? $"{dice.Of(Tags)} {number}" : "";
        return (number % 3) switch
        {
            0 => new { kind = "point", points = new[] { x, y }, label, tags },
            1 => new { kind = "box", points = new[] { x, y, Round(x + radius), Round(y + radius) }, label, tags },
            _ => new { kind = "polygon", points = Outline(dice, x, y, radius), label, tags },
        };
    }

    private static double[] Outline(Dice dice, double x, double y, double radius)
    {
        var points = new double[2 * Vertices];
        for (var vertex = 0; vertex < Vertices; vertex++)
        {
            var (angle, distance) = (2 * Math.PI * vertex / Vertices, radius * (0.8 + (0.4 * dice.Next())));
            points[2 * vertex] = Round(x + (distance * Math.Cos(angle)));
            points[(2 * vertex) + 1] = Round(y + (distance * Math.Sin(angle)));
        }

        return points;
    }

    /// <summary>A hundredth of a pixel, as programs write.</summary>
    private static double Round(double value) => Math.Round(value, 2);
}
