using Stemma.Formats.Native;
using Stemma.Imaging;

namespace Stemma.Formats.Vips;

/// <summary>
/// Pixels of a libvips image. Tiled files are decoded where they are touched; others as a whole at the first read, in memory up to 100 MB and in a temporary file beyond.
/// Axes are, slowest first: pages (if any), bands (if they are no colour), y, x.
/// </summary>
/// <param name="pageHeight">libvips stacks pages vertically; this is the height of one.</param>
/// <param name="firstBand">Band from which the pixels are taken.</param>
internal sealed class VipsImageSource(GObjectHandle image, ImageDescription description, MemberFile file, int pageHeight, int firstBand) : IImageSource
{
    private const int BytesPerFetch = 16 << 20;

    public ImageDescription Description { get; } = description;

    public GObjectHandle Image => image;

    public MemberFile File => file;

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        region.CheckInside(Description.Shape);
        var total = checked(region.PixelCount * Description.PixelType.Bytes);
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));
        try
        {
            Read(region, destination[..(int)total], cancellationToken);
        }
        catch (VipsException refused)
        {
            throw VipsLoad.Damaged(file, "image", refused);
        }

        return ValueTask.CompletedTask;
    }

    private void Read(Region region, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var axes = Description.Axes;
        var rank = region.Rank;
        var bandAxis = rank > 2 && axes[rank - 3].Name == "c" ? rank - 3 : -1;
        var hasPages = rank - 2 - (bandAxis >= 0 ? 1 : 0) > 0;
        var (left, width) = ((int)region.Origin[rank - 1], (int)region.Size[rank - 1]);
        var (top, height) = ((int)region.Origin[rank - 2], (int)region.Size[rank - 2]);
        var (page0, pages) = hasPages ? ((int)region.Origin[0], (int)region.Size[0]) : (0, 1);
        var (band0, bands) = bandAxis >= 0 ? ((int)region.Origin[bandAxis], (int)region.Size[bandAxis]) : (firstBand, 1);

        var pixelBytes = Description.PixelType.Bytes;
        var packedBytes = LibVips.GetBands(image) * VipsNumbers.Bytes(LibVips.GetFormat(image));
        var rowBytes = width * pixelBytes;
        var rowsPerFetch = Math.Max(1, BytesPerFetch / Math.Max(1, width * packedBytes));
        for (var page = 0; page < pages; page++)
            for (var row = 0; row < height; row += rowsPerFetch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = Math.Min(rowsPerFetch, height - row);
                VipsLibrary.Fetch(image, left, checked(((page0 + page) * pageHeight) + top + row), width, rows, packed =>
                {
                    for (var band = 0; band < bands; band++)
                    {
                        var start = ((((long)page * bands) + band) * height + row) * rowBytes;
                        var target = destination.Span.Slice(checked((int)start), rows * rowBytes);
                        if (packedBytes == pixelBytes)
                            packed.CopyTo(target);
                        else
                            PickBand(packed[((band0 + band) * pixelBytes)..], packedBytes, target, pixelBytes);
                    }
                });
            }
    }

    private static void PickBand(ReadOnlySpan<byte> packed, int packedBytes, Span<byte> target, int pixelBytes)
    {
        for (int from = 0, to = 0; to < target.Length; from += packedBytes, to += pixelBytes)
            packed.Slice(from, pixelBytes).CopyTo(target[to..]);
    }
}
