using System.Buffers.Binary;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Mrc;

public sealed class MrcTests
{
    [Theory]
    [InlineData(false, 0x44, 0x44)]
    [InlineData(false, 0x44, 0x41)]
    [InlineData(true, 0x11, 0x11)]
    // Stamps that are missing or wrong: the order that makes sense wins.
    [InlineData(true, 0, 0)]
    [InlineData(false, 0, 0)]
    [InlineData(true, 0x44, 0x44)]
    [InlineData(false, 0x11, 0x11)]
    public async Task Byte_order_is_found_whatever_the_stamp_says(bool bigEndian, byte stamp0, byte stamp1)
    {
        var bytes = new MrcBytes(3, 2, 1, 6, bigEndian) { Cell = [9, 4, 0] }.With(header => (header[212], header[213]) = (stamp0, stamp1)).Build(1, 2, 3, 4, 5, 258);
        using var file = new TemporaryFile("a.mrc", bytes);

        await using var content = await file.Open();

        var image = content.Images.ShouldHaveSingleItem();
        image.Description.PixelType.ShouldBe(PixelType.UInt16);
        image.Description.Axes.Select(axis => (axis.Name, axis.Size, axis.Unit)).ShouldBe([("y", 2L, "nm"), ("x", 3L, "nm")]);
        image.Description.Axes[0].Scale!.Value.ShouldBe(0.2, 1e-9);
        image.Description.Axes[1].Scale!.Value.ShouldBe(0.3, 1e-9);
        (await PixelDigest.Read(image)).ShouldBe(new byte[] { 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 2, 1 });
        content.Acquisition.Values["pixel_size_y"].Value.GetValue<double>().ShouldBe(0.2e-9, 1e-18);
    }

    [Fact]
    public async Task Axis_order_names_the_axes_and_chooses_their_calibration()
    {
        var mrc = new MrcBytes(2, 3, 4, 1, false) { Cell = [30, 20, 80], Sampling = [3, 4, 2], AxisOrder = [3, 1, 2], Ispg = 1 };
        using var file = new TemporaryFile("a.map", mrc.Build(new int[24]));

        await using var content = await file.Open();

        // Columns are Z, rows X, sections Y: 80 Å / 2, 30 Å / 3, 20 Å / 4.
        content.Images[0].Description.Axes.Select(axis => (axis.Name, axis.Size, Math.Round(axis.Scale!.Value, 6))).ShouldBe([("y", 4L, 0.5), ("x", 3L, 1.0), ("z", 2L, 4.0)]);
    }

    [Fact]
    public async Task A_stack_of_volumes_has_an_axis_for_the_volumes()
    {
        var mrc = new MrcBytes(2, 3, 12, 1, false) { Sampling = [2, 3, 4], Ispg = 401 };
        using var file = new TemporaryFile("a.mrc", mrc.Build(new int[72]));

        await using var content = await file.Open();

        content.Images[0].Description.Axes.Select(axis => (axis.Name, axis.Size, axis.Role)).ShouldBe(
            [("volume", 3L, AxisRole.Navigation), ("z", 4L, AxisRole.Signal), ("y", 3L, AxisRole.Signal), ("x", 2L, AxisRole.Signal)]);
    }

    [Fact]
    public async Task Four_bit_pixels_are_unpacked_low_half_first_with_rows_padded_to_bytes()
    {
        byte[] rows = [0x21, 0x43, 0x05, 0x76, 0x98, 0x0A];
        using var file = new TemporaryFile("a.mrc", [.. new MrcBytes(5, 2, 1, 101, false).Build(), .. rows]);

        await using var content = await file.Open();

        (await PixelDigest.Read(content.Images[0])).ShouldBe(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 });
        await PixelDigest.RegionsShouldEqualCrops(content.Images[0], 1);
    }

    [Fact]
    public async Task Complex_integers_become_complex_floats()
    {
        using var file = new TemporaryFile("a.mrc", new MrcBytes(2, 1, 1, 3, true).Build(1, -2, 300, 4));

        await using var content = await file.Open();

        content.Images[0].Description.PixelType.ShouldBe(PixelType.Complex64);
        var pixels = await PixelDigest.Read(content.Images[0]);
        Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(pixels.AsSpan(4 * i))).ShouldBe([1, -2, 300, 4]);
        await PixelDigest.RegionsShouldEqualCrops(content.Images[0], 1);
    }

    [Theory]
    [InlineData(null, 0, 100, PixelType.Int8)]
    [InlineData(null, 0, 200, PixelType.UInt8)]
    [InlineData(0, 0, 100, PixelType.UInt8)]
    [InlineData(1, 0, 200, PixelType.Int8)]
    public async Task Bytes_are_signed_unless_IMOD_or_the_recorded_maximum_say_otherwise(int? imodFlags, float minimum, float maximum, PixelType expected)
    {
        var mrc = new MrcBytes(2, 2, 1, 0, false).With(header =>
        {
            BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(76), minimum);
            BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(80), maximum);
            if (imodFlags is { } flags)
            {
                "IMOD"u8.CopyTo(header.AsSpan(152));
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(156), flags);
            }
        });
        using var file = new TemporaryFile("a.st", [.. mrc.Build(), 1, 2, 3, 4]);

        await using var content = await file.Open();

        content.Images[0].Description.PixelType.ShouldBe(expected);
    }

    [Fact]
    public async Task The_FEI_header_of_128_bytes_is_known_by_its_length()
    {
        var extended = new byte[131072];
        float[] first = [-60, 0.5f, 1e-6f, 2e-6f, 3e-6f, 0, 0, -4e-6f, 1.5f, 100, 85, 2e-10f, 50000];
        float[] second = [-58, 0.5f, 1e-6f, 2e-6f, 3e-6f, 0, 0, -4e-6f, 1.5f, 100, 85, 2e-10f, 50000];
        for (var i = 0; i < first.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(extended.AsSpan(4 * i), first[i]);
            BinaryPrimitives.WriteSingleLittleEndian(extended.AsSpan(128 + 4 * i), second[i]);
        }

        using var file = new TemporaryFile("a.mrc", new MrcBytes(1, 1, 2, 1, false) { Extended = extended }.Build(7, 8));
        await using var content = await file.Open();
        var values = content.Acquisition.Values;

        values["stage_tilt_alpha"].Value.GetValue<double>().ShouldBe(-Math.PI / 3, 1e-12);
        values["defocus"].Value.GetValue<double>().ShouldBe(-4e-6, 1e-18);
        values["pixel_size"].Value.GetValue<double>().ShouldBe(2e-10, 1e-18);
        values["pixel_size"].Source.ShouldBe("extendedHeader.first.pixel_size");
        content.Original["extendedHeader"]!["varying"]!["a_tilt"]!.ToJsonString().ShouldBe("[-60,-58]");
        (await PixelDigest.Read(content.Images[0])).ShouldBe(new byte[] { 7, 0, 8, 0 });
    }

    [Fact]
    public async Task SerialEM_says_bit_by_bit_what_it_wrote_of_each_section()
    {
        // Tilt −45.5°, stage 10 µm and −20 µm, magnification 33000: bits 0, 2, 3.
        var extended = new byte[16];
        short[] numbers = [-4550, 250, -500, 330, -4450, 250, -500, 330];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(extended.AsSpan(2 * i), numbers[i]);
        var mrc = new MrcBytes(1, 1, 2, 1, false) { Extended = extended }.With(header =>
        {
            "SERI"u8.CopyTo(header.AsSpan(104));
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(128), 8);
            BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(130), 0b1101);
        });
        using var file = new TemporaryFile("a.st", mrc.Build(7, 8));

        await using var content = await file.Open();
        var values = content.Acquisition.Values;

        values["stage_tilt_alpha"].Value.GetValue<double>().ShouldBe(-45.5 * Math.PI / 180, 1e-12);
        values["stage_x"].Value.GetValue<double>().ShouldBe(10e-6, 1e-15);
        values["stage_y"].Value.GetValue<double>().ShouldBe(-20e-6, 1e-15);
        values["nominal_magnification"].Value.GetValue<double>().ShouldBe(33000);
    }

    [Fact]
    public async Task A_header_that_announces_far_more_than_the_file_holds_is_malformed()
    {
        using var file = new TemporaryFile("a.mrc", new MrcBytes(60_000, 60_000, 60_000, 2, false).Build(1));

        (await Should.ThrowAsync<MalformedFileException>(async () => await file.Open())).Message.ShouldBe(
            "a.mrc at byte 1024: expected 864000000000000 bytes of pixels (60000 × 60000 × 60000, mode 2), found 4 bytes");
    }

    [Fact]
    public async Task Files_without_the_word_MAP_are_known_by_name_and_sense_only()
    {
        var bytes = new MrcBytes(2, 1, 1, 1, false).With(header => header.AsSpan(208, 4).Clear()).Build(1, 2);
        using var named = new TemporaryFile("old.rec", bytes);
        using var unnamed = new TemporaryFile("old.bin", bytes);

        await using var content = await named.Open();
        content.Images.ShouldHaveSingleItem();
        await Should.ThrowAsync<UnknownFormatException>(async () => await unnamed.Open());
    }

    [Fact]
    public async Task DeltaVision_files_are_left_to_their_own_reader()
    {
        var bytes = new MrcBytes(2, 1, 1, 1, false).With(header => BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(96), -16224)).Build(1, 2);
        using var file = new TemporaryFile("a.mrc", bytes);

        await Should.ThrowAsync<UnknownFormatException>(async () => await file.Open());
    }

    [Fact]
    public async Task Damage_gives_an_answer_or_a_typed_error()
    {
        var bytes = new MrcBytes(5, 4, 3, 1, false) { Cell = [10, 8, 6], Ispg = 1 }.Build(new int[60]);

        await Damage.CutAnywhere("a.mrc", bytes, 150, 1);
        await Damage.FlipAnywhere("a.mrc", bytes, 600, 2);
    }

    [Theory]
    [InlineData("mrc/syn_fei1_exthdr.mrc")]
    [InlineData("mrc/syn_mode0_int8_3d.mrc")]
    public async Task Damaged_samples_give_an_answer_or_a_typed_error(string sample)
    {
        var bytes = File.ReadAllBytes(Samples.Path(sample));

        await Damage.CutAnywhere("a.mrc", bytes, 150, 3);
        await Damage.FlipAnywhere("a.mrc", bytes, 300, 4);
    }

    /// <summary>Builds small MRC files by hand.</summary>
    private sealed class MrcBytes(int nx, int ny, int nz, int mode, bool bigEndian)
    {
        private readonly List<Action<byte[]>> _changes = [];

        public float[] Cell { get; init; } = [0, 0, 0];
        public int[]? Sampling { get; init; }
        public int[] AxisOrder { get; init; } = [1, 2, 3];
        public int Ispg { get; init; }
        public byte[] Extended { get; init; } = [];

        public MrcBytes With(Action<byte[]> change)
        {
            _changes.Add(change);
            return this;
        }

        /// <summary>Header, extended header and 16-bit pixels (32-bit for mode 2).</summary>
        public byte[] Build(params int[] pixels)
        {
            var header = new byte[1024];
            int[] words = [nx, ny, nz, mode, 0, 0, 0, .. Sampling ?? [nx, ny, nz]];
            for (var i = 0; i < words.Length; i++)
                Word(header, i, words[i]);
            for (var i = 0; i < 3; i++)
            {
                Word(header, 10 + i, BitConverter.SingleToInt32Bits(Cell[i]));
                Word(header, 13 + i, BitConverter.SingleToInt32Bits(90));
                Word(header, 16 + i, AxisOrder[i]);
            }

            Word(header, 22, Ispg);
            Word(header, 23, Extended.Length);
            "MAP "u8.CopyTo(header.AsSpan(208));
            header[212] = header[213] = (byte)(bigEndian ? 0x11 : 0x44);
            foreach (var change in _changes)
                change(header);
            var size = mode == 2 ? 4 : 2;
            var body = new byte[size * pixels.Length];
            for (var i = 0; i < pixels.Length; i++)
            {
                var bytes = BitConverter.GetBytes(pixels[i])[..size];
                if (bigEndian)
                    Array.Reverse(bytes);
                bytes.CopyTo(body, size * i);
            }

            return [.. header, .. Extended, .. body];
        }

        private void Word(byte[] header, int word, int value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * word), value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 * word), value);
        }
    }
}
