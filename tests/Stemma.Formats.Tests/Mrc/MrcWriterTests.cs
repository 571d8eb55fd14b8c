using System.Runtime.InteropServices;
using Stemma.Formats.Mrc;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Mrc;

public sealed class MrcWriterTests
{
    [Theory]
    [InlineData(PixelType.Int8)]
    [InlineData(PixelType.UInt8)]
    [InlineData(PixelType.Int16)]
    [InlineData(PixelType.UInt16)]
    [InlineData(PixelType.Float32)]
    [InlineData(PixelType.Rgb8)]
    public async Task Pixels_type_and_calibration_come_back(PixelType type)
    {
        var description = new ImageDescription(null, type,
            [new Axis("z", 4) { Scale = 2, Offset = 8, Unit = "nm" }, new Axis("y", 3) { Scale = 0.0005, Offset = 0.001, Unit = "µm" }, new Axis("x", 5) { Scale = 2.5, Offset = 0, Unit = "Å" }]);
        // Without a byte beyond 127, so that nothing but the header's word tells the sign.
        var pixels = new byte[60 * type.Bytes];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 61);

        using var file = await Write(description, pixels, ["one", "two"]);
        await using var content = await file.Open();

        var image = content.Images.ShouldHaveSingleItem();
        image.Description.PixelType.ShouldBe(type);
        (await PixelDigest.Read(image)).ShouldBe(pixels);
        image.Description.Axes.Select(axis => (axis.Name, axis.Size, axis.Role, axis.Unit, Math.Round(axis.Scale!.Value, 6), Math.Round(axis.Offset!.Value, 6))).ShouldBe(
            [("z", 4L, AxisRole.Signal, "nm", 2.0, 8.0), ("y", 3L, AxisRole.Signal, "nm", 0.5, 1.0), ("x", 5L, AxisRole.Signal, "nm", 0.25, 0.0)]);
        content.Original["header"]!["label"]!.AsArray().Select(label => label!.GetValue<string>()).ShouldBe(["one", "two"]);
        content.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Header_has_the_statistics_of_the_pixels()
    {
        float[] values = [1, -2, 3, 6];
        using var file = await Write(new ImageDescription(null, PixelType.Float32, [new Axis("y", 2), new Axis("x", 2)]), MemoryMarshal.AsBytes<float>(values).ToArray(), []);
        await using var content = await file.Open();

        var header = content.Original["header"]!;
        header["dmin"]!.GetValue<float>().ShouldBe(-2f);
        header["dmax"]!.GetValue<float>().ShouldBe(6f);
        header["dmean"]!.GetValue<float>().ShouldBe(2f);
        header["rms"]!.GetValue<float>().ShouldBe(MathF.Sqrt(8.5f), 1e-6f);
        content.Images[0].Description.Axes.ShouldAllBe(axis => axis.Scale == null);
    }

    [Fact]
    public async Task What_MRC_cannot_hold_is_refused()
    {
        Axis[] axes = [new Axis("y", 2), new Axis("x", 2)];
        await Should.ThrowAsync<ArgumentException>(() => Write(new ImageDescription(null, PixelType.Float64, axes), new byte[32], []));
        await Should.ThrowAsync<ArgumentException>(() => Write(new ImageDescription(null, PixelType.UInt8, axes), new byte[5], []));
        await Should.ThrowAsync<ArgumentException>(() => Write(new ImageDescription(null, PixelType.UInt8, axes), new byte[4], [new string('a', 81)]));
    }

    private static async Task<TemporaryFile> Write(ImageDescription description, byte[] pixels, string[] labels)
    {
        using var stream = new MemoryStream();
        await MrcWriter.WriteAsync(stream, description, pixels, labels, TestContext.Current.CancellationToken);
        return new TemporaryFile("a.mrc", stream.ToArray());
    }
}
