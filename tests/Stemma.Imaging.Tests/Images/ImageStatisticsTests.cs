using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stemma.Imaging.Tests.Images;

public sealed class ImageStatisticsTests
{
    [Fact]
    public async Task Small_integers_have_the_statistics_one_computes_by_hand()
    {
        var statistics = await Compute<byte>(PixelType.UInt8, [2, 2], [1, 2, 3, 4]);

        statistics.Min.ShouldBe(1);
        statistics.Max.ShouldBe(4);
        statistics.Mean.ShouldBe(2.5);
        statistics.Std.ShouldBe(Math.Sqrt(1.25));
        statistics.Imaginary.ShouldBeNull();
        // `printf '\001\002\003\004' | sha256sum`
        statistics.Sha256.ShouldBe("9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a");
    }

    [Fact]
    public async Task A_long_series_agrees_with_a_naive_two_pass_computation()
    {
        var random = new Random(7);
        var values = new float[5 * 37 * 211];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(1e4 + random.NextDouble());

        var statistics = await Compute(PixelType.Float32, [5, 37, 211], values);

        // Decimals carry 28 digits: an independent, wider arithmetic.
        var exact = values.Select(value => (decimal)(double)value).ToArray();
        var mean = exact.Average();
        var variance = exact.Select(value => (value - mean) * (value - mean)).Average();
        statistics.Mean!.Value.ShouldBe((double)mean, 1e-11);
        statistics.Std!.Value.ShouldBe(Math.Sqrt((double)variance), 1e-11);
        statistics.Min.ShouldBe(values.Min());
        statistics.Max.ShouldBe(values.Max());
        statistics.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(97)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task The_chunk_size_changes_no_bit(int chunkBytes)
    {
        var random = new Random(11);
        var values = new double[7 * 13 * 101];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextDouble() * Math.Pow(10, random.Next(-6, 6));

        var whole = await Compute(PixelType.Float64, [7, 13, 101], values);
        var pieces = await Compute(PixelType.Float64, [7, 13, 101], values, chunkBytes);

        pieces.ShouldBe(whole);
    }

    [Fact]
    public async Task Complex_images_give_both_parts_and_the_deviation_of_the_complex_values()
    {
        var statistics = await Compute<float>(PixelType.Complex64, [2], [1, -1, 3, 5]);

        (statistics.Min, statistics.Max, statistics.Mean).ShouldBe((1, 3, 2));
        statistics.Imaginary.ShouldBe(new ImaginaryStatistics(-1, 5, 2));
        // Deviations are ∓1 ∓ 3i.
        statistics.Std!.Value.ShouldBe(Math.Sqrt(10), 1e-15);
    }

    [Fact]
    public async Task Colour_runs_over_the_interleaved_channels()
    {
        var statistics = await Compute<byte>(PixelType.Rgb8, [1, 2], [0, 1, 2, 3, 4, 5]);

        (statistics.Min, statistics.Max, statistics.Mean).ShouldBe((0, 5, 2.5));
    }

    [Fact]
    public async Task Numbers_that_are_not_finite_are_counted_and_left_out()
    {
        var statistics = await Compute(PixelType.Float32, [4], [1f, float.NaN, 3f, float.PositiveInfinity]);

        statistics.NotFinite.ShouldBe(2);
        (statistics.Min, statistics.Max, statistics.Mean).ShouldBe((1, 3, 2));
        var none = await Compute(PixelType.Float32, [1], [float.NaN]);
        (none.Min, none.Max, none.Mean, none.Std).ShouldBe((null, null, null, null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Regions_of_a_walk_follow_one_another_and_fill_the_image(long maxPixels)
    {
        long[] shape = [3, 4, 6];
        var seen = new List<long>();
        foreach (var region in RegionWalk.InOrder(shape, maxPixels))
        {
            region.CheckInside(shape);
            region.PixelCount.ShouldBeLessThanOrEqualTo(maxPixels);
            for (long z = 0; z < region.Size[0]; z++)
                for (long y = 0; y < region.Size[1]; y++)
                    for (long x = 0; x < region.Size[2]; x++)
                        seen.Add(((region.Origin[0] + z) * 4 + region.Origin[1] + y) * 6 + region.Origin[2] + x);
        }

        seen.ShouldBe(Enumerable.Range(0, 72).Select(index => (long)index));
    }

    private static ValueTask<ImageStatistics> Compute<T>(PixelType type, long[] shape, T[] values, int chunkBytes = ImageStatistics.DefaultChunkBytes) where T : unmanaged
        => ImageStatistics.ComputeAsync(new MemoryImage(type, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()), chunkBytes, TestContext.Current.CancellationToken);

    /// <summary>An image in memory, read pixel by pixel.</summary>
    private sealed class MemoryImage(PixelType type, long[] shape, byte[] pixels) : IImageSource
    {
        public ImageDescription Description { get; } = new(null, type, [.. shape.Select((size, axis) => new Axis($"axis{axis}", size))]);

        public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            region.CheckInside(shape);
            for (long i = 0; i < region.PixelCount; i++)
            {
                long rest = i, position = 0, step = 1;
                for (var axis = shape.Length - 1; axis >= 0; axis--)
                {
                    position += (region.Origin[axis] + rest % region.Size[axis]) * step;
                    rest /= region.Size[axis];
                    step *= shape[axis];
                }

                pixels.AsSpan((int)position * type.Bytes, type.Bytes).CopyTo(destination.Span[((int)i * type.Bytes)..]);
            }

            return ValueTask.CompletedTask;
        }
    }
}
