using System.Runtime.InteropServices;
using Stemma.Imaging.Demo;
using Stemma.Imaging.Previews;

namespace Stemma.Imaging.Tests.Previews;

public sealed class MeanSpectrumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Means_agree_with_plain_loops_wherever_the_spectral_axis_stands(int spectral)
    {
        long[] shape = [7, 5, 6];
        var image = Image(shape, spectral);
        var values = MemoryMarshal.Cast<byte, float>(image.Pixels.Span).ToArray();
        var sums = new double[shape[spectral]];
        var counts = new int[shape[spectral]];
        for (var i = 0; i < values.Length; i++)
            if (float.IsFinite(values[i]))
            {
                long[] at = [i / 30, i / 6 % 5, i % 6];
                sums[at[spectral]] += values[i];
                counts[at[spectral]]++;
            }

        var (means, positions) = await MeanSpectrum.ReadAsync(image, spectral, long.MaxValue / 1000, TestContext.Current.CancellationToken);

        positions.ShouldBe(210 / shape[spectral]);
        for (var channel = 0; channel < means.Length; channel++)
            means[channel].ShouldBe((float)(sums[channel] / counts[channel]), 1e-4f);
    }

    [Theory]
    [InlineData(0, 60, 6)]
    [InlineData(2, 60, 10)]
    [InlineData(2, 12, 2)]
    public async Task Of_a_large_image_only_so_much_is_read(int spectral, long budget, long expected)
    {
        var image = Image([6, 5, 6], spectral);
        var (means, positions) = await MeanSpectrum.ReadAsync(image, spectral, budget, TestContext.Current.CancellationToken);
        means.Length.ShouldBe(6);
        positions.ShouldBe(expected);
    }

    [Fact]
    public async Task The_demo_has_a_curve_along_energy_and_a_picture_without_spectra_has_none()
    {
        var demo = SpectrumImage.Create();
        var curve = (await MeanSpectrum.ComputeAsync(new MemoryImageSource(demo.Description, demo.Pixels), TestContext.Current.CancellationToken))!;
        (curve.Low.LongLength, curve.Spectra, curve.LogarithmicUnit).ShouldBe((demo.Description.Shape[0], 2304, null));
        curve.High.ShouldBe(curve.Low);
        var plane = DiffractionRings.Create();
        (await MeanSpectrum.ComputeAsync(new MemoryImageSource(plane.Description, plane.Pixels), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_spectrum_by_itself_is_its_own_curve(int positionAxes)
    {
        long[] shape = [.. Enumerable.Repeat(1L, positionAxes), 5];
        float[] values = [3, float.NaN, 0, 7, 1];
        Axis[] axes = [.. shape.Select((size, at) => at == shape.Length - 1 ? new Axis("energy", size) { Scale = 1, Unit = "eV" } : new Axis($"position {at}", size, AxisRole.Navigation))];
        var image = new MemoryImageSource(new ImageDescription(null, PixelType.Float32, axes), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        var curve = (await MeanSpectrum.ComputeAsync(image, TestContext.Current.CancellationToken))!;
        curve.Spectra.ShouldBe(1);
        curve.High.ShouldBe(values);
        curve.Low.ShouldBe(values);
    }

    [Fact]
    public void A_long_curve_keeps_its_extremes_and_says_where_heights_are_logarithmic()
    {
        float[] means = [.. Enumerable.Range(0, 1000).Select(channel => channel switch { 7 => 1e6f, 500 or 501 => float.NaN, _ => 1 + (channel % 2) })];
        var curve = MeanCurve.Of(means, 3, 500);
        (curve.Low.Length, curve.Low[3], curve.High[3]).ShouldBe((500, 1f, 1e6f));
        (curve.Low[4], curve.High[4]).ShouldBe((1f, 2f));
        float.IsNaN(curve.Low[250]).ShouldBeTrue();
        curve.LogarithmicUnit.ShouldBe(10);
        MeanCurve.Of([float.NaN], 0, 500).LogarithmicUnit.ShouldBeNull();
    }

    [Fact]
    public async Task Of_spectra_too_long_to_sum_no_mean_is_taken_and_nothing_is_read()
    {
        (await MeanSpectrum.ComputeAsync(new Unreadable([4, 4, MeanSpectrum.MaxChannels + 1]), TestContext.Current.CancellationToken)).ShouldBeNull();
        await Should.ThrowAsync<NotSupportedException>(async () => await MeanSpectrum.ComputeAsync(new Unreadable([4, 4, MeanSpectrum.MaxChannels]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_count_of_pixels_past_all_numbers_is_an_overflow_and_no_division_by_zero() =>
        await Should.ThrowAsync<OverflowException>(async () => await MeanSpectrum.ReadAsync(new Unreadable([2, 1L << 60, 16]), 2, MeanSpectrum.MaxPixelsRead, TestContext.Current.CancellationToken));

    /// <summary>A spectrum image that says its size alone.</summary>
    private sealed class Unreadable(long[] shape) : IImageSource
    {
        public ImageDescription Description { get; } = new(null, PixelType.Float32,
            [new Axis("y", shape[0], AxisRole.Navigation), new Axis("x", shape[1], AxisRole.Navigation), new Axis("energy", shape[2]) { Scale = 1, Unit = "eV" }]);

        public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private static MemoryImageSource Image(long[] shape, int spectral)
    {
        var random = new Random(spectral);
        var values = Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => i % 17 == 3 ? float.NaN : (float)random.NextDouble()).ToArray();
        var names = new Queue<string>(["y", "x"]);
        var axes = shape.Select((size, axis) => axis == spectral
            ? new Axis("energy", size) { Scale = 1, Unit = "eV" } : new Axis(names.Dequeue(), size, AxisRole.Navigation)).ToArray();
        return new MemoryImageSource(new ImageDescription(null, PixelType.Float32, axes), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
