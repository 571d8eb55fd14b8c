namespace Stemma.Imaging;

/// <summary>An image whose file also holds it in coarser levels, as whole slides and JPEG 2000 do.</summary>
public interface IPyramidImageSource : IImageSource
{
    /// <summary>The image itself first, then ever coarser levels of the same axes and pixel type. Disposed with the image.</summary>
    IReadOnlyList<IImageSource> Levels { get; }
}
