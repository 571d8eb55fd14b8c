using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Pixels;

/// <summary>
/// An image made of planes: leading axes in C order over the planes, then (y, x), (y, x, sample) or (sample, y, x).
/// </summary>
/// <param name="layout">Any page of the image; all have the same size, type and sample layout.</param>
/// <param name="planeAt">The plane for an index over the leading axes in C order; null where it is missing, which reads as zero.</param>
internal sealed class TiffImageSource(ImageDescription description, TiffPage layout, Func<long, TiffPlane?> planeAt) : IImageSource
{
    public ImageDescription Description { get; } = description;

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var shape = Description.Shape;
        region.CheckInside(shape);
        var total = checked(region.PixelCount * Description.PixelType.Bytes);
        if (destination.Length < total)
            throw new ArgumentException($"The region needs {total} bytes, but the destination has {destination.Length}.", nameof(destination));

        var planeAxes = layout.Layout == SampleLayout.Pixel ? 2 : 3;
        var leading = region.Rank - planeAxes;
        var (y, x) = layout.Layout == SampleLayout.SamplesFirst ? (leading + 1, leading + 2) : (leading, leading + 1);
        var (firstSample, samples) = layout.Layout switch
        {
            SampleLayout.SamplesLast => ((int)region.Origin[leading + 2], (int)region.Size[leading + 2]),
            SampleLayout.SamplesFirst => ((int)region.Origin[leading], (int)region.Size[leading]),
            _ => (0, layout.Samples),
        };
        var window = new PlaneWindow(region.Origin[y], region.Origin[x], (int)region.Size[y], (int)region.Size[x]);

        var index = new long[leading];
        var planeBytes = (int)checked((long)window.Height * window.Width * samples * layout.SampleType.Bytes);
        for (long done = 0; done < total; done += planeBytes)
        {
            long number = 0;
            for (var axis = 0; axis < leading; axis++)
                number = number * shape[axis] + region.Origin[axis] + index[axis];
            var target = destination.Span.Slice((int)done, planeBytes);
            if (planeAt(number) is { } plane)
                PlaneReader.Read(plane, window, firstSample, samples, target, cancellationToken);
            else
                target.Clear();
            for (var axis = leading - 1; axis >= 0 && ++index[axis] == region.Size[axis]; axis--)
                index[axis] = 0;
        }

        return ValueTask.CompletedTask;
    }
}
