using System.Text;
using Stemma.Formats.Png;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Png;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 8, PixelType.UInt8)]
    [InlineData(3, 8, PixelType.Rgb8)]
    [InlineData(1, 16, PixelType.UInt16)]
    [InlineData(3, 16, PixelType.Rgb16)]
    public async Task Gives_back_every_pixel_through_another_decoder(int channels, int bitDepth, PixelType type)
    {
        const int width = 37, height = 23;
        var pixels = new byte[width * height * type.Bytes];
        new Random(5).NextBytes(pixels);
        using var file = new TemporaryFile("random.png", PngWriter.Encode(width, height, channels, bitDepth, pixels));
        await using var content = await file.Open();
        var image = content.Images.ShouldHaveSingleItem();
        image.Description.PixelType.ShouldBe(type);
        image.Description.Shape.ShouldBe([height, width]);
        image.Description.Axes.ShouldAllBe(axis => axis.Scale == null && axis.Unit == null);
        (await PixelDigest.Read(image)).ShouldBe(pixels);
    }

    [Fact]
    public async Task Carries_pixel_size_and_text()
    {
        var metadata = new PngMetadata(2e-9, [("Author", "Jörg Ångström"), ("Software", "Stemma 0.1")]);
        using var file = new TemporaryFile("sem.png", PngWriter.Encode(8, 4, 1, 8, new byte[32], metadata));
        await using var content = await file.Open();
        foreach (var axis in content.Images[0].Description.Axes)
        {
            axis.Unit.ShouldBe("nm");
            axis.Scale!.Value.ShouldBe(2, 1e-9);
        }

        content.Acquisition.Values["operator"].Value.GetValue<string>().ShouldBe("Jörg Ångström");
        content.Acquisition.Values["software"].Value.GetValue<string>().ShouldBe("Stemma 0.1");
        content.Acquisition.Values["pixel_size"].Value.GetValue<double>().ShouldBe(2e-9, 1e-15);
    }

    [Fact]
    public void Chunks_carry_the_checksum_of_the_specification()
    {
        // The CRC of an empty IEND chunk is in every PNG there is: AE 42 60 82.
        var file = PngWriter.Encode(1, 1, 1, 8, [7]);
        file[^12..].ShouldBe([0, 0, 0, 0, .. Encoding.ASCII.GetBytes("IEND"), 0xAE, 0x42, 0x60, 0x82]);
    }

    [Fact]
    public void Refuses_pixels_that_do_not_fit()
    {
        Should.Throw<ArgumentException>(() => PngWriter.Encode(4, 4, 1, 8, new byte[15])).Message.ShouldContain("Expected 16 bytes");
        Should.Throw<ArgumentException>(() => PngWriter.Encode(4, 4, 2, 8, new byte[32])).Message.ShouldContain("channels");
        Should.Throw<ArgumentException>(() => PngWriter.Encode(4, 4, 1, 8, new byte[16], new PngMetadata(1e-12))).Message.ShouldContain("pixel size");
    }
}
