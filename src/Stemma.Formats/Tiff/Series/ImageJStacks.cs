using Stemma.Formats.Tiff.Pixels;
using Stemma.Formats.Tiff.Vendors;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>ImageJ stacks and hyperstacks: channel fastest, then slice, then frame. Stacks beyond 4 GB have one directory and raw planes behind it.</summary>
internal static class ImageJStacks
{
    /// <summary>Null where the pages do not fit the description; they are then read as any TIFF's.</summary>
    public static List<TiffSeries>? Read(PageSet pages, string description)
    {
        if (pages.Main[0] is not { } first || pages.Main.Any(page => page is null || !TiffSeries.SameKind(first, page)))
            return null;
        var values = ImageJMetadata.Parse(description);
        var calibration = ImageJMetadata.Calibrate(first.Directory, values);
        var images = Count("images");
        Axis[] axes = Axes(values, images, ImageJMetadata.Unit(values));
        if (PageSet.Count(axes) is not { } planes)
            return null;
        if (planes == pages.Main.Count)
            return [PageSet.SeriesOf(null, axes, [.. pages.Main.Select(page => new TiffPlane(page!))]) with { Calibration = calibration }];
        return pages.Main.Count == 1 && PageSet.ContiguousSeries(null, axes, first) is { } series ? [series with { Calibration = calibration }] : null;

        long Count(string key) => Quantity.Number(values.GetValueOrDefault(key)) is >= 1 and <= 1e12 and var number ? (long)number : 1;
    }

    private static Axis[] Axes(Dictionary<string, string> values, long images, string? unit)
    {
        long channels = Count("channels"), slices = Count("slices"), frames = Count("frames");
        if ((Int128)channels * slices * frames != images)
        {
            // Colour counts its samples as channels without having more images.
            if (images == 1)
                return [];
            (channels, slices, frames) = (1, slices == images ? images : 1, frames == images ? images : 1);
            if (slices == 1 && frames == 1)
                return [Z(new Axis("page", images, AxisRole.Navigation))];
        }

        var axes = new List<Axis>();
        if (frames > 1)
            axes.Add(Quantity.Number(values.GetValueOrDefault("finterval")) is > 0 and var interval
                ? new Axis("t", frames, AxisRole.Navigation) { Scale = interval, Offset = 0, Unit = "s" }
                : new Axis("t", frames, AxisRole.Navigation));
        if (slices > 1)
            axes.Add(Z(new Axis("z", slices, AxisRole.Navigation)));
        if (channels > 1)
            axes.Add(new Axis("c", channels, AxisRole.Navigation));
        return [.. axes];

        long Count(string key) => Quantity.Number(values.GetValueOrDefault(key)) is >= 1 and <= 1e12 and var number ? (long)number : 1;

        // Slices may have a unit of their own, and an index at which their coordinate is 0; a stack over energies is told by its unit.
        Axis Z(Axis axis)
        {
            if (ImageJMetadata.Unit(values, "zunit") is { } own)
                unit = own;
            if (unit is null || Quantity.Number(values.GetValueOrDefault("spacing")) is not { } spacing || spacing == 0)
                return axis;
            var calibration = new AxisCalibration(Math.Abs(spacing), unit, ImageJMetadata.Offset(values, "zorigin", Math.Abs(spacing)) ?? 0);
            return AxisCalibration.Apply(unit is "eV" or "keV" ? new Axis("energy", axis.Size) : axis, calibration);
        }
    }
}
