using System.Text;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Tiff;

/// <summary>Which pages make which image.</summary>
public sealed class TiffSeriesTests
{
    [Fact]
    public async Task Pages_of_the_same_kind_make_a_stack()
    {
        await using var opened = await Open(new TiffLayout { Pages = 3, Bits = 16 });

        var image = opened.Content.Images.ShouldHaveSingleItem();
        image.Description.Axes.Select(axis => (axis.Name, axis.Size, axis.Role)).ShouldBe([("page", 3, AxisRole.Navigation), ("y", 23, AxisRole.Signal), ("x", 37, AxisRole.Signal)]);
    }

    [Fact]
    public async Task Levels_of_a_pyramid_are_not_images_of_their_own()
    {
        var layout = new TiffLayout { Width = 64, Height = 48, Children = [new TiffLayout { Width = 32, Height = 24 }, new TiffLayout { Width = 16, Height = 12, Extra = [Long(254, 1)] }] };
        await using var opened = await Open(layout);

        opened.Content.Images.ShouldHaveSingleItem().Description.Shape.ShouldBe([48, 64]);
        opened.Content.Original["Directories"]![0]!["SubIFDs"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task SubIFDs_of_the_same_size_are_further_pages()
    {
        await using var opened = await Open(new TiffLayout { Children = [new TiffLayout(), new TiffLayout()] });

        opened.Content.Images.ShouldHaveSingleItem().Description.Shape.ShouldBe([3, 23, 37]);
    }

    [Fact]
    public async Task An_ImageJ_hyperstack_has_channels_fastest_then_slices_then_frames()
    {
        const string description = "ImageJ=1.54f\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\nunit=\\u00B5m\nspacing=0.5\nfinterval=2.5\n";
        await using var opened = await Open(new TiffLayout { Pages = 12, Extra = [Text(270, description), Ratio(282, 4, 1), Ratio(283, 2, 1)] });

        var axes = opened.Content.Images.ShouldHaveSingleItem().Description.Axes;
        axes.Select(axis => (axis.Name, axis.Size, axis.Scale, axis.Unit)).ShouldBe(
            [("t", 2, 2.5, "s"), ("z", 3, 0.5, "µm"), ("c", 2, null, null), ("y", 23, 0.5, "µm"), ("x", 37, 0.25, "µm")]);
        opened.Content.Variant.ShouldBe("TIFF (ImageJ)");
        opened.Content.Acquisition.Values["pixel_size"].Value.GetValue<double>().ShouldBe(0.25e-6, 1e-18);
    }

    [Fact]
    public async Task An_ImageJ_stack_under_one_directory_has_its_planes_behind_the_first()
    {
        var layout = new TiffLayout { Width = 8, Height = 4, Bits = 16, BigEndian = true, RowsPerStrip = 4, Extra = [Text(270, "ImageJ=1.54f\nimages=3\nslices=3\n"), Long(273, 4096, true)] };
        byte[] file = [.. new TiffWriter(layout).Write()];
        Array.Resize(ref file, 4096 + 3 * 64);
        for (var i = 0; i < 96; i++)
            file[4096 + 2 * i + 1] = (byte)i;
        await using var opened = await Open(file);

        var image = opened.Content.Images.ShouldHaveSingleItem();
        image.Description.Shape.ShouldBe([3, 4, 8]);
        image.Description.Partial.ShouldBeNull();
        (await PixelDigest.Read(image)).ShouldBe([.. Enumerable.Range(0, 96).SelectMany(i => (byte[])[(byte)i, 0])]);
        await PixelDigest.RegionsShouldEqualCrops(image, 1);
    }

    [Fact]
    public async Task Resolution_counts_as_a_pixel_size_only_where_no_printer_has_it()
    {
        await using var fine = await Open(new TiffLayout { Extra = [Ratio(282, 100_000, 1), Ratio(283, 50_000, 1), Short(296, 3)] });
        await using var printer = await Open(new TiffLayout { Extra = [Ratio(282, 300, 1), Ratio(283, 300, 1), Short(296, 2)] });

        fine.Content.Images[0].Description.Axes.Select(axis => (Math.Round(axis.Scale!.Value, 9), axis.Unit)).ShouldBe([(200, "nm"), (100, "nm")]);
        printer.Content.Images[0].Description.Axes.ShouldAllBe(axis => axis.Scale == null && axis.Unit == null);
    }

    [Fact]
    public async Task OME_planes_follow_the_dimension_order_and_the_TiffData()
    {
        // Pages lie in another order than the planes: page 0 is t=1.
        const string xml = """
            <?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0" Name="first">
            <AcquisitionDate>2020-02-03T04:05:06</AcquisitionDate><Pixels DimensionOrder="XYZTC" Type="uint8" SizeX="37" SizeY="23" SizeZ="2" SizeC="1" SizeT="2"
            PhysicalSizeX="65" PhysicalSizeXUnit="nm" PhysicalSizeY="0.065" PhysicalSizeZ="1.5" TimeIncrement="10"><Channel ID="c" EmissionWavelength="520"/>
            <TiffData IFD="0" FirstT="1" PlaneCount="2"/><TiffData IFD="2" PlaneCount="2"/></Pixels></Image></OME>
            """;
        var layout = new TiffLayout { Pages = 4, Extra = [Text(270, xml)] };
        await using var opened = await Open(layout);

        var image = opened.Content.Images.ShouldHaveSingleItem();
        image.Description.Title.ShouldBe("first");
        image.Description.Axes.Select(axis => (axis.Name, axis.Size, axis.Scale, axis.Unit)).ShouldBe(
            [("t", 2, 10, "s"), ("z", 2, 1.5, "µm"), ("y", 23, 0.065, "µm"), ("x", 37, 65, "nm")]);
        for (var t = 0; t < 2; t++)
            for (var z = 0; z < 2; z++)
                (await PixelDigest.Read(image, new Region([t, z, 5, 9], [1, 1, 1, 1]))).ShouldBe([(byte)TiffWriter.Raw(layout, (1 - t) * 2 + z, 5, 9, 0, 0)]);
        var values = opened.Content.Acquisition.Values;
        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2020-02-03T04:05:06");
        values["emission_wavelength"].Value.GetValue<double>().ShouldBe(520e-9, 1e-18);
        values["pixel_size"].Value.GetValue<double>().ShouldBe(65e-9, 1e-18);
    }

    [Fact]
    public async Task An_OME_set_of_several_files_names_what_is_missing_and_reads_what_is_here()
    {
        const string xml = """
            <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:1"><Image ID="Image:0"><Pixels DimensionOrder="XYZCT" Type="uint8" SizeX="37" SizeY="23" SizeZ="3" SizeC="1" SizeT="1">
            <TiffData FirstZ="0" IFD="0"><UUID FileName="a.ome.tif">urn:uuid:1</UUID></TiffData><TiffData FirstZ="1" IFD="0"><UUID FileName="b.ome.tif">urn:uuid:2</UUID></TiffData>
            <TiffData FirstZ="2" IFD="0"><UUID FileName="c.ome.tif">urn:uuid:3</UUID></TiffData></Pixels></Image></OME>
            """;
        var layout = new TiffLayout { Extra = [Text(270, xml)] };
        var bytes = new TiffWriter(layout).Write();
        using var a = new TemporaryFile("a.ome.tif", bytes);
        using var b = new TemporaryFile("0123digest", bytes);
        await using var content = await FormatRegistry.Default.IdentifyAsync(
            new FileSetInput([new MemberFile("day1/a.ome.tif", a.Path), new MemberFile("day1/B.OME.TIF", b.Path)]), TestContext.Current.CancellationToken);

        var image = content.Images.ShouldHaveSingleItem();
        image.Description.Shape.ShouldBe([3, 23, 37]);
        image.Description.Partial.ShouldBe("1 of 3 planes are not here");
        content.Companions.ShouldBe(["b.ome.tif", "c.ome.tif"]);
        content.Members.ShouldBe([("day1/a.ome.tif", MemberRole.Primary), ("day1/B.OME.TIF", MemberRole.Part)]);
        content.Warnings.ShouldContain(warning => warning.Contains("c.ome.tif"));
        (await PixelDigest.Read(image, new Region([2, 0, 0], [1, 23, 37]))).ShouldAllBe(value => value == 0);
        (await PixelDigest.Read(image, new Region([1, 0, 0], [1, 23, 37]))).ShouldBe(await PixelDigest.Read(image, new Region([0, 0, 0], [1, 23, 37])));
    }

    [Fact]
    public async Task An_OME_companion_alone_names_the_files_that_it_waits_for()
    {
        const string xml = """<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels DimensionOrder="XYZCT" Type="uint8" SizeX="37" SizeY="23" SizeZ="1" SizeC="1" SizeT="1" PhysicalSizeX="2"><TiffData IFD="0"><UUID FileName="a.tif">urn:uuid:1</UUID></TiffData></Pixels></Image></OME>""";
        using var file = new TemporaryFile("set.companion.ome", Encoding.UTF8.GetBytes(xml));
        await using var content = await file.Open();

        content.Images.ShouldBeEmpty();
        content.Companions.ShouldBe(["a.tif"]);
        content.Warnings.ShouldContain(warning => warning.Contains("a.tif"));
        content.Acquisition.Values["pixel_size"].Value.GetValue<double>().ShouldBe(2e-6, 1e-15);
    }

    [Fact]
    public void A_DICOM_file_with_a_TIFF_preamble_is_left_to_the_DICOM_reader()
    {
        var header = new byte[256];
        "II*\0"u8.CopyTo(header);
        new Formats.Tiff.TiffFormat().TryDetect(header, "a.dcm").ShouldBeTrue();
        "DICM"u8.CopyTo(header.AsSpan(128));
        new Formats.Tiff.TiffFormat().TryDetect(header, "a.dcm").ShouldBeFalse();
    }

    [Fact]
    public async Task Channels_of_colour_pixels_in_OME_are_counted_as_samples()
    {
        const string xml = """<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels DimensionOrder="XYCZT" Type="uint8" SizeX="37" SizeY="23" SizeZ="2" SizeC="3" SizeT="1"><Channel ID="c" SamplesPerPixel="3"/><TiffData/></Pixels></Image></OME>""";
        await using var opened = await Open(new TiffLayout { Pages = 2, Samples = 3, Photometric = 2, Extra = [Text(270, xml)] });

        var image = opened.Content.Images.ShouldHaveSingleItem();
        image.Description.PixelType.ShouldBe(PixelType.Rgb8);
        image.Description.Shape.ShouldBe([2, 23, 37]);
    }

    private static (ushort, ushort, int, byte[]) Text(ushort tag, string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), 0];
        return (tag, 2, bytes.Length, bytes);
    }

    private static (ushort, ushort, int, byte[]) Long(ushort tag, uint value, bool bigEndian = false)
    {
        var bytes = BitConverter.GetBytes(value);
        if (bigEndian)
            Array.Reverse(bytes);
        return (tag, 4, 1, bytes);
    }

    private static (ushort, ushort, int, byte[]) Short(ushort tag, ushort value) => (tag, 3, 1, BitConverter.GetBytes(value));

    private static (ushort, ushort, int, byte[]) Ratio(ushort tag, uint numerator, uint denominator) => (tag, 5, 1, [.. BitConverter.GetBytes(numerator), .. BitConverter.GetBytes(denominator)]);

    private static Task<Opened> Open(TiffLayout layout) => Open(new TiffWriter(layout).Write());

    private static async Task<Opened> Open(byte[] bytes)
    {
        var file = new TemporaryFile("made.tif", bytes);
        try
        {
            return new Opened(file, await file.Open());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private sealed record Opened(TemporaryFile File, FileSetContent Content) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Content.DisposeAsync();
            File.Dispose();
        }
    }
}
