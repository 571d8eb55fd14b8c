using Stemma.Formats.Tiff.Structure;
using Stemma.Formats.Tiff.Vendors;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>MetaMorph STK: all planes under one directory, as many as UIC2 counts.</summary>
internal static class MetaMorphStacks
{
    public static List<TiffSeries>? Read(PageSet pages)
    {
        if (pages.File.Directories.Count != 1 || pages.Main[0] is not { } page || MetaMorphMetadata.TryRead(pages.File, []) is not { Planes: > 1 } stack)
            return null;
        Axis[] leading = [Along(page.Directory, stack.Planes)];
        return PageSet.ContiguousSeries(stack.Title, leading, page) is { } series ? [series] : null;
    }

    /// <summary>Planes at different heights are a z stack; else they follow each other in time, by the milliseconds of UIC2.</summary>
    private static Axis Along(TiffDirectory directory, long planes)
    {
        const int planeBytes = 24;
        var source = directory.File.Source;
        var big = directory.File.BigEndian;
        if (directory.Find(TiffTags.Uic2) is not { } entry || planes > source.Length / planeBytes || entry.Position > source.Length - planes * planeBytes)
            return new Axis("t", planes, AxisRole.Navigation);
        var distances = new HashSet<(uint, uint)>();
        var milliseconds = new long[planes];
        for (var i = 0; i < planes; i++)
        {
            var at = entry.Position + i * planeBytes;
            distances.Add((source.Read<uint>(at, big), source.Read<uint>(at + 4, big)));
            milliseconds[i] = source.Read<uint>(at + 8, big) * 86_400_000L + source.Read<uint>(at + 12, big);
        }

        if (distances.Count > 1 || distances.Single().Item1 != 0)
            return new Axis("z", planes, AxisRole.Navigation);
        var times = milliseconds.Select(time => (time - milliseconds[0]) / 1000.0).ToArray();
        var step = times[^1] / (planes - 1);
        var axis = new Axis("t", planes, AxisRole.Navigation);
        if (step <= 0)
            return axis;
        axis = axis with { Scale = step, Offset = 0, Unit = "s" };
        return times.Select((time, i) => Math.Abs(time - i * step)).Max() < 0.01 * step ? axis : axis with { Coordinates = times };
    }
}
