using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Stemma.Formats.Native;
using Stemma.Formats.Png;
using Stemma.Formats.Tests.Native;
using Stemma.Formats.Vips;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Vips;

public sealed class VipsFormatTests
{
    /// <summary>A GIF of two frames, one pixel each: red, then blue. Made by hand after GIF89a, appendix F (code size 2: clear 100, pixel, end 101).</summary>
    private static readonly byte[] TwoFrames =
    [
        .. Encoding.ASCII.GetBytes("GIF89a"), 1, 0, 1, 0, 0x91, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0,
        0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0,
        0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x54, 0x01, 0,
        0x3B,
    ];

    [Theory]
    [InlineData("png_jpeg/imageio256.png")]
    [InlineData("png_jpeg/imageio_issue246.png")]
    [InlineData("wsi/CMU-1-Small-Region.svs")]
    [InlineData("wsi/small.svs")]
    public async Task Pixels_agree_with_other_readers(string sample)
    {
        var expected = Samples.Expected(sample).Readers.SelectMany(reader => reader.Images).Select(image => image.GetProperty("sha256").GetString());
        await using var content = await Read(Samples.Path(sample));
        Convert.ToHexStringLower(SHA256.HashData(await PixelDigest.Read(content.Images[0]))).ShouldBeOneOf([.. expected]);
    }

    [Theory]
    [InlineData("tiff_generic/int16_zstd.tif", PixelType.Int16)]
    [InlineData("tiff_generic/predictor-3-gray-f32.tif", PixelType.Float32)]
    [InlineData("tiff_generic/chessboard_GRAY_U16B.tif", PixelType.UInt16)]
    public async Task Reads_tiffs_of_any_compression_in_their_own_type(string sample, PixelType type)
    {
        var expected = Samples.Expected(sample).Readers.SelectMany(reader => reader.Images).Select(image => image.GetProperty("sha256").GetString());
        await using var content = await Read(Samples.Path(sample));
        content.Images[0].Description.PixelType.ShouldBe(type);
        Convert.ToHexStringLower(SHA256.HashData(await PixelDigest.Read(content.Images[0]))).ShouldBeOneOf([.. expected]);
    }

    [Fact]
    public async Task A_slide_is_calibrated_by_the_scanner()
    {
        await using var content = await Read(Samples.Path("wsi/CMU-1-Small-Region.svs"));
        var slide = content.Images[0];
        slide.Description.Axes.ShouldAllBe(axis => axis.Unit == "µm" && axis.Scale == 0.499);
        content.Warnings.ShouldHaveSingleItem().ShouldContain("label, macro, thumbnail");
        content.Acquisition.Values["objective_magnification"].Value.GetValue<double>().ShouldBe(20);
        content.Acquisition.Values["acquisition_time"].Value.GetValue<string>().ShouldBe("2009-12-29T09:59:15");
        ((IPyramidImageSource)slide).Levels.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Any_region_equals_the_crop_of_the_whole()
    {
        await using var content = await Read(Samples.Path("png_jpeg/imageio256.png"));
        await PixelDigest.RegionsShouldEqualCrops(content.Images[0], 1);
        using var file = new TemporaryFile("frames.gif", TwoFrames);
        await using var frames = await file.Open();
        await PixelDigest.RegionsShouldEqualCrops(frames.Images[0], 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_jpeg_reads_as_libjpeg_turbo_decodes_it(int channels)
    {
        const int width = 83, height = 59;
        var pixels = new byte[width * height * channels];
        new Random(4).NextBytes(pixels);
        var jpeg = JpegEncoder.Encode(width, height, channels, pixels, JpegEncoder.ThumbnailQuality);
        using var file = new TemporaryFile("noise.jpg", jpeg);
        await using var content = await file.Open();
        content.Variant.ShouldBe("JPEG");
        content.Images[0].Description.PixelType.ShouldBe(channels == 1 ? PixelType.UInt8 : PixelType.Rgb8);
        (await PixelDigest.Read(content.Images[0])).ShouldBe(TurboJpegDecoder.Decode(jpeg, channels).Pixels);
    }

    [Fact]
    public async Task Frames_of_an_animation_are_an_axis_of_time()
    {
        using var file = new TemporaryFile("frames.gif", TwoFrames);
        await using var content = await file.Open();
        var image = content.Images.ShouldHaveSingleItem();
        image.Description.Axes.Select(axis => (axis.Name, axis.Size)).ShouldBe([("t", 2), ("y", 1), ("x", 1)]);
        (await PixelDigest.Read(image, new Region([0, 0, 0], [1, 1, 1])))[..3].ShouldBe([255, 0, 0]);
        (await PixelDigest.Read(image, new Region([1, 0, 0], [1, 1, 1])))[..3].ShouldBe([0, 0, 255]);
    }

    [Theory]
    [InlineData(2835, false)]
    [InlineData(11811, false)]
    [InlineData(5_000_000, true)]
    public async Task Only_a_resolution_beyond_printing_calibrates(int perMetre, bool isReal)
    {
        using var file = new TemporaryFile("resolution.png", PngWriter.Encode(5, 3, 1, 8, new byte[15], new PngMetadata(1.0 / perMetre)));
        await using var content = await file.Open();
        var x = content.Images[0].Description.Axes[^1];
        (x.Scale is not null).ShouldBe(isReal);
        if (isReal)
            (x.Scale!.Value, x.Unit).ShouldBe((200, "nm"));
    }

    [Fact]
    public async Task Exif_is_kept_and_mapped()
    {
        var plain = JpegEncoder.Encode(16, 16, 1, new byte[256], 85);
        byte[] jpeg = [.. plain[..2], .. Exif((0x0131, "Camera Control 4.2"), (0x0132, "2019:03:04 05:06:07"), (0x013B, "J. Lau")), .. plain[2..]];
        using var file = new TemporaryFile("exif.jpg", jpeg);
        await using var content = await file.Open();
        content.Original["exif"]!["ifd0"]!["Software"]!.GetValue<string>().ShouldBe("Camera Control 4.2");
        content.Acquisition.Values["software"].Value.GetValue<string>().ShouldBe("Camera Control 4.2");
        content.Acquisition.Values["operator"].Value.GetValue<string>().ShouldBe("J. Lau");
        content.Acquisition.Values["acquisition_time"].Value.GetValue<string>().ShouldBe("2019-03-04T05:06:07");
        content.Acquisition.Values["acquisition_time_zone"].Value.GetValue<string>().ShouldBe("not recorded");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.02)]
    public async Task A_truncated_file_is_a_typed_error(double share)
    {
        var pixels = new byte[64 * 64];
        new Random(1).NextBytes(pixels);
        foreach (var (name, bytes) in new[] { ("cut.png", PngWriter.Encode(64, 64, 1, 8, pixels)), ("cut.jpg", JpegEncoder.Encode(64, 64, 1, pixels, 85)) })
        {
            using var file = new TemporaryFile(name, bytes.AsSpan(0, (int)(bytes.Length * share)));
            var error = await Should.ThrowAsync<FileReadException>(async () =>
            {
                await using var content = await file.Open();
                await PixelDigest.Read(content.Images[0]);
            });
            error.Message.ShouldStartWith(name);
        }
    }

    [Fact]
    public async Task The_truncated_sample_is_a_typed_error()
    {
        var path = Samples.Path("png_jpeg/truncated.jpg");
        await Should.ThrowAsync<FileReadException>(async () =>
        {
            await using var content = await Read(path);
            await PixelDigest.Read(content.Images[0]);
        });
    }

    [Fact]
    public async Task A_small_file_cannot_announce_gigabytes()
    {
        var png = PngWriter.Encode(1, 1, 3, 8, [1, 2, 3]);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        using var file = new TemporaryFile("bomb.png", png);
        (await Should.ThrowAsync<FileReadException>(async () => await file.Open())).Message.ShouldContain("60000 × 60000");
    }

    [Fact]
    public async Task Any_damage_gives_an_answer_or_a_typed_error()
    {
        var pixels = new byte[48 * 40 * 3];
        new Random(9).NextBytes(pixels);
        await Damage.FlipAnywhere("damaged.png", PngWriter.Encode(48, 40, 3, 8, pixels), 60, 21);
        await Damage.FlipAnywhere("damaged.jpg", JpegEncoder.Encode(48, 40, 3, pixels, 85), 60, 22);
        await Damage.CutAnywhere("damaged.gif", TwoFrames, 45, 23);
    }

    private static ValueTask<FileSetContent> Read(string path) =>
        new VipsFormat().IdentifyAsync(new FileSetInput([new MemberFile(Path.GetFileName(path), path)]), TestContext.Current.CancellationToken);

    /// <summary>An APP1 segment with one directory of ASCII values (Exif 2.3, section 4.6); tags ascending.</summary>
    private static byte[] Exif(params (ushort Tag, string Value)[] entries)
    {
        using var tiff = new MemoryStream();
        using var writer = new BinaryWriter(tiff);
        writer.Write(Encoding.ASCII.GetBytes("II*\0"));
        writer.Write(8);
        writer.Write((ushort)entries.Length);
        var offset = 8 + 2 + (entries.Length * 12) + 4;
        foreach (var (tag, value) in entries)
        {
            writer.Write(tag);
            writer.Write((ushort)2);
            writer.Write(value.Length + 1);
            writer.Write(offset);
            offset += value.Length + 1;
        }

        writer.Write(0);
        foreach (var (_, value) in entries)
            writer.Write(Encoding.ASCII.GetBytes(value + "\0"));
        byte[] body = [.. Encoding.ASCII.GetBytes("Exif\0\0"), .. tiff.ToArray()];
        var length = body.Length + 2;
        return [0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. body];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
