using Stemma.Hub.Sharing;

namespace Stemma.Hub.Annotations;

public enum AnnotationKind
{
    Point,
    Line,
    Polyline,
    Box,
    Ellipse,
    Polygon,
}

/// <summary>A feature that a person marked in an image.</summary>
/// <param name="Points">
/// x, y, x, y … in pixels of the full image: x to the right, y down, (0, 0) the outer corner of the first pixel, whose centre is (0.5, 0.5).
/// Of a box, and of the box around an ellipse, two corners: the least x and y, then the greatest. A polygon's ring is not closed by a repeated point.
/// </param>
/// <param name="Plane">Axis → index on it, of the axes that do not lie in the picture; null, or an axis left out: on all of them.</param>
/// <param name="Note">Markdown.</param>
public sealed record Annotation(
    Guid Id, AnnotationKind Kind, IReadOnlyList<double> Points, IReadOnlyDictionary<string, long>? Plane, string Label, IReadOnlyList<string> Tags, string Note,
    PrincipalName CreatedBy, DateTime CreatedAt, DateTime ModifiedAt, long Version);

/// <summary>A page of the annotations of one image, in the order in which they were made.</summary>
/// <param name="Next">Handed back as <c>?cursor=</c>; null at the end.</param>
/// <param name="Calibration">How pixels become physical coordinates; null where the image has no calibrated plane.</param>
public sealed record AnnotationPage(IReadOnlyList<Annotation> Items, string? Next, Calibration? Calibration);

/// <summary>The two axes of the picture.</summary>
public sealed record Calibration(CalibratedAxis X, CalibratedAxis Y);

/// <summary>A pixel coordinate <c>p</c> lies at <c>Offset + Scale · (p − 0.5)</c>, since <paramref name="Offset"/> is where the centre of the first pixel lies.</summary>
public sealed record CalibratedAxis(string Name, double Scale, double Offset, string? Unit)
{
    /// <summary>The physical coordinate of a pixel coordinate.</summary>
    public double At(double pixel) => Offset + Scale * (pixel - 0.5);
}
