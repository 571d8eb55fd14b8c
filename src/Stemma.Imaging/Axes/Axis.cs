namespace Stemma.Imaging;

/// <summary>What an axis is for: scanning over positions, or spanning what was recorded at each of them.</summary>
public enum AxisRole { Navigation, Signal }

/// <summary>
/// One axis of an image. The physical coordinate of index <c>i</c> is <c>Offset + i · Scale</c>, in <see cref="Unit"/>,
/// or <c>Coordinates[i]</c> where the spacing is irregular.
/// </summary>
/// <param name="Name">
/// <c>x</c>, <c>y</c>, <c>z</c>, <c>t</c>, <c>c</c>, <c>energy</c>, <c>kx</c>, <c>ky</c>, or the file's own word for a free axis.
/// </param>
/// <param name="Size">Number of indices, at least 1.</param>
public sealed record Axis(string Name, long Size, AxisRole Role = AxisRole.Signal)
{
    public long Size { get; } = Size >= 1 ? Size : throw new ArgumentOutOfRangeException(nameof(Size), Size, $"Axis '{Name}' must have a size of at least 1.");

    /// <summary>Physical size of one step; null where the axis is not calibrated (which is not the same as 1).</summary>
    public double? Scale { get; init; }

    /// <summary>Coordinate of index 0, in <see cref="Unit"/>; null where not recorded.</summary>
    public double? Offset { get; init; }

    /// <summary>Unit as a symbol (<c>nm</c>, <c>µm</c> with U+00B5, <c>1/nm</c>, <c>eV</c>, <c>s</c>); null where not calibrated.</summary>
    public string? Unit { get; init; }

    /// <summary>One coordinate per index where the spacing is irregular, else null.</summary>
    public IReadOnlyList<double>? Coordinates { get; init; }
}
