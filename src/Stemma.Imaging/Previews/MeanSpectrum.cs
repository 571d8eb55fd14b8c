namespace Stemma.Imaging.Previews;

/// <summary>The mean spectrum of a spectrum image: the other half of what its picture averages away. Of a single spectrum, itself.</summary>
public static class MeanSpectrum
{
    /// <summary>Most pieces of a curve: longer spectra are told by the extremes of their pieces.</summary>
    public const int MaxBins = 2048;

    /// <summary>No more pixels than this are read; of larger images evenly spaced lines of positions.</summary>
    public const long MaxPixelsRead = 16L << 20;

    /// <summary>Of longer spectra no mean is taken: its sums are held in memory.</summary>
    public const long MaxChannels = 1 << 20;

    private const long PixelsAtATime = 2 << 20;

    /// <summary>Takes the mean; null where the image is neither a spectrum nor a spectrum image, or its spectra have more than <see cref="MaxChannels"/>.</summary>
    /// <exception cref="OverflowException">The image says that it has 2⁶³ pixels or more.</exception>
    public static async ValueTask<MeanCurve?> ComputeAsync(IImageSource source, CancellationToken cancellationToken = default)
    {
        if (SpectralAxis(source.Description) is not { } spectral || source.Description.Shape[spectral] > MaxChannels)
            return null;
        var (means, positions) = source.Description.Shape.Length == 1
            ? (await ReadSingleAsync(source, cancellationToken).ConfigureAwait(false), 1)
            : await ReadAsync(source, spectral, MaxPixelsRead, cancellationToken).ConfigureAwait(false);
        return MeanCurve.Of(means, positions, MaxBins);
    }

    /// <summary>The axis along which the picture is a curve, or over which it takes the mean, where it is one alone.</summary>
    private static int? SpectralAxis(ImageDescription description) => description.PixelType.IsColour || description.PixelType.IsComplex ? null : PreviewPlan.For(description) switch
    {
        { Kind: PreviewKind.Curve, Column: var along } => along,
        { Averaged: [var spectral] } => spectral,
        _ => null,
    };

    /// <summary>A spectrum that has no axes of positions.</summary>
    private static async ValueTask<float[]> ReadSingleAsync(IImageSource source, CancellationToken cancellationToken)
    {
        var (type, channels) = (source.Description.PixelType, source.Description.Shape[0]);
        var bytes = new byte[channels * type.Bytes];
        var values = new float[channels];
        await source.ReadAsync(new Region([0], [channels]), bytes, cancellationToken).ConfigureAwait(false);
        SampleConverter.ToFloat(type, bytes, values);
        return values;
    }

    /// <param name="budget">Pixels that may be read, about.</param>
    /// <returns>One mean for each channel (not a number where no value is finite), and of how many spectra.</returns>
    internal static async ValueTask<(float[] Means, long Positions)> ReadAsync(IImageSource source, int spectral, long budget, CancellationToken cancellationToken)
    {
        var shape = source.Description.Shape;
        var type = source.Description.PixelType;
        // Lines run along the slowest axis of positions; a line that is too long by itself is read in its middle.
        var slow = spectral == 0 ? 1 : 0;
        var size = shape.ToArray();
        size[slow] = 1;
        for (var axis = 0; axis < size.Length; axis++)
            if (axis != spectral && axis != slow)
                size[axis] = (long)Int128.Clamp((Int128)size[axis] * budget / Math.Max(budget, Product(size)), 1, size[axis]);
        var line = Product(size);
        var lines = Math.Clamp(budget / line, 1, shape[slow]);
        var together = lines == shape[slow] ? Math.Clamp(PixelsAtATime / line, 1, lines) : 1;

        var (sums, counts) = (new double[shape[spectral]], new long[shape[spectral]]);
        for (long done = 0; done < lines; done += together)
        {
            var origin = shape.Select((whole, axis) => (whole - size[axis]) / 2).ToArray();
            origin[slow] = lines == shape[slow] ? done : (long)((done + 0.5) * shape[slow] / lines);
            size[slow] = Math.Min(together, lines - done);
            // In pieces along the spectrum, so that memory does not grow with a long line.
            var channels = Math.Max(1, PixelsAtATime / (Product(size) / size[spectral]));
            for (long channel = 0; channel < shape[spectral]; channel += channels)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = size.ToArray();
                (origin[spectral], part[spectral]) = (channel, Math.Min(channels, shape[spectral] - channel));
                var bytes = new byte[Product(part) * type.Bytes];
                var values = new float[Product(part)];
                await source.ReadAsync(new Region(origin.ToArray(), part), bytes, cancellationToken).ConfigureAwait(false);
                SampleConverter.ToFloat(type, bytes, values);
                Add(values, part, spectral, (int)channel, sums, counts);
            }
        }

        size[slow] = lines;
        return ([.. sums.Select((sum, channel) => counts[channel] > 0 ? (float)(sum / counts[channel]) : float.NaN)], Product(size) / size[spectral]);
    }

    private static void Add(float[] values, long[] size, int spectral, int firstChannel, double[] sums, long[] counts)
    {
        var inner = (int)Product(size.AsSpan(spectral + 1));
        var channels = (int)size[spectral];
        for (var run = 0; run < values.Length / inner; run++)
        {
            var channel = firstChannel + (run % channels);
            foreach (var value in values.AsSpan(run * inner, inner))
                if (float.IsFinite(value))
                {
                    sums[channel] += value;
                    counts[channel]++;
                }
        }
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
            product = checked(product * size);
        return product;
    }
}
