namespace Stemma.Imaging.Previews;

/// <summary>In what form an image is shown.</summary>
public enum PreviewKind
{
    /// <summary>Two of its axes as a picture.</summary>
    Plane,

    /// <summary>Three views of a volume along its axes.</summary>
    Volume,

    /// <summary>A curve over its only axis.</summary>
    Curve,
}

/// <summary>What of an n-dimensional image is shown in a preview.</summary>
/// <param name="Row">Axis that runs downwards; -1 where there is none.</param>
/// <param name="Column">Axis that runs to the right.</param>
/// <param name="Depth">Of a volume, the third axis; else -1.</param>
/// <param name="Averaged">Axes over which the mean is taken, slowest first.</param>
/// <param name="Index">Where to stand on each axis that is neither shown nor averaged.</param>
/// <param name="WhatIsShown">The choice in words.</param>
public sealed record PreviewPlan(PreviewKind Kind, int Row, int Column, int Depth, IReadOnlyList<int> Averaged, IReadOnlyList<long> Index, string WhatIsShown)
{
    /// <summary>From this many planes on, a z axis is a volume rather than a few planes.</summary>
    public const int LeastVolumeEdge = 16;

    /// <summary>A column many times longer than wide says more by its middle plane.</summary>
    private const int MaxDepthRatio = 4;

    public static PreviewPlan For(ImageDescription image)
    {
        var axes = image.Axes;
        var index = axes.Select(axis => axis.Name == "c" ? 0 : axis.Size / 2).ToArray();
        List<int> varying = [.. Enumerable.Range(0, axes.Count).Where(axis => axes[axis].Size > 1)];
        if (varying.Count == 1 && !image.PixelType.IsColour)
            return new(PreviewKind.Curve, -1, varying[0], -1, [], index, $"{axes[varying[0]].Size} points along {axes[varying[0]].Name}");

        var spectral = varying.FindIndex(axis => IsSpectral(axes[axis]));
        if (spectral < 0 && varying.Count(axis => axes[axis].Role == AxisRole.Signal) == 1 && varying.Count > 1)
            spectral = varying.FindIndex(axis => axes[axis].Role == AxisRole.Signal);
        if (spectral >= 0)
            return Spectra(image, varying, varying[spectral], index);

        int[] navigation = [.. varying.Where(axis => axes[axis].Role == AxisRole.Navigation)];
        int[] signal = [.. varying.Where(axis => axes[axis].Role == AxisRole.Signal)];
        if (navigation.Length == 2 && signal.Length == 2 && (navigation.All(axis => axes[axis].Name is "x" or "y") || signal.All(axis => IsReciprocal(axes[axis]))))
        {
            var (down, right) = Oriented(axes, navigation[0], navigation[1]);
            return new(PreviewKind.Plane, down, right, -1, signal, index, $"mean of the pattern at each of {axes[right].Size} × {axes[down].Size} positions");
        }

        return Planes(image, varying, index);
    }

    /// <summary>Whether the shown axes measure reciprocal space, where a high dynamic range is usual.</summary>
    public bool ShowsReciprocalSpace(ImageDescription image) => IsReciprocal(image.Axes[Column]);

    private static PreviewPlan Spectra(ImageDescription image, List<int> varying, int spectral, long[] index)
    {
        var axes = image.Axes;
        List<int> others = [.. varying.Where(axis => axis != spectral)];
        if (others.Count == 1)
            return new(PreviewKind.Plane, others[0], spectral, -1, [], index, $"{axes[others[0]].Size} spectra, one per row");
        var (row, column) = ChoosePlane(axes, others);
        var rest = Position(axes, others.Where(axis => axis != row && axis != column), index);
        return new(PreviewKind.Plane, row, column, -1, [spectral], index, $"mean over {axes[spectral].Name} ({axes[spectral].Size} channels){(rest.Length > 0 ? ", " : "")}{rest}");
    }

    private static PreviewPlan Planes(ImageDescription image, List<int> varying, long[] index)
    {
        var axes = image.Axes;
        if (varying.Count < 2)
        {
            var right = varying.Count == 1 ? varying[0] : axes.Count - 1;
            return new(PreviewKind.Plane, right > 0 ? right - 1 : right + 1 < axes.Count ? right + 1 : -1, right, -1, [], index, "the whole image");
        }

        var (row, column) = ChoosePlane(axes, varying);
        List<int> rest = [.. varying.Where(axis => axis != row && axis != column)];
        var depth = rest.FindIndex(axis => IsDepth(axes[axis]));
        if (depth >= 0 && !image.PixelType.IsColour && axes[row].Size >= LeastVolumeEdge && axes[column].Size >= LeastVolumeEdge
            && axes[rest[depth]].Size <= MaxDepthRatio * Math.Max(axes[row].Size, axes[column].Size))
        {
            var position = Position(axes, rest.Where(axis => axis != rest[depth]), index);
            return new(PreviewKind.Volume, row, column, rest[depth], [], index, position);
        }

        return new(PreviewKind.Plane, row, column, -1, [], index, rest.Count == 0 ? "the whole image" : Position(axes, rest, index));
    }

    private static (int Row, int Column) ChoosePlane(IReadOnlyList<Axis> axes, List<int> candidates)
    {
        foreach (var (down, right) in new[] { ("y", "x"), ("ky", "kx") })
            if (candidates.FindIndex(axis => axes[axis].Name == down) is var row and >= 0 && candidates.FindIndex(axis => axes[axis].Name == right) is var column and >= 0)
                return (candidates[row], candidates[column]);
        int[] signal = [.. candidates.Where(axis => axes[axis].Role == AxisRole.Signal)];
        return signal.Length >= 2 ? (signal[^2], signal[^1]) : (candidates[^2], candidates[^1]);
    }

    private static (int Row, int Column) Oriented(IReadOnlyList<Axis> axes, int first, int second) =>
        axes[first].Name == "x" && axes[second].Name == "y" ? (second, first) : (first, second);

    private static string Position(IReadOnlyList<Axis> axes, IEnumerable<int> fixedAxes, long[] index) => string.Join(", ", fixedAxes.Select(axis => axes[axis].Name == "c"
        ? $"channel {index[axis] + 1} of {axes[axis].Size}"
        : $"middle of {axes[axis].Size} planes along {axes[axis].Name}"));

    /// <summary>A z axis of space; one without a length may be a series of recordings, as tilt series are.</summary>
    private static bool IsDepth(Axis axis) => axis.Name == "z" && axis.Size >= LeastVolumeEdge && (axis.Role == AxisRole.Signal || axis.Unit is "nm" or "µm" or "mm" or "Å" or "m" or "pm");

    private static bool IsSpectral(Axis axis) => axis.Name is "energy" or "wavelength" or "channel energy" || axis.Unit is "eV" or "keV" or "meV";

    private static bool IsReciprocal(Axis axis) => axis.Name is "kx" or "ky" || axis.Unit is "mrad" or "rad" or "1/nm" or "1/Å" or "1/m" or "1/pm" or "1/µm";
}
