using Stemma.Formats.Tiff.Codecs;

namespace Stemma.Formats.Tiff.Pixels;

/// <summary>Compares what pages announce with what the file holds, without reading pixels.</summary>
internal static class PageCompleteness
{
    /// <summary>Says which strips or tiles are not in the file; null where all are.</summary>
    public static string? Missing(TiffPlane plane)
    {
        var page = plane.Page;
        var length = page.File.Source.Length;
        var expected = checked(page.SegmentsAcross * page.SegmentsDown * (page.IsPlanar ? page.Samples : 1));
        long[] offsets, counts;
        try
        {
            (offsets, counts) = (page.SegmentOffsets, page.SegmentCounts);
        }
        catch (MalformedFileException broken)
        {
            return $"page {page.Number}: {broken.Message}";
        }

        long missing = Math.Max(0, expected - offsets.Length), cut = 0;
        for (long i = 0; i < Math.Min(expected, offsets.Length); i++)
        {
            var offset = offsets[i] + plane.Shift;
            var row = i / page.SegmentsAcross % page.SegmentsDown;
            var bytes = page.Compression == TiffCompression.None ? page.StoredRowBytes * PlaneReader.RowsOf(page, row) : i < counts.Length ? counts[i] : 1;
            if (offset <= 0 || offset >= length)
                missing++;
            else if (bytes > length - offset)
                cut++;
        }

        var what = page.IsTiled ? "tiles" : "strips";
        return missing + cut == 0 ? null : $"page {page.Number}: {missing + cut} of {expected} {what} lie wholly or partly beyond the end of the file";
    }
}
