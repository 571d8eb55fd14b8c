using Stemma.Formats.Tiff;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Tiff;

public sealed class ImageJTiffWriterTests
{
    [Theory]
    [InlineData(PixelType.UInt8)]
    [InlineData(PixelType.UInt16)]
    [InlineData(PixelType.Float32)]
    public async Task A_hyperstack_comes_back_with_pixels_and_axes(PixelType type)
    {
        Axis[] axes =
        [
            new Axis("t", 2, AxisRole.Navigation) { Scale = 2.5, Offset = 0, Unit = "s" }, new Axis("z", 3, AxisRole.Navigation) { Scale = 0.75, Offset = -1.5, Unit = "µm" },
            new Axis("c", 2, AxisRole.Navigation), new Axis("y", 5) { Scale = 0.3, Unit = "µm" }, new Axis("x", 7) { Scale = 0.7, Offset = 1.4, Unit = "µm" },
        ];
        var (content, pixels) = await RoundTrip(new ImageDescription(null, type, axes));
        await using var _ = content;

        var image = content.Images.ShouldHaveSingleItem();
        content.Variant.ShouldBe("TIFF (ImageJ)");
        content.Warnings.ShouldBeEmpty();
        image.Description.PixelType.ShouldBe(type);
        (await PixelDigest.Read(image)).ShouldBe(pixels);
        ShouldAgree(image.Description.Axes, axes);
        content.Acquisition.Values["pixel_size"].Value.GetValue<double>().ShouldBe(0.7e-6, 1e-13);
    }

    [Fact]
    public async Task A_spectrum_image_has_its_energies_back()
    {
        Axis[] axes =
        [
            new Axis("energy", 4) { Scale = 0.5, Offset = 250, Unit = "eV" }, new Axis("y", 2, AxisRole.Navigation) { Scale = 2, Unit = "nm" }, new Axis("x", 3, AxisRole.Navigation) { Scale = 2, Unit = "nm" },
        ];
        var (content, pixels) = await RoundTrip(new ImageDescription(null, PixelType.Float32, axes));
        await using var _ = content;

        ShouldAgree(content.Images.ShouldHaveSingleItem().Description.Axes, axes);
        (await PixelDigest.Read(content.Images[0])).ShouldBe(pixels);
    }

    [Fact]
    public async Task A_diffraction_pattern_has_reciprocal_axes_and_no_pixel_size()
    {
        Axis[] axes = [new Axis("ky", 3) { Scale = 0.02, Offset = -0.02, Unit = "1/nm" }, new Axis("kx", 5) { Scale = 0.02, Offset = -0.04, Unit = "1/nm" }];
        var (content, _) = await RoundTrip(new ImageDescription(null, PixelType.UInt8, axes));
        await using var __ = content;

        ShouldAgree(content.Images.ShouldHaveSingleItem().Description.Axes, axes);
        content.Acquisition.Values.Keys.ShouldNotContain("pixel_size");
    }

    [Fact]
    public async Task What_is_not_calibrated_stays_so()
    {
        var (content, _) = await RoundTrip(new ImageDescription(null, PixelType.UInt8, [new Axis("y", 3), new Axis("x", 5)]));
        await using var __ = content;

        content.Images.ShouldHaveSingleItem().Description.Axes.ShouldBe([new Axis("y", 3), new Axis("x", 5)]);
    }

    [Fact]
    public async Task What_ImageJ_cannot_hold_is_refused()
    {
        await Should.ThrowAsync<ArgumentException>(() => RoundTrip(new ImageDescription(null, PixelType.Float64, [new Axis("y", 3), new Axis("x", 5)])));
        await Should.ThrowAsync<ArgumentException>(() => RoundTrip(new ImageDescription(null, PixelType.UInt8, [new Axis("c", 2), new Axis("z", 2), new Axis("y", 3), new Axis("x", 5)])));
    }

    private static void ShouldAgree(IReadOnlyList<Axis> ours, IReadOnlyList<Axis> expected)
    {
        ours.Select(axis => (axis.Name, axis.Size, axis.Role, axis.Unit)).ShouldBe(expected.Select(axis => (axis.Name, axis.Size, axis.Role, axis.Unit)));
        foreach (var (axis, wanted) in ours.Zip(expected))
        {
            (axis.Scale ?? 0).ShouldBe(wanted.Scale ?? 0, 1e-9, axis.Name);
            (axis.Offset ?? 0).ShouldBe(wanted.Offset ?? 0, 1e-8, axis.Name);
        }
    }

    private static async Task<(FileSetContent Content, byte[] Pixels)> RoundTrip(ImageDescription description)
    {
        var pixels = new byte[Region.Whole(description.Shape).PixelCount * description.PixelType.Bytes];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 7 % 121);
        using var stream = new MemoryStream();
        await ImageJTiffWriter.WriteAsync(stream, description, pixels, cancellationToken: TestContext.Current.CancellationToken);
        // The open file outlives its name.
        using var file = new TemporaryFile("a.tif", stream.ToArray());
        return (await file.Open(), pixels);
    }
}
