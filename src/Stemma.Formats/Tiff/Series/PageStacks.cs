using System.Text.Json;
using Stemma.Formats.Tiff.Pixels;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>Images of a TIFF that says nothing of its dimensions: pages of the same size and type make a stack.</summary>
internal static class PageStacks
{
    /// <summary>An NDTiff file has this number after its TIFF header (NDTiff 3 specification).</summary>
    private const long NdTiffMagic = 483729;

    public static List<TiffSeries> Read(PageSet pages)
    {
        var all = new List<TiffPage>();
        foreach (var page in pages.Main.OfType<TiffPage>())
            Add(page, page.Number);
        // Thumbnails and pyramid levels are no images of their own, unless there is nothing else.
        if (all.Any(page => !page.IsReducedOrMask))
            all.RemoveAll(page => page.IsReducedOrMask);
        if (IsNdTiff(pages.File))
            return [.. all.Select(page => PageSet.SeriesOf(null, [], [new TiffPlane(page)]))];
        if (ReadShaped(all) is { } shaped)
            return shaped;
        return [.. all.GroupBy(TiffSeries.KindOf).Select(group => PageSet.SeriesOf(
            null, group.Count() > 1 ? [new Axis("page", group.Count(), AxisRole.Navigation)] : [], [.. group.Select(page => new TiffPlane(page))]))];

        void Add(TiffPage page, int number)
        {
            all.Add(page);
            // A child of its parent's size is a further page; a smaller one is a level of its pyramid.
            foreach (var child in page.Directory.Children)
                if (pages.PageOf(child, number) is { IsReducedOrMask: false } sub && TiffSeries.SameKind(page, sub))
                    Add(sub, number);
        }
    }

    public static bool IsNdTiff(TiffFile file) => !file.IsBigTiff && file.Source.Length >= 12 && file.Source.Read<uint>(8, file.BigEndian) == NdTiffMagic;

    /// <summary>Python's tifffile writes the array's shape as JSON into the first page: <c>{"shape": [5, 256, 256]}</c>.</summary>
    private static List<TiffSeries>? ReadShaped(List<TiffPage> pages)
    {
        var series = new List<TiffSeries>();
        for (var at = 0; at < pages.Count;)
        {
            var page = pages[at];
            if (page.Directory.Text(TiffTags.ImageDescription) is not { } text || Shape(text) is not { } shape)
                return null;
            long[] inPage = page.Layout switch
            {
                SampleLayout.SamplesLast => [page.Height, page.Width, page.Samples],
                SampleLayout.SamplesFirst => [page.Samples, page.Height, page.Width],
                _ when page.Samples > 1 && !page.IsPlanar => [page.Height, page.Width, page.Samples],
                _ when page.Samples > 1 => [page.Samples, page.Height, page.Width],
                _ => [page.Height, page.Width],
            };
            if (shape.Length < inPage.Length || !shape.AsSpan(shape.Length - inPage.Length).SequenceEqual(inPage) || shape.Any(size => size < 1))
                return null;
            var leading = shape[..^inPage.Length].Where(size => size > 1).ToArray();
            Axis[] axes = [.. leading.Select((size, i) => new Axis(leading.Length == 1 ? "page" : $"page {i + 1}", size, AxisRole.Navigation))];
            if (PageSet.Count(axes) is not { } count)
                return null;
            if (count <= pages.Count - at && pages.Skip(at).Take((int)count).All(other => TiffSeries.SameKind(page, other)))
            {
                series.Add(PageSet.SeriesOf(null, axes, [.. pages.Skip(at).Take((int)count).Select(other => new TiffPlane(other))]));
                at += (int)count;
            }
            else if (PageSet.ContiguousSeries(null, axes, page) is { Partial: null } contiguous)
            {
                series.Add(contiguous);
                at++;
            }
            else
            {
                return null;
            }
        }

        return series;
    }

    private static long[]? Shape(string description)
    {
        if (!description.StartsWith("{\"shape\":", StringComparison.Ordinal) || description.Length > 65536)
            return null;
        try
        {
            using var json = JsonDocument.Parse(description);
            return [.. json.RootElement.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
