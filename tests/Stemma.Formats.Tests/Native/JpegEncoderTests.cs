using Stemma.Formats.Native;

namespace Stemma.Formats.Tests.Native;

public sealed class JpegEncoderTests
{
    [Theory]
    [InlineData(1, JpegEncoder.ThumbnailQuality)]
    [InlineData(3, JpegEncoder.ThumbnailQuality)]
    [InlineData(3, JpegEncoder.PreviewQuality)]
    public void Decodes_to_nearly_the_same_picture(int channels, int quality)
    {
        const int width = 101, height = 67;
        var pixels = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < channels; c++)
                    pixels[(((y * width) + x) * channels) + c] = (byte)(128 + (60 * Math.Sin((x / 9.0) + c)) + (40 * Math.Cos(y / 7.0)));
        var (w, h, decoded) = TurboJpegDecoder.Decode(JpegEncoder.Encode(width, height, channels, pixels, quality), channels);
        (w, h).ShouldBe((width, height));
        pixels.Zip(decoded, (a, b) => Math.Abs(a - b)).Average().ShouldBeLessThan(channels == 1 ? 1.5 : 3);
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        Should.Throw<ArgumentException>(() => JpegEncoder.Encode(4, 4, 1, new byte[15], 85)).Message.ShouldContain("Expected 16 bytes");
        Should.Throw<ArgumentException>(() => JpegEncoder.Encode(70_000, 1, 1, new byte[70_000], 85)).Message.ShouldContain("65535");
        Should.Throw<ArgumentOutOfRangeException>(() => JpegEncoder.Encode(1, 1, 1, new byte[1], 0));
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package() =>
        new NativeLibraryMissingException(LibTurboJpeg.Library, LibTurboJpeg.Package).Message.ShouldBe(
            "The library libturbojpeg.so.0 is not installed; on Debian: apt-get install libturbojpeg0");
}
