using System.Buffers.Binary;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Tiff;

/// <summary>Pixels of files made in code come back bit for bit, whatever the layout.</summary>
public sealed class TiffPixelTests
{
    public static TheoryData<TiffLayout> SampleWidths
    {
        get
        {
            var data = new TheoryData<TiffLayout>();
            foreach (var big in (bool[])[false, true])
            {
                foreach (var bits in (int[])[1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 24, 32, 48, 64])
                    data.Add(new TiffLayout { Bits = bits, BigEndian = big });
                foreach (var bits in (int[])[4, 8, 12, 16, 24, 32, 64])
                    data.Add(new TiffLayout { Bits = bits, Format = 2, BigEndian = big, Tile = (16, 16) });
                foreach (var bits in (int[])[16, 24, 32, 64])
                    data.Add(new TiffLayout { Bits = bits, Format = 3, BigEndian = big });
                foreach (var (bits, format) in ((int, int)[])[(16, 5), (32, 5), (64, 5), (64, 6), (128, 6)])
                    data.Add(new TiffLayout { Bits = bits, Format = format, BigEndian = big, Compression = 8 });
            }

            return data;
        }
    }

    public static TheoryData<TiffLayout> Layouts
    {
        get
        {
            var data = new TheoryData<TiffLayout>();
            foreach (var compression in (int[])[1, 5, 8, 32946, 32773])
                foreach (var planar in (bool[])[false, true])
                    foreach (var tile in ((int, int)?[])[null, (16, 32), (48, 16)])
                        data.Add(new TiffLayout { Compression = compression, Planar = planar, Tile = tile, Samples = 3, Photometric = 2, BigEndian = planar, BigTiff = tile is null });
            foreach (var compression in (int[])[5, 8])
            {
                foreach (var bits in (int[])[8, 16, 32, 64])
                    foreach (var big in (bool[])[false, true])
                        data.Add(new TiffLayout { Compression = compression, Predictor = 2, Bits = bits, BigEndian = big, Samples = bits == 16 ? 4 : 1, Photometric = bits == 16 ? 2 : 1 });
                foreach (var bits in (int[])[16, 24, 32, 64])
                    foreach (var big in (bool[])[false, true])
                        data.Add(new TiffLayout { Compression = compression, Predictor = 3, Bits = bits, Format = 3, BigEndian = big, Samples = bits == 32 ? 2 : 1, Tile = bits == 64 ? (16, 16) : null });
            }

            data.Add(new TiffLayout { Compression = 5, OldLzw = true });
            data.Add(new TiffLayout { Compression = 5, OldLzw = true, Width = 300, Height = 200, RowsPerStrip = 200 });
            data.Add(new TiffLayout { Compression = 5, Width = 300, Height = 200, RowsPerStrip = 200, Bits = 16 });
            data.Add(new TiffLayout { Bits = 1, FillOrder = 2 });
            data.Add(new TiffLayout { Bits = 8, FillOrder = 2, Compression = 32773 });
            data.Add(new TiffLayout { Samples = 5, Bits = 16 });
            data.Add(new TiffLayout { Samples = 5, Bits = 16, Planar = true, BigEndian = true });
            data.Add(new TiffLayout { Samples = 4, Bits = 16, Photometric = 2, Planar = true });
            data.Add(new TiffLayout { Photometric = 0 });
            data.Add(new TiffLayout { Photometric = 3, Bits = 4 });
            data.Add(new TiffLayout { Pages = 3, Bits = 16, BigEndian = true });
            data.Add(new TiffLayout { RowsPerStrip = 1, Bits = 16 });
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(SampleWidths))]
    public Task Samples_of_any_width_come_back_exactly(TiffLayout layout) => ShouldReadBack(layout);

    [Theory]
    [MemberData(nameof(Layouts))]
    public Task Any_layout_and_compression_comes_back_exactly(TiffLayout layout) => ShouldReadBack(layout);

    [Fact]
    public async Task A_huge_uncompressed_strip_is_not_read_whole_for_a_small_region()
    {
        // 4 GiB are announced in one strip, of which the file holds the first 64 KiB.
        var file = new TiffWriter(new TiffLayout { Width = 65535, Height = 1, RowsPerStrip = 65535 }).Write();
        var height = TiffWriter.EntryOf(file, 257);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(height + 8), 65535);
        using var temporary = new TemporaryFile("huge.tif", file);
        await using var content = await temporary.Open();
        var image = content.Images.ShouldHaveSingleItem();
        image.Description.Partial.ShouldNotBeNull();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var pixels = await PixelDigest.Read(image, new Region([0, 100], [1, 5]));

        pixels.ShouldBe([.. Enumerable.Range(100, 5).Select(x => (byte)TiffWriter.Raw(new TiffLayout(), 0, 0, x, 0, 0))]);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    private static async Task ShouldReadBack(TiffLayout layout)
    {
        using var file = new TemporaryFile("made.tif", new TiffWriter(layout).Write());
        await using var content = await file.Open();
        var image = content.Images.ShouldHaveSingleItem();
        content.Warnings.ShouldBeEmpty();
        image.Description.Partial.ShouldBeNull();
        var pixels = await PixelDigest.Read(image);
        pixels.ShouldBe(Expected(layout, image.Description.PixelType));
        await PixelDigest.RegionsShouldEqualCrops(image, 3);
    }

    /// <summary>What the pixels must be, from the function that made them.</summary>
    private static byte[] Expected(TiffLayout layout, PixelType type)
    {
        var bytes = new List<byte>();
        var sampleBytes = type.ChannelType.Bytes;
        var isSeparate = layout.Planar && !type.IsColour;
        for (var page = 0; page < layout.Pages; page++)
            for (var plane = 0; plane < (isSeparate ? layout.Samples : 1); plane++)
                for (var y = 0; y < layout.Height; y++)
                    for (var x = 0; x < layout.Width; x++)
                        for (var s = 0; s < (isSeparate ? 1 : layout.Samples); s++)
                            for (var part = 0; part < layout.Parts; part++)
                                bytes.AddRange(Widen(TiffWriter.Raw(layout, page, y, x, isSeparate ? plane : s, part), layout, sampleBytes));
        return [.. bytes];
    }

    private static byte[] Widen(ulong raw, TiffLayout layout, int bytes)
    {
        var bits = layout.PartBits;
        var isNegative = bits < 64 && (raw >> bits - 1 & 1) == 1;
        var signed = isNegative ? (long)raw - (1L << bits) : (long)raw;
        switch (layout.Format)
        {
            case 2:
                return BitConverter.GetBytes(signed)[..bytes];
            case 3 when bits == 24:
                // The value of a 24-bit float by its definition: sign, 7 bits of exponent with bias 63, 16 bits of fraction.
                var exponent = (int)(raw >> 16 & 0x7F);
                var fraction = (raw & 0xFFFF) / 65536.0;
                var value = exponent == 0 ? fraction * Math.Pow(2, -62) : (1 + fraction) * Math.Pow(2, exponent - 63);
                return BitConverter.GetBytes((float)(isNegative ? -value : value));
            case 5:
                return bytes == 8 ? BitConverter.GetBytes((double)signed) : BitConverter.GetBytes((float)signed);
            default:
                return BitConverter.GetBytes(raw)[..bytes];
        }
    }
}
