using Stemma.Formats.Tiff.Pixels;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Series;

/// <summary>The pages of one file, and what went wrong while their layout was read.</summary>
internal sealed class PageSet
{
    private readonly Dictionary<TiffDirectory, TiffPage?> _pages = [];
    private readonly List<string> _warnings = [];

    public PageSet(TiffFile file)
    {
        File = file;
        for (var i = 0; i < file.Directories.Count; i++)
            Main.Add(PageOf(file.Directories[i], i + 1));
        if (Main.All(page => page is null))
            throw FirstProblem!;
    }

    public TiffFile File { get; }

    /// <summary>Pages of the main chain in its order; null where a directory holds no image that can be described.</summary>
    public List<TiffPage?> Main { get; } = [];

    public IReadOnlyList<string> Warnings => _warnings;

    private FileReadException? FirstProblem { get; set; }

    public TiffPage? PageOf(TiffDirectory directory, int number)
    {
        if (_pages.TryGetValue(directory, out var known))
            return known;
        TiffPage? page = null;
        try
        {
            page = new TiffPage(directory, number);
        }
        catch (FileReadException problem)
        {
            FirstProblem ??= problem;
            _warnings.Add($"Page {number} was left out: {problem.Message}");
        }

        return _pages[directory] = page;
    }

    /// <summary>A series over a list of planes of the same kind.</summary>
    public static TiffSeries SeriesOf(string? title, IReadOnlyList<Axis> leading, IReadOnlyList<TiffPlane> planes)
    {
        var missing = planes.Select(PageCompleteness.Missing).OfType<string>().ToList();
        return new TiffSeries(title, leading, planes[0].Page, index => index < planes.Count ? planes[(int)index] : null)
        {
            Partial = missing.Count == 0 ? null : missing[0] + (missing.Count > 1 ? $"; and {missing.Count - 1} further pages" : ""),
        };
    }

    /// <summary>
    /// A series whose planes lie one behind the other after the first page's strips, under one directory.
    /// Null where the page's pixels do not lie in one uncompressed run.
    /// </summary>
    public static TiffSeries? ContiguousSeries(string? title, IReadOnlyList<Axis> leading, TiffPage page)
    {
        var count = Count(leading);
        if (page.IsTiled || page.IsPlanar || page.Compression != 1 || page.SegmentOffsets.Length == 0 || count is null)
            return null;
        for (var i = 1; i < Math.Min(page.SegmentsDown, page.SegmentOffsets.Length); i++)
            if (page.SegmentOffsets[i] != page.SegmentOffsets[0] + i * page.SegmentHeight * page.StoredRowBytes)
                return null;
        var planeBytes = page.StoredRowBytes * page.Height;
        if ((Int128)planeBytes * count.Value > long.MaxValue / 2)
            return null;
        var present = (page.File.Source.Length - page.SegmentOffsets[0]) / planeBytes;
        return new TiffSeries(title, leading, page, index => new TiffPlane(page, index * planeBytes))
        {
            Partial = present >= count ? null : $"only {Math.Max(0, present)} of {count} planes lie in the file",
        };
    }

    /// <summary>Number of planes over some axes; null where it is beyond all files.</summary>
    public static long? Count(IReadOnlyList<Axis> leading)
    {
        Int128 count = 1;
        foreach (var axis in leading)
            count *= axis.Size;
        return count > 1L << 40 ? null : (long)count;
    }
}
