using Stemma.Imaging;

namespace Stemma.Worker.Reading;

/// <summary>Says with every region read that the reader goes on; long pictures are then told apart from hanging ones.</summary>
internal sealed class WatchedImageSource(IImageSource source, Action alive) : IImageSource
{
    public ImageDescription Description => source.Description;

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        alive();
        return source.ReadAsync(region, destination, cancellationToken);
    }
}

/// <summary>The same for an image with smaller copies of itself.</summary>
internal sealed class WatchedPyramid(IPyramidImageSource pyramid, Action alive) : IPyramidImageSource
{
    public ImageDescription Description => pyramid.Description;

    public IReadOnlyList<IImageSource> Levels { get; } = [.. pyramid.Levels.Select(level => new WatchedImageSource(level, alive))];

    public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        alive();
        return pyramid.ReadAsync(region, destination, cancellationToken);
    }
}
