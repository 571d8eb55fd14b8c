using System.Buffers.Binary;
using System.Numerics;
using Stemma.Formats.DigitalMicrograph;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.DigitalMicrograph;

public sealed class DigitalMicrographTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task Reads_pixels_and_calibration_in_both_versions_and_byte_orders(int version, bool littleEndian)
    {
        short[] values = [-1, 2, 300, -400, 5, 6];
        var pixels = values.SelectMany(value => littleEndian ? new[] { (byte)value, (byte)(value >> 8) } : [(byte)(value >> 8), (byte)value]).ToArray();
        using var file = new TemporaryFile("a.dm", DmWriter.File(version, littleEndian, 2, list => list
            .Image("", 23, 4, [2, 2], [20, 5, 4], new byte[16])
            .Image("Lattice", 1, 2, [3, 2], [20, 2, 6], pixels, [(1, 0.5f, "nm"), (0, 0.25f, "nm")]), thumbnail: true));

        await using var content = await file.Open();

        content.Format.Id.ShouldBe($"digital-micrograph-{version}");
        var image = content.Images.ShouldHaveSingleItem();
        image.Description.Title.ShouldBe("Lattice");
        image.Description.PixelType.ShouldBe(PixelType.Int16);
        image.Description.Axes.ShouldBe(
        [
            new Axis("y", 2) { Scale = 0.25, Offset = 0, Unit = "nm" },
            new Axis("x", 3) { Scale = 0.5, Offset = -0.5, Unit = "nm" },
        ]);
        (await PixelDigest.Read(image)).ShouldBe(values.SelectMany(value => new[] { (byte)value, (byte)(value >> 8) }));
        content.Original["ImageList"]![1]!["ImageData"]!["Data"]!.ToJsonString().ShouldBe("""{"array":6,"type":"int16"}""");
        content.Acquisition.Values["pixel_size"].Value.GetValue<double>().ShouldBe(0.5e-9, 1e-20);
        content.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Colour_is_handed_out_red_first()
    {
        using var file = new TemporaryFile("a.dm3", DmWriter.File(3, true, 1, list => list.Image("", 8, 4, [1, 2], [20, 5, 2], [3, 2, 1, 0, 30, 20, 10, 0])));

        await using var content = await file.Open();

        content.Images[0].Description.PixelType.ShouldBe(PixelType.Rgba8);
        (await PixelDigest.Read(content.Images[0])).ShouldBe(new byte[] { 1, 2, 3, 0, 10, 20, 30, 0 });
    }

    [Fact]
    public async Task Scale_one_without_a_unit_is_no_calibration()
    {
        using var file = new TemporaryFile("a.dm3", DmWriter.File(3, true, 1, list => list.Image("", 6, 1, [2], [20, 10, 2], [1, 2])));

        await using var content = await file.Open();

        content.Images[0].Description.Axes.ShouldBe([new Axis("x", 2)]);
    }

    [Fact]
    public async Task An_empty_image_does_not_end_the_walk()
    {
        using var file = new TemporaryFile("a.dm3", DmWriter.File(3, true, 2, list => list
            .Image("empty", 23, 4, [0, 0], [20, 5, 0], [])
            .Image("full", 6, 1, [2, 1], [20, 10, 2], [1, 2])));

        await using var content = await file.Open();

        content.Images.ShouldHaveSingleItem().Description.Title.ShouldBe("full");
        content.Warnings.ShouldBe(["ImageList[0] is empty."]);
    }

    [Fact]
    public async Task Vendor_tags_keep_keys_and_values_as_written()
    {
        using var file = new TemporaryFile("a.dm4", DmWriter.File(4, true, 1, list => list.Image("", 6, 1, [1, 1], [20, 10, 1], [7], null, tags => tags
            .Float64("Not a number", double.NaN)
            .Text("Größe", "µm")
            .Text("", "unnamed")
            .Data("Pair", [15, 0, 2, 0, 4, 0, 4], [1, 0, 2, 0])
            .Data("Pairs", [20, 15, 0, 2, 0, 4, 0, 4, 2], [1, 0, 2, 0, 3, 0, 4, 0])
            .Data("Nothing", [20, 6, 0], [])
            .Data("Long", [20, 10, 300], new byte[300])
            .Text("Größe", "twice"), 8)));

        await using var content = await file.Open();

        content.Original["ImageList"]![0]!["ImageTags"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ShouldBe(
            """{"Not a number":"NaN","Größe":"µm","2":"unnamed","Pair":[1,2],"Pairs":[[1,2],[3,4]],"Nothing":[],"Long":{"array":300,"type":"byte"},"Größe (2)":"twice"}""");
    }

    [Fact]
    public async Task A_damaged_tag_behind_the_image_costs_only_what_follows()
    {
        var bytes = DmWriter.File(3, true, 2, list => list
            .Image("first", 6, 1, [2, 1], [20, 10, 2], [1, 2])
            .Image("second", 6, 1, [2, 1], [20, 10, 2], [3, 4]));
        using var file = new TemporaryFile("a.dm3", bytes.AsSpan(0, bytes.Length - 60));

        await using var content = await file.Open();

        content.Images[0].Description.Title.ShouldBe("first");
        content.Warnings.ShouldContain(warning => warning.StartsWith("The tags end too early"));
    }

    [Fact]
    public async Task Sizes_beyond_the_stored_pixels_are_refused()
    {
        using var file = new TemporaryFile("a.dm3", DmWriter.File(3, true, 1, list => list.Image("", 6, 1, [40_000, 40_000], [20, 10, 2], [1, 2])));

        (await Should.ThrowAsync<MalformedFileException>(async () => await file.Open())).Message.ShouldContain("needs 1600000000 bytes, but its Data has 2");
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(6, 4)]
    [InlineData(8, 10)]
    public async Task Packed_complex_images_of_DM3_unfold_to_the_transform_of_a_real_image(int width, int height)
    {
        var transform = Transform(width, height);
        var packed = new float[width * height];
        // Columns u ≥ 0 from the middle on; the column of the highest frequency in the rows above, real values in pairs.
        for (var v = 0; v < height; v++)
        {
            for (var u = 1; u < width / 2; u++)
                (packed[v * width + 2 * u], packed[v * width + 2 * u + 1]) = Parts(transform[v, width / 2 + u]);
            if (v > height / 2)
            {
                (packed[v * width], packed[v * width + 1]) = Parts(transform[v, width / 2]);
                (packed[(v - height / 2) * width], packed[(v - height / 2) * width + 1]) = Parts(transform[v, 0]);
            }
        }

        packed[0] = (float)transform[height / 2, 0].Real;
        packed[1] = (float)transform[0, 0].Real;
        packed[height / 2 * width] = (float)transform[height / 2, width / 2].Real;
        packed[height / 2 * width + 1] = (float)transform[0, width / 2].Real;

        await ShouldUnfold(transform, width, height, 5, packed);
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(5, 5)]
    public async Task Packed_complex_images_of_GMS3_unfold_by_symmetry(int width, int height)
    {
        var transform = Transform(width, height);
        var columns = width / 2 + 1;
        var packed = new float[columns * height * 2];
        for (var v = 0; v < height; v++)
            for (var k = 0; k < columns; k++)
                (packed[2 * (v * columns + k)], packed[2 * (v * columns + k) + 1]) = Parts(transform[v, width / 2 - k]);

        await ShouldUnfold(transform, width, height, 27, packed);
    }

    [Theory]
    [InlineData("27.08.2016", "20:54:33", 1.311680127385445e17, "2016-08-27T20:54:33+01:00")]
    [InlineData("9/16/2021", "12:06:16 PM", 1.32762927765681729e17, "2021-09-16T12:06:16-07:00")]
    [InlineData("8/9/2016", "9:46:19 PM", null, "2016-08-09T21:46:19+00:00")]
    [InlineData("2016-08-09", "9:46:19", null, "2016-08-09T09:46:19+00:00")]
    [InlineData("8/9/2016", "21:46:19", null, null)]
    [InlineData("yesterday", "21:46:19", null, null)]
    public void Times_are_understood_where_they_are_not_ambiguous(string date, string time, double? fileTime, string? expected)
    {
        var understood = DmTime.Understand(date, time, fileTime);

        (understood?.Instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz")).ShouldBe(expected);
        if (understood is { } some)
            some.ZoneIsKnown.ShouldBe(fileTime is not null);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Damage_gives_an_answer_or_a_typed_error(int version)
    {
        var bytes = DmWriter.File(version, true, 2, list => list
            .Image("", 23, 4, [2, 2], [20, 5, 4], new byte[16])
            .Image("Lattice", 2, 4, [5, 3, 2], [20, 6, 30], new byte[120], null, tags => tags.Group("Microscope Info", 1, info => info.Float64("Voltage", 2e5)), 1), thumbnail: true);

        await Damage.CutAnywhere("a.dm3", bytes, 200, version);
        await Damage.FlipAnywhere("a.dm3", bytes, 600, version);
    }

    [Theory]
    [InlineData("dm3/type3_2D.dm3")]
    [InlineData("dm4/type8_3D.dm4")]
    public async Task Damaged_real_files_give_an_answer_or_a_typed_error(string sample)
    {
        var bytes = File.ReadAllBytes(Samples.Path(sample));

        await Damage.CutAnywhere("a.dm3", bytes, 150, 1);
        await Damage.FlipAnywhere("a.dm3", bytes, 300, 2);
    }

    private static (float, float) Parts(Complex value) => ((float)value.Real, (float)value.Imaginary);

    /// <summary>Fourier transform of a random real image by its definition, zero frequency in the middle.</summary>
    private static Complex[,] Transform(int width, int height)
    {
        var random = new Random(width * 100 + height);
        var image = new double[height, width];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                image[y, x] = random.NextDouble();
        var transform = new Complex[height, width];
        for (var v = 0; v < height; v++)
            for (var u = 0; u < width; u++)
                for (var y = 0; y < height; y++)
                    for (var x = 0; x < width; x++)
                        transform[v, u] += image[y, x] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((double)(v - height / 2) * y / height + (double)(u - width / 2) * x / width));
        return transform;
    }

    private static async Task ShouldUnfold(Complex[,] transform, int width, int height, uint dataType, float[] packed)
    {
        var bytes = new byte[packed.Length * 4];
        for (var i = 0; i < packed.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), packed[i]);
        using var file = new TemporaryFile("fft.dm3", DmWriter.File(3, true, 1, list => list.Image("FFT", dataType, 8, [(uint)width, (uint)height], [20, 6, (ulong)packed.Length], bytes)));

        await using var content = await file.Open();
        var image = content.Images.ShouldHaveSingleItem();

        image.Description.PixelType.ShouldBe(PixelType.Complex64);
        var pixels = await PixelDigest.Read(image);
        for (var v = 0; v < height; v++)
        {
            for (var u = 0; u < width; u++)
            {
                var place = pixels.AsSpan(8 * (v * width + u));
                ((double)BinaryPrimitives.ReadSingleLittleEndian(place)).ShouldBe(transform[v, u].Real, 1e-5, $"real part at {v}, {u}");
                ((double)BinaryPrimitives.ReadSingleLittleEndian(place[4..])).ShouldBe(transform[v, u].Imaginary, 1e-5, $"imaginary part at {v}, {u}");
            }
        }

        await PixelDigest.RegionsShouldEqualCrops(image, 9);
    }
}
