using System.Diagnostics;
using System.Runtime.InteropServices;
using Stemma.Imaging.Previews;

namespace Stemma.Imaging.Tests.Previews;

public sealed class PreviewRendererTests
{
    [Theory]
    [InlineData(100, 70, 32)]
    [InlineData(64, 64, 32)]
    [InlineData(33, 97, 16)]
    public void Area_averages_agree_with_plain_loops(int width, int height, int edge)
    {
        var random = new Random(width);
        var values = Enumerable.Range(0, width * height).Select(i => i % 41 == 0 ? float.NaN : (float)random.NextDouble() * 100).ToArray();
        var scale = (double)Math.Max(width, height) / edge;
        var (w, h) = ((int)Math.Round(width / scale), (int)Math.Round(height / scale));
        var reduced = AreaAverage.Reduce(values, width, height, w, h, 1);
        for (var y = 0; y < h; y++)
            for (var x = 0; x < w; x++)
                reduced[(y * w) + x].ShouldBe(Mean(values, width, height, w, h, x, y), 0.01f);
    }

    [Theory]
    [InlineData(100, 70, 100, 35)]
    [InlineData(61, 40, 61, 40)]
    [InlineData(50, 64, 25, 64)]
    public void What_is_no_number_is_left_out_of_averages_and_shows_only_where_there_is_nothing_else(int width, int height, int w, int h)
    {
        var values = new float[width * height];
        Array.Fill(values, 3f);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if (x < width / 2 && y < height / 2 || (x + y) % 5 == 0)
                    values[(y * width) + x] = (x % 3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
        var average = new AreaAverage(width, height, w, h, 1);
        for (var y = 0; y < height; y++)
            average.Add(values.AsSpan(y * width, width), y, y + 1);
        average.Finish();
        average.Pixels[0].ShouldBe(float.NaN);
        for (var y = 0; y < h; y++)
            for (var x = 0; x < w; x++)
                if (float.IsNaN(Mean(values, width, height, w, h, x, y)))
                    average.Pixels[(y * w) + x].ShouldBe(float.NaN);
                else
                    average.Pixels[(y * w) + x].ShouldBe(3, 1e-5);
    }

    [Theory]
    [InlineData("uint8")]
    [InlineData("int8")]
    [InlineData("uint16")]
    [InlineData("int16")]
    public void Small_integers_become_the_same_numbers_whatever_their_count(string type)
    {
        var pixelType = PixelTypes.Parse(type);
        var bytes = Bytes(173 * pixelType.Bytes, 9);
        var values = new float[173];
        SampleConverter.ToFloat(pixelType, bytes, values);
        for (var i = 0; i < values.Length; i++)
            values[i].ShouldBe(type switch { "uint8" => bytes[i], "int8" => (sbyte)bytes[i], "uint16" => BitConverter.ToUInt16(bytes, i * 2), _ => BitConverter.ToInt16(bytes, i * 2) });
    }

    [Fact]
    public async Task A_small_photograph_is_shown_pixel_for_pixel()
    {
        var pixels = Bytes(48 * 31, 1);
        var preview = await One(Image(PixelType.UInt8, pixels, ("y", 31), ("x", 48)), 512);
        (preview.Width, preview.Height, preview.Channels).ShouldBe((48, 31, 1));
        preview.Pixels.ShouldBe(pixels);
        preview.SourcePixelsPerPreviewPixel.ShouldBe(1);
        preview.WhatIsShown.ShouldBe("the whole image");
    }

    [Fact]
    public async Task Both_sizes_fit_their_edges_and_say_how_much_they_were_reduced()
    {
        var image = Image(PixelType.UInt16, Bytes(3000 * 1000 * 2, 2), ("y", 1000), ("x", 3000));
        var previews = await PreviewRenderer.RenderAsync(image, [512, 2048], TestContext.Current.CancellationToken);
        previews.Select(preview => (preview.Width, preview.Height)).ShouldBe([(512, 171), (2048, 683)]);
        previews[0].SourcePixelsPerPreviewPixel!.Value.ShouldBe(3000.0 / 512, 0.001);
        previews[1].SourcePixelsPerPreviewPixel!.Value.ShouldBe(3000.0 / 2048, 0.001);
        previews.ShouldAllBe(preview => preview.HorizontalAxis == 1 && preview.VerticalAxis == 0);
    }

    [Fact]
    public async Task Colours_keep_their_places_and_transparency_shows_white()
    {
        byte[] pixels = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 0];
        var preview = await One(Image(PixelType.Rgba8, pixels, ("y", 2), ("x", 2)), 512);
        preview.Channels.ShouldBe(3);
        preview.Pixels.ShouldBe([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    }

    [Fact]
    public async Task A_stack_shows_its_middle_plane()
    {
        var pixels = Bytes(7 * 20 * 30, 3);
        var preview = await One(Image(PixelType.UInt8, pixels, ("t", 7), ("y", 20), ("x", 30)), 512);
        preview.WhatIsShown.ShouldBe("middle of 7 planes along t");
        preview.Pixels.ShouldBe(pixels[(3 * 600)..(4 * 600)]);
    }

    [Fact]
    public async Task Axes_in_another_order_are_turned_upright()
    {
        var pixels = Bytes(30 * 20, 4);
        var preview = await One(Image(PixelType.UInt8, pixels, ("x", 30), ("y", 20)), 512);
        (preview.Width, preview.Height).ShouldBe((30, 20));
        for (var y = 0; y < 20; y++)
            for (var x = 0; x < 30; x++)
                preview.Pixels[(y * 30) + x].ShouldBe(pixels[(x * 20) + y]);
    }

    [Fact]
    public async Task A_volume_shows_three_central_slices_when_it_is_dense()
    {
        var (width, height, depth) = (24, 20, 16);
        var pixels = Bytes(width * height * depth, 5);
        var preview = await One(Image(PixelType.UInt8, pixels, ("z", depth), ("y", height), ("x", width)), 512);
        preview.WhatIsShown.ShouldBe("central slices along z, y and x of 24 × 20 × 16");
        (preview.Width, preview.Height).ShouldBe((width + 4 + depth, height + 4 + depth));
        int Voxel(int x, int y, int z) => pixels[(((z * height) + y) * width) + x];
        ((double)preview.Pixels[(5 * preview.Width) + 7]).ShouldBe(Voxel(7, 5, depth / 2), 3);
        ((double)preview.Pixels[((height + 4 + 3) * preview.Width) + 7]).ShouldBe(Voxel(7, height / 2, 3), 3);
        ((double)preview.Pixels[(5 * preview.Width) + width + 4 + 3]).ShouldBe(Voxel(width / 2, 5, 3), 3);
    }

    [Fact]
    public async Task A_sparse_volume_shows_its_brightest_voxels()
    {
        var pixels = new byte[20 * 20 * 20];
        pixels[(3 * 400) + (5 * 20) + 7] = 200;
        pixels[(18 * 400) + (15 * 20) + 2] = 250;
        for (var i = 0; i < 60; i++)
            pixels[4000 + (i * 61)] = 220;
        var preview = await One(Image(PixelType.UInt8, pixels, ("z", 20), ("y", 20), ("x", 20)), 512);
        preview.WhatIsShown.ShouldStartWith("maximum projections");
        preview.Pixels[(5 * preview.Width) + 7].ShouldBeGreaterThan((byte)190);
        preview.Pixels[(15 * preview.Width) + 2].ShouldBeGreaterThan((byte)240);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_spectrum_image_shows_the_mean_over_its_spectra(bool energyFirst)
    {
        var (e, h, w) = (50, 6, 9);
        var values = new float[e * h * w];
        var random = new Random(8);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.NextDouble();
        float At(int energy, int y, int x) => energyFirst ? values[(((energy * h) + y) * w) + x] : values[(((y * w) + x) * e) + energy];
        Axis[] space = [new Axis("y", h, AxisRole.Navigation), new Axis("x", w, AxisRole.Navigation)];
        var spectrum = new Axis("energy", e) { Unit = "eV", Scale = 1 };
        var image = new MemoryImageSource(new ImageDescription(null, PixelType.Float32, energyFirst ? [spectrum, .. space] : [.. space, spectrum]), MemoryMarshal.AsBytes<float>(values).ToArray());
        var preview = await One(image, 512);
        preview.WhatIsShown.ShouldBe("mean over energy (50 channels)");
        (preview.Width, preview.Height).ShouldBe((w, h));
        for (var y = 0; y < h; y++)
            for (var x = 0; x < w; x++)
            {
                var mean = Enumerable.Range(0, e).Average(energy => At(energy, y, x));
                var expected = Math.Clamp((mean - preview.Range.Low) / (preview.Range.High - preview.Range.Low) * 255, 0, 255);
                ((double)preview.Pixels[(y * w) + x]).ShouldBe(expected, 0.6);
            }
    }

    [Fact]
    public async Task A_scan_of_patterns_shows_the_mean_of_each()
    {
        var values = new byte[3 * 4 * 8 * 8];
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)(i / 64 * 20);
        Axis[] axes = [new Axis("y", 3, AxisRole.Navigation), new Axis("x", 4, AxisRole.Navigation), new Axis("ky", 8), new Axis("kx", 8)];
        var preview = await One(new MemoryImageSource(new ImageDescription(null, PixelType.UInt8, axes), values), 512);
        preview.WhatIsShown.ShouldBe("mean of the pattern at each of 4 × 3 positions");
        preview.Pixels.ShouldBe([.. Enumerable.Range(0, 12).Select(i => (byte)(i * 20))]);
    }

    [Fact]
    public async Task A_spectrum_is_drawn_with_its_peak_where_it_is()
    {
        var values = Enumerable.Range(0, 4000).Select(i => 2f + (i % 7)).ToArray();
        values[1000] = 100;
        var preview = await One(new MemoryImageSource(new ImageDescription(null, PixelType.Float32, [new Axis("energy", 4000) { Scale = 1, Unit = "eV" }]), MemoryMarshal.AsBytes<float>(values).ToArray()), 512);
        preview.IsDrawing.ShouldBeTrue();
        preview.Channels.ShouldBe(3);
        preview.SourcePixelsPerPreviewPixel.ShouldBeNull();
        (preview.Range.Low, preview.Range.High).ShouldBe((2, 100));

        // Halfway up only the peak is blue: at a quarter of the frame's width.
        var row = preview.Height / 2;
        var blue = Enumerable.Range(20, preview.Width - 24).Where(x => preview.Pixels[((row * preview.Width) + x) * 3] < 200).ToArray();
        blue.ShouldNotBeEmpty();
        blue.ShouldAllBe(x => Math.Abs(x - (12 + (0.25 * 487))) < 4);
    }

    [Fact]
    public async Task A_peak_that_dwarfs_the_rest_makes_the_heights_logarithmic()
    {
        var values = Enumerable.Range(0, 1024).Select(i => 1f + (i % 5)).ToArray();
        values[20] = 1e6f;
        var preview = await One(new MemoryImageSource(new ImageDescription(null, PixelType.Float32, [new Axis("energy", 1024)]), MemoryMarshal.AsBytes<float>(values).ToArray()), 512);
        preview.WhatIsShown.ShouldBe("1024 points along energy, logarithmic");
    }

    [Fact]
    public void A_series_without_a_length_along_z_is_no_volume()
    {
        ImageDescription Stack(Axis z) => new(null, PixelType.UInt16, [z, new Axis("y", 100), new Axis("x", 100)]);
        PreviewPlan.For(Stack(new Axis("z", 60, AxisRole.Navigation))).Kind.ShouldBe(PreviewKind.Plane);
        PreviewPlan.For(Stack(new Axis("z", 60, AxisRole.Navigation) { Scale = 2, Unit = "µm" })).Kind.ShouldBe(PreviewKind.Volume);
        PreviewPlan.For(Stack(new Axis("z", 60))).Kind.ShouldBe(PreviewKind.Volume);
        PreviewPlan.For(Stack(new Axis("z", 5))).WhatIsShown.ShouldBe("middle of 5 planes along z");
        PreviewPlan.For(Stack(new Axis("z", 60) { Scale = 0.5, Unit = "eV" })).Averaged.ShouldBe([0]);
    }

    [Fact]
    public async Task Complex_images_show_the_logarithm_of_their_magnitude()
    {
        float[] values = [1, 0, 0, 10, 60, 80, 0, 0];
        var image = new MemoryImageSource(new ImageDescription(null, PixelType.Complex64, [new Axis("y", 2), new Axis("x", 2)]), MemoryMarshal.AsBytes<float>(values).ToArray());
        var preview = await One(image, 512);
        (preview.Range.Low, preview.Range.High).ShouldBe((0, 2));
        preview.Pixels.ShouldBe([0, 128, 255, 0]);
        preview.WhatIsShown.ShouldEndWith("logarithm of the magnitude");
    }

    [Theory]
    [InlineData(new[] { "y", "x" }, new[] { 200_000L, 300_000L })]
    [InlineData(new[] { "z", "y", "x" }, new[] { 2_000L, 4_000L, 4_000L })]
    [InlineData(new[] { "y", "x", "energy" }, new[] { 1_000L, 1_000L, 4_096L })]
    [InlineData(new[] { "y", "x", "ky", "kx" }, new[] { 256L, 256L, 256L, 256L })]
    [InlineData(new[] { "energy", "y", "x" }, new[] { 50_000L, 512L, 512L })]
    [InlineData(new[] { "x" }, new[] { 3_000_000_000L })]
    [InlineData(new[] { "y", "x" }, new[] { 3L, 2_000_000_000L })]
    public async Task Work_is_bounded_for_images_of_any_size(string[] names, long[] sizes)
    {
        var isScan = names.Contains("energy") || names.Contains("kx");
        var source = new EndlessImage([.. names.Zip(sizes, (name, size) => new Axis(name, size, isScan && name is "x" or "y" && isScan ? AxisRole.Navigation : AxisRole.Signal))]);
        var clock = Stopwatch.StartNew();
        const long budget = 16 << 20;
        var previews = await PreviewRenderer.RenderAsync(source, [512, 2048], budget, TestContext.Current.CancellationToken);
        previews.ShouldAllBe(preview => preview.Width <= 2048 && preview.Height <= 2048);
        source.PixelsRead.ShouldBeLessThanOrEqualTo(budget * 5 / 4);
        source.LargestRead.ShouldBeLessThanOrEqualTo(budget);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static async Task<PreviewImage> One(IImageSource image, int edge) => (await PreviewRenderer.RenderAsync(image, [edge], TestContext.Current.CancellationToken))[0];

    private static MemoryImageSource Image(PixelType type, byte[] pixels, params (string Name, int Size)[] axes) =>
        new(new ImageDescription(null, type, [.. axes.Select(axis => new Axis(axis.Name, axis.Size))]), pixels);

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static float Mean(float[] values, int width, int height, int w, int h, int x, int y)
    {
        var (left, right, top, bottom) = ((double)x * width / w, (x + 1.0) * width / w, (double)y * height / h, (y + 1.0) * height / h);
        double sum = 0, weight = 0;
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
            {
                var share = Math.Max(0, Math.Min(right, column + 1) - Math.Max(left, column)) * Math.Max(0, Math.Min(bottom, row + 1) - Math.Max(top, row));
                if (share > 0 && float.IsFinite(values[(row * width) + column]))
                    (sum, weight) = (sum + (share * values[(row * width) + column]), weight + share);
            }

        return (float)(sum / weight);
    }

    /// <summary>An image of any size that counts what is read of it.</summary>
    private sealed class EndlessImage(Axis[] axes) : IImageSource
    {
        public ImageDescription Description { get; } = new(null, PixelType.UInt8, axes);

        public long PixelsRead { get; private set; }

        public long LargestRead { get; private set; }

        public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            region.CheckInside(Description.Shape);
            PixelsRead += region.PixelCount;
            LargestRead = Math.Max(LargestRead, region.PixelCount);
            destination.Span[..(int)region.PixelCount].Fill((byte)region.Origin[0]);
            return ValueTask.CompletedTask;
        }
    }
}
