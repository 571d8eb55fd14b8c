using System.Text.Json;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <summary>What an annotation may be. A refusal names the annotation's place in the request where there are several.</summary>
internal static class AnnotationChecks
{
    public const int MaxPerRequest = 100_000;
    public const int MaxPerImage = 500_000;
    public const int MaxVertices = 10_000;
    public const int MaxNote = 10_000;
    public const double MaxCoordinate = 1e9;

    /// <summary>Body of a request with as many annotations as it may have.</summary>
    public const long MaxBodyBytes = 64 << 20;

    /// <exception cref="Problem">400: it says which member, what was expected, and what was found.</exception>
    public static AnnotationRow New(NewAnnotation asked, ImagePlane plane, string where) => new()
    {
        Kind = asked.Kind, Points = Points(asked.Kind, asked.Points, where), Plane = Plane(asked.Plane, plane, where), Label = Label(asked.Label, where),
        Tags = NodeChanges.CheckTags(asked.Tags ?? []), Note = Note(asked.Note, where),
    };

    public static AnnotationRow Apply(AnnotationRow before, AnnotationPatch patch, ImagePlane plane) => before with
    {
        Points = patch.Has(nameof(patch.Points)) ? Points(before.Kind, patch.Points, "") : before.Points,
        Plane = patch.Has(nameof(patch.Plane)) ? Plane(patch.Plane, plane, "") : before.Plane,
        Label = patch.Has(nameof(patch.Label)) ? Label(patch.Label, "") : before.Label,
        Tags = patch.Has(nameof(patch.Tags)) ? NodeChanges.CheckTags(patch.Tags) : before.Tags,
        Note = patch.Has(nameof(patch.Note)) ? Note(patch.Note, "") : before.Note,
    };

    /// <summary>The values as they were given; only the corners of boxes and ellipses are put in order.</summary>
    public static double[] Points(AnnotationKind kind, IReadOnlyList<double> points, string where)
    {
        var (least, most) = kind switch
        {
            AnnotationKind.Point => (1, 1),
            AnnotationKind.Polyline => (2, MaxVertices),
            AnnotationKind.Polygon => (3, MaxVertices),
            _ => (2, 2),
        };
        if (points.Count % 2 != 0 || points.Count / 2 < least || points.Count / 2 > most)
            throw Problem.Invalid($"{where}points of a {kind.Word()} are {(least == most ? $"{2 * least}" : $"{2 * least} to {2 * most}")} numbers x, y, x, y …, but are {points.Count} here.");
        foreach (var value in points)
            if (!(Math.Abs(value) <= MaxCoordinate))
                throw Problem.Invalid($"{where}points must be between {-MaxCoordinate} and {MaxCoordinate}, but one is {value}.");
        return kind is AnnotationKind.Box or AnnotationKind.Ellipse
            ? [Math.Min(points[0], points[2]), Math.Min(points[1], points[3]), Math.Max(points[0], points[2]), Math.Max(points[1], points[3])]
            : [.. points];
    }

    private static string? Plane(IReadOnlyDictionary<string, long>? indices, ImagePlane plane, string where)
    {
        if (indices is null or { Count: 0 })
            return null;
        foreach (var (name, index) in indices)
        {
            if (!plane.Others.TryGetValue(name, out var size))
                throw Problem.Invalid($"{where}plane names the axis \"{name}\", but beside its picture the image has {(plane.Others.Count == 0 ? "no axis" : "only " + string.Join(", ", plane.Others.Keys))}.");
            if (index < 0 || index >= size)
                throw Problem.Invalid($"{where}plane must have an index from 0 to {size - 1} on the axis \"{name}\", but has {index}.");
        }

        return JsonSerializer.Serialize(indices);
    }

    private static string Label(string? label, string where) => Text("label", label, Names.MaxLength, where);

    private static string Note(string? note, string where) => Text("note", note, MaxNote, where);

    private static string Text(string member, string? text, int longest, string where) => text switch
    {
        null => "",
        _ when text.Length > longest => throw Problem.Invalid($"{where}{member} has at most {longest} characters, but has {text.Length} here."),
        _ => SqlText.Clean(text),
    };
}
