using Stemma.Formats.Tiff.Codecs;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Pixels;

/// <summary>Pixels of one page, or of a plane that lies <paramref name="Shift"/> bytes behind those of the page (stacks that have one directory for all planes).</summary>
internal readonly record struct TiffPlane(TiffPage Page, long Shift = 0);

/// <summary>A rectangle of one plane.</summary>
internal readonly record struct PlaneWindow(long Y, long X, int Height, int Width);

/// <summary>Copies a rectangle of a plane, touching only the strips or tiles that it meets.</summary>
internal static class PlaneReader
{
    /// <summary>Most bytes read in one go from uncompressed strips.</summary>
    private const int ChunkBytes = 4 << 20;

    public static int RowsOf(TiffPage page, long segmentRow) =>
        (int)(page.IsTiled ? page.SegmentHeight : Math.Min(page.SegmentHeight, page.Height - segmentRow * page.SegmentHeight));

    /// <summary>
    /// Copies samples [<paramref name="firstSample"/>, +<paramref name="samples"/>) of the window to <paramref name="destination"/>,
    /// laid out as the page's <see cref="SampleLayout"/> says.
    /// </summary>
    public static void Read(TiffPlane plane, PlaneWindow window, int firstSample, int samples, Span<byte> destination, CancellationToken cancellationToken)
    {
        var page = plane.Page;
        var bytes = page.SampleType.Bytes;
        if (!page.IsPlanar)
        {
            Copy(plane, 0, firstSample * bytes, samples * bytes, window, destination, samples * bytes, cancellationToken);
            return;
        }

        for (var sample = 0; sample < samples; sample++)
        {
            var (start, stride) = page.Layout == SampleLayout.Pixel
                ? (sample * bytes, samples * bytes)
                : (sample * window.Height * window.Width * bytes, bytes);
            Copy(plane, firstSample + sample, 0, bytes, window, destination[start..], stride, cancellationToken);
        }
    }

    /// <param name="planarSample">Which of the separate sample planes; 0 where samples lie together.</param>
    /// <param name="skip">Bytes to leave out at the start of each stored pixel.</param>
    /// <param name="take">Bytes to copy of each pixel.</param>
    /// <param name="stride">Bytes from pixel to pixel in the destination.</param>
    private static void Copy(
        TiffPlane plane, int planarSample, int skip, int take, PlaneWindow window, Span<byte> destination, int stride, CancellationToken cancellationToken)
    {
        var page = plane.Page;
        if (page is { IsTiled: false, Compression: TiffCompression.None, IsStoredAsRead: true, IsBitReversed: false })
        {
            CopyRaw(plane, planarSample, skip, take, window, destination, stride, cancellationToken);
            return;
        }

        if (plane.Shift != 0)
            throw new UnsupportedVariantException(page.File.Source.Name, "a stack with one directory for all planes is read only where it is not compressed");
        var pixel = page.SamplesTogether * page.SampleType.Bytes;
        for (var row = window.Y / page.SegmentHeight; row * page.SegmentHeight < window.Y + window.Height; row++)
        {
            for (var column = window.X / page.SegmentWidth; column * page.SegmentWidth < window.X + window.Width; column++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var index = (planarSample * page.SegmentsDown + row) * page.SegmentsAcross + column;
                var segmentRow = row;
                var segment = page.File.Segments.GetOrDecode(page, index, () => SegmentDecoder.Decode(page, index, RowsOf(page, segmentRow)));
                long top = row * page.SegmentHeight, left = column * page.SegmentWidth;
                var firstY = Math.Max(window.Y, top);
                var lastY = Math.Min(window.Y + window.Height, top + page.SegmentHeight);
                var firstX = Math.Max(window.X, left);
                var width = (int)(Math.Min(window.X + window.Width, left + page.SegmentWidth) - firstX);
                for (var y = firstY; y < lastY; y++)
                {
                    var from = (int)(((y - top) * page.SegmentWidth + firstX - left) * pixel);
                    var to = (int)(((y - window.Y) * window.Width + firstX - window.X) * stride);
                    CopyPixels(segment.AsSpan(from + skip), pixel, destination[to..], stride, take, width);
                }
            }
        }
    }

    /// <summary>Uncompressed strips: reads runs of rows straight from the file, so that a huge strip costs no more than the window.</summary>
    private static void CopyRaw(
        TiffPlane plane, int planarSample, int skip, int take, PlaneWindow window, Span<byte> destination, int stride, CancellationToken cancellationToken)
    {
        var page = plane.Page;
        var pixel = page.SamplesTogether * page.SampleType.Bytes;
        var rowBytes = page.StoredRowBytes;
        // Short rows are read whole, many at once; of long ones only the columns asked for.
        var isWhole = window.Width == page.Width || rowBytes <= 16 << 10;
        var lead = isWhole ? 0 : window.X * pixel;
        var span = isWhole ? rowBytes : (long)window.Width * pixel;
        if (span > Array.MaxLength)
            throw new UnsupportedVariantException(page.File.Source.Name, $"page {page.Number} has rows of {span} bytes; at most {Array.MaxLength} are read");
        var most = isWhole ? (int)Math.Clamp(ChunkBytes / span, 1, window.Height) : 1;
        var buffer = new byte[checked(most * span)];
        for (var y = 0; y < window.Height;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var position = PositionOf(plane, planarSample, window.Y + y);
            var rows = 1;
            while (rows < most && y + rows < window.Height && position is { } start && PositionOf(plane, planarSample, window.Y + y + rows) == start + rows * rowBytes)
                rows++;
            var chunk = buffer.AsSpan(0, (int)(rows * span));
            ReadOrZero(page, position + lead, chunk);
            if (page.File.BigEndian)
                Predictor.SwapBytes(chunk, page.SwapBytes);
            for (var row = 0; row < rows; row++, y++)
            {
                var from = chunk.Slice((int)(row * span) + (isWhole ? (int)(window.X * pixel) : 0) + skip);
                CopyPixels(from, pixel, destination[(y * window.Width * stride)..], stride, take, window.Width);
            }
        }
    }

    /// <summary>Where a row begins in the file; null where its strip is not there.</summary>
    private static long? PositionOf(TiffPlane plane, int planarSample, long y)
    {
        var page = plane.Page;
        var index = planarSample * page.SegmentsDown + y / page.SegmentHeight;
        return index < page.SegmentOffsets.Length && page.SegmentOffsets[index] > 0
            ? page.SegmentOffsets[index] + plane.Shift + y % page.SegmentHeight * page.StoredRowBytes
            : null;
    }

    private static void ReadOrZero(TiffPage page, long? position, Span<byte> target)
    {
        var source = page.File.Source;
        var available = position is { } start && start < source.Length ? (int)Math.Min(target.Length, source.Length - start) : 0;
        if (available > 0)
            source.Read(position!.Value, target[..available]);
        target[available..].Clear();
    }

    private static void CopyPixels(ReadOnlySpan<byte> source, int sourceStride, Span<byte> destination, int destinationStride, int bytes, int count)
    {
        if (sourceStride == bytes && destinationStride == bytes)
        {
            source[..(count * bytes)].CopyTo(destination);
            return;
        }

        for (var i = 0; i < count; i++)
            source.Slice(i * sourceStride, bytes).CopyTo(destination[(i * destinationStride)..]);
    }
}
