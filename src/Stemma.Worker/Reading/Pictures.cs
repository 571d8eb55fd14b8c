using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Formats.Native;
using Stemma.Formats.Png;
using Stemma.Imaging;
using Stemma.Imaging.Previews;

namespace Stemma.Worker.Reading;

/// <summary>Makes the thumbnail and the large preview of images, of spectrum images the mean spectrum too, and says what they show.</summary>
internal sealed class Pictures(MadeArtifacts artifacts, List<string> warnings)
{
    private static readonly int[] Edges = [PreviewRenderer.PreviewEdge, PreviewRenderer.ThumbnailEdge];

    /// <returns>{width, height, shows, low, high, sourcePixelsPerPixel, horizontalAxis, verticalAxis} of the large preview; null where no picture could be made, which is a warning and no failure.</returns>
    public async Task<JsonObject?> MakeAsync(IImageSource image, int index, CancellationToken cancellationToken)
    {
        try
        {
            var pictures = await PreviewRenderer.RenderAsync(image, Edges, cancellationToken).ConfigureAwait(false);
            var (large, small) = (pictures[0], pictures[1]);
            // A small image is its own thumbnail.
            var isSmall = (small.Width, small.Height) == (large.Width, large.Height);
            Add(large, JpegEncoder.PreviewQuality, isSmall ? [$"preview-{index}", $"thumbnail-{index}"] : [$"preview-{index}"]);
            if (!isSmall)
                Add(small, JpegEncoder.ThumbnailQuality, $"thumbnail-{index}");
            await AddSpectrumAsync(image, index, cancellationToken).ConfigureAwait(false);
            return Describe(large);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            warnings.Add($"no picture of image {index}: {exception.Message}");
            return null;
        }
    }

    /// <summary>What the spectrum lacks, the picture need not lack too.</summary>
    private async Task AddSpectrumAsync(IImageSource image, int index, CancellationToken cancellationToken)
    {
        try
        {
            if (await MeanSpectrum.ComputeAsync(image, cancellationToken).ConfigureAwait(false) is { } curve)
                artifacts.Add($"spectrum-{index}", "application/json", JsonSerializer.SerializeToUtf8Bytes(Describe(curve)), $"spectrum-{index}");
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            warnings.Add($"no mean spectrum of image {index}: {exception.Message}");
        }
    }

    private void Add(PreviewImage picture, int quality, params string[] names)
    {
        if (IsLossless(picture))
            artifacts.Add(names[0], "image/png", PngWriter.Encode(picture.Width, picture.Height, picture.Channels, 8, picture.Pixels), names);
        else
            artifacts.Add(names[0], "image/jpeg", JpegEncoder.Encode(picture.Width, picture.Height, picture.Channels, picture.Pixels, quality), names);
    }

    private static JsonObject Describe(PreviewImage picture) => new()
    {
        ["width"] = picture.Width, ["height"] = picture.Height, ["shows"] = picture.WhatIsShown,
        ["low"] = Finite(picture.Range.Low), ["high"] = Finite(picture.Range.High), ["sourcePixelsPerPixel"] = Finite(picture.SourcePixelsPerPreviewPixel),
        ["horizontalAxis"] = picture.HorizontalAxis, ["verticalAxis"] = picture.VerticalAxis,
    };

    private static JsonObject Describe(MeanCurve curve) => new()
    {
        ["low"] = Finite(curve.Low), ["high"] = Finite(curve.High), ["spectra"] = curve.Spectra, ["logarithmicUnit"] = Finite(curve.LogarithmicUnit),
    };

    private static JsonArray Finite(float[] values) => [.. values.Select(value => float.IsFinite(value) ? JsonValue.Create(value) : null)];

    private static JsonValue? Finite(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>Lines, and images so small that people see them enlarged: what a lossy code adds would look like data.</summary>
    private static bool IsLossless(PreviewImage picture) => picture.IsDrawing || Math.Max(picture.Width, picture.Height) <= 256;
}
