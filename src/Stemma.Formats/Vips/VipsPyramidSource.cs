using Stemma.Formats.Native;
using Stemma.Imaging;

namespace Stemma.Formats.Vips;

/// <summary>An image with the coarser levels of its file, each opened when first asked for.</summary>
internal sealed class VipsPyramidSource : IPyramidImageSource, IDisposable
{
    private readonly VipsImageSource _finest;
    private readonly Lazy<IReadOnlyList<VipsImageSource>> _coarser;

    public VipsPyramidSource(VipsImageSource finest, int levelCount, Func<int, GObjectHandle> open)
    {
        _finest = finest;
        _coarser = new(() => [.. Enumerable.Range(1, Math.Max(0, levelCount - 1)).Select(level => Level(open(level)))]);
    }

    public ImageDescription Description => _finest.Description;

    public IReadOnlyList<IImageSource> Levels => [_finest, .. _coarser.Value];

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        _finest.ReadAsync(region, destination, cancellationToken);

    public void Dispose()
    {
        if (_coarser.IsValueCreated)
            foreach (var level in _coarser.Value)
                level.Image.Dispose();
    }

    private VipsImageSource Level(GObjectHandle image)
    {
        var (width, height) = (LibVips.GetWidth(image), LibVips.GetHeight(image));
        var axes = Description.Axes.Select(axis => axis.Name switch
        {
            "x" => Coarser(axis, width),
            "y" => Coarser(axis, height),
            _ => axis,
        });
        return new VipsImageSource(image, Description with { Axes = [.. axes] }, _finest.File, height, firstBand: 0);
    }

    private static Axis Coarser(Axis axis, int size) =>
        new(axis.Name, size, axis.Role) { Scale = axis.Scale * axis.Size / size, Offset = axis.Offset, Unit = axis.Unit };
}
