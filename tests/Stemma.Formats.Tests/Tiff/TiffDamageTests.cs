using System.Buffers.Binary;
using System.Diagnostics;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Tiff;

/// <summary>Hostile and damaged files: a typed error or a partial answer, soon and without large allocations.</summary>
public sealed class TiffDamageTests
{
    [Fact]
    public async Task A_chain_that_turns_back_on_itself_ends_there_with_a_warning()
    {
        var file = new TiffWriter(new TiffLayout { Pages = 2 }).Write();
        var first = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        // The last directory's link is the last word of the file.
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 4), first);
        using var temporary = new TemporaryFile("loop.tif", file);
        await using var content = await temporary.Open();

        content.Images.ShouldHaveSingleItem().Description.Shape.ShouldBe([2, 23, 37]);
        content.Warnings.ShouldHaveSingleItem().ShouldContain("turns back on itself");
    }

    [Fact]
    public async Task A_first_directory_beyond_the_end_is_refused_with_its_offset()
    {
        var file = new TiffWriter(new TiffLayout()).Write();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 0x7FFFFFFF);

        var error = await Refused<MalformedFileException>(file);

        error.Offset.ShouldBe(0x7FFFFFFF);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(258)]
    [InlineData(273)]
    public async Task A_count_that_the_file_cannot_hold_is_not_believed(int tag)
    {
        var file = new TiffWriter(new TiffLayout()).Write();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(TiffWriter.EntryOf(file, (ushort)tag) + 4), uint.MaxValue);
        using var temporary = new TemporaryFile("count.tif", file);
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            await using var content = await temporary.Open();
            content.Images[0].Description.Partial.ShouldNotBeNull();
        }
        catch (MalformedFileException)
        {
            // Either answer is right.
        }

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(64 << 20);
    }

    [Fact]
    public async Task Strips_beyond_the_end_read_as_zero_and_the_image_is_marked_partial()
    {
        var layout = new TiffLayout { Bits = 16, Height = 20, RowsPerStrip = 5 };
        var file = new TiffWriter(layout).Write();
        var offsets = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(TiffWriter.EntryOf(file, 273) + 8));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offsets + 8), 0x70000000);
        using var temporary = new TemporaryFile("strip.tif", file);
        await using var content = await temporary.Open();

        var image = content.Images.ShouldHaveSingleItem();
        image.Description.Partial!.ShouldContain("1 of 4 strips");
        var rowBytes = layout.Width * 2;
        var pixels = await PixelDigest.Read(image);
        pixels[(10 * rowBytes)..(15 * rowBytes)].ShouldAllBe(value => value == 0);
        pixels[rowBytes].ShouldBe((byte)TiffWriter.Raw(layout, 0, 1, 0, 0, 0));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(32773)]
    public async Task A_strip_that_announces_more_than_its_codec_can_hold_is_refused_before_allocating(int compression)
    {
        var file = new TiffWriter(new TiffLayout { Compression = compression, Height = 20, RowsPerStrip = 20 }).Write();
        // 1000 × 60000 pixels in one strip of some hundred bytes.
        foreach (var (tag, value) in ((ushort, ushort)[])[(256, 60000), (257, 1000), (278, 1000)])
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(TiffWriter.EntryOf(file, tag) + 8), value);
        using var temporary = new TemporaryFile("bomb.tif", file);
        await using var content = await temporary.Open();
        var before = GC.GetTotalAllocatedBytes();

        var error = await Should.ThrowAsync<MalformedFileException>(() => PixelDigest.Read(content.Images[0], new Region([0, 0], [1, 1])));

        error.Offset.ShouldNotBeNull();
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public async Task Damaged_compressed_data_is_named_with_its_place(int compression)
    {
        var file = new TiffWriter(new TiffLayout { Compression = compression, RowsPerStrip = 23 }).Write();
        file.AsSpan(8 + 4, 40).Fill(0xFF);
        using var temporary = new TemporaryFile("damaged.tif", file);
        await using var content = await temporary.Open();

        var error = await Should.ThrowAsync<MalformedFileException>(() => PixelDigest.Read(content.Images[0]));

        error.Offset.ShouldBe(8);
    }

    [Fact]
    public async Task A_compression_that_is_not_decoded_is_named_with_its_page()
    {
        var file = new TiffWriter(new TiffLayout()).Write();
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(TiffWriter.EntryOf(file, 259) + 8), 34712);
        // The reader itself is asked: the registry would try other formats.
        using var temporary = new TemporaryFile("jp2.tif", file);
        var error = await Should.ThrowAsync<UnsupportedVariantException>(async () =>
            await new Formats.Tiff.TiffFormat().IdentifyAsync(new FileSetInput([new MemberFile("jp2.tif", temporary.Path)]), TestContext.Current.CancellationToken));

        error.Message.ShouldBe("jp2.tif: page 1 is compressed with JPEG 2000 (compression 34712), which is not decoded here");
    }

    [Fact]
    public async Task The_registry_asks_the_next_format_when_one_does_not_read_the_variant()
    {
        var file = new TiffWriter(new TiffLayout()).Write();
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(TiffWriter.EntryOf(file, 259) + 8), 7);
        using var temporary = new TemporaryFile("jpeg.tif", file);
        var input = new FileSetInput([new MemberFile("jpeg.tif", temporary.Path)]);
        var fallback = new Fallback();

        await using var content = await new FormatRegistry([new Formats.Tiff.TiffFormat(), fallback]).IdentifyAsync(input, TestContext.Current.CancellationToken);

        content.Format.ShouldBe(fallback);
        var error = await Should.ThrowAsync<UnsupportedVariantException>(async () =>
            await new FormatRegistry([new Formats.Tiff.TiffFormat(), new Fallback { Reads = false }]).IdentifyAsync(input, TestContext.Current.CancellationToken));
        error.Message.ShouldContain("JPEG");
    }

    [Theory]
    [InlineData("strips")]
    [InlineData("tiles")]
    [InlineData("bigtiff")]
    [InlineData("ome")]
    public async Task Cut_or_changed_files_give_an_answer_or_a_typed_error_in_time(string kind)
    {
        var file = new TiffWriter(kind switch
        {
            "strips" => new TiffLayout { Compression = 5, Predictor = 2, Bits = 16, BigEndian = true, Pages = 2 },
            "tiles" => new TiffLayout { Compression = 8, Predictor = 3, Bits = 32, Format = 3, Tile = (16, 16), Children = [new TiffLayout { Width = 18 }] },
            "bigtiff" => new TiffLayout { BigTiff = true, Samples = 3, Photometric = 2, Planar = true, Compression = 32773 },
            _ => new TiffLayout
            {
                Pages = 2,
                Extra = [(270, 2, 250, [.. System.Text.Encoding.UTF8.GetBytes("""<OME><Image Name="n"><Pixels DimensionOrder="XYZCT" SizeX="37" SizeY="23" SizeZ="2" SizeC="1" SizeT="1" PhysicalSizeX="0.1"><TiffData IFD="0" PlaneCount="2"/></Pixels></Image></OME>""".PadRight(249)), 0])],
            },
        }).Write();
        var clock = Stopwatch.StartNew();

        await Damage.CutAnywhere("cut.tif", file, 120, 1);
        await Damage.FlipAnywhere("flipped.tif", file, 400, 2);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("tiff_other_vendor/movie.stk", 0)]
    [InlineData("tiff_other_vendor/olympus_SIS.tif", 39000)]
    [InlineData("tiff_other_vendor/test_loading_image_saved_with_DM_stack.tif", 18500)]
    [InlineData("tiff_imagej/syn_hyperstack_tzcyx.tif", 0)]
    [InlineData("ome_tiff/multi-channel.ome.tif", 0)]
    [InlineData("tiff_generic/subsubifds.tif", 0)]
    public async Task Damaged_vendor_blocks_give_an_answer_or_a_typed_error_in_time(string sample, int blockAt)
    {
        // From the vendor's block on, so that the changes meet it and not only pixels.
        var file = await File.ReadAllBytesAsync(Samples.Path(sample), TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            var damaged = (byte[])file.Clone();
            for (var flips = 0; flips < 4; flips++)
                damaged[random.Next(blockAt, Math.Min(file.Length, blockAt + 6000))] = (byte)(round % 3 == 0 ? 0xFF : random.Next(256));
            await Damage.FlipAnywhere("damaged.tif", damaged, 1, round);
        }
    }

    private static async Task<T> Refused<T>(byte[] bytes)
        where T : Exception
    {
        using var temporary = new TemporaryFile("refused.tif", bytes);
        return await Should.ThrowAsync<T>(async () => await temporary.Open());
    }

    private sealed class Fallback : IFormat
    {
        public bool Reads { get; init; } = true;
        public string Id => "fallback";
        public string Name => "Fallback";
        public string ReaderVersion => "1";

        public string MappingVersion => "1";

        public bool TryDetect(ReadOnlySpan<byte> header, string fileName) => true;

        public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken) => Reads
            ? ValueTask.FromResult(new FileSetContent(this))
            : throw new UnsupportedVariantException(input.Primary.Name, "not read by the fallback either");
    }
}
