namespace Stemma.Formats.Tests.Mrc;

public sealed class MrcSamplesTests
{
    public static TheoryData<string> Readable =>
    [
        "mrc/HAADFscan.mrc", "mrc/ROI_Random_Scan_Sum.mrc", "mrc/ROI_Random_Scan_movie.mrc", "mrc/syn_fei1_exthdr.mrc", "mrc/syn_mode0_int8_3d.mrc",
        "mrc/syn_mode12_float16.mrc", "mrc/syn_mode1_int16_bigendian.mrc", "mrc/syn_mode6_uint16_stack.mrc",
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public Task Pixels_statistics_and_axes_agree_with_other_readers(string sample) => Conformance.ShouldAgree(sample);

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Any_region_equals_the_crop_of_the_whole(string sample)
    {
        await using var content = await Samples.Open(sample);
        await PixelDigest.RegionsShouldEqualCrops(content.Images.ShouldHaveSingleItem(), 5);
    }

    [Fact]
    public async Task The_FEI1_extended_header_is_mapped_where_its_bit_mask_says_valid()
    {
        await using var content = await Samples.Open("mrc/syn_fei1_exthdr.mrc");
        var values = content.Acquisition.Values;

        double Number(string term) => values[term].Value.GetValue<double>();
        Number("accelerating_voltage").ShouldBe(300_000);
        Number("stage_tilt_alpha").ShouldBe(-Math.PI / 3, 1e-12);
        Number("stage_y").ShouldBe(-2e-6);
        Number("defocus").ShouldBe(-3e-6);
        Number("electron_dose").ShouldBe(1e20);
        Number("tilt_axis_angle").ShouldBe(85.3 * Math.PI / 180, 1e-12);
        values["instrument"].Value.GetValue<string>().ShouldBe("TITAN");
        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2023-03-15T12:00:00");
        // Bitmask 2 is 0: "Falcon 4" is written, but not called valid.
        values.ContainsKey("detector").ShouldBeFalse();
        content.Original["extendedHeader"]!["first"]!["Camera name"]!.GetValue<string>().ShouldBe("Falcon 4");
        content.Original["extendedHeader"]!["varying"]!["Alpha tilt"]!.AsArray().Select(value => value!.GetValue<double>()).ShouldBe([-60, -58, -56, -54, -52]);
    }

    [Fact]
    public async Task The_FEI2_extended_header_of_a_scan_is_mapped()
    {
        await using var content = await Samples.Open("mrc/HAADFscan.mrc");
        var values = content.Acquisition.Values;

        double Number(string term) => values[term].Value.GetValue<double>();
        Number("camera_length").ShouldBe(0.0911, 1e-12);
        Number("dwell_time").ShouldBe(0.01);
        Number("convergence_angle").ShouldBe(0.014327324427576586);
        Number("pixel_size").ShouldBe(5.679131290012676e-9, 1e-15);
        values["detector"].Value.GetValue<string>().ShouldBe("HAADF");
        values["instrument"].Value.GetValue<string>().ShouldBe("Spectra");
        values["software"].Value.GetValue<string>().ShouldBe("Velox 3.7.0.872-b0a7ba");
        values.ContainsKey("electron_dose").ShouldBeFalse();
        content.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_negative_pixel_size_is_used_by_its_magnitude_and_said()
    {
        await using var content = await Samples.Open("mrc/ROI_Random_Scan_movie.mrc");

        content.Images[0].Description.Axes[^1].Scale!.Value.ShouldBe(1, 1e-6);
        content.Warnings.ShouldContain(warning => warning.Contains("negative"));
    }

    [Fact]
    public async Task A_volume_calibrates_its_third_axis_too()
    {
        await using var content = await Samples.Open("mrc/syn_mode0_int8_3d.mrc");
        var z = content.Images[0].Description.Axes[0];

        (z.Name, z.Unit).ShouldBe(("z", "nm"));
        z.Scale!.Value.ShouldBe(0.3, 1e-7);
        z.Offset!.Value.ShouldBe(3, 1e-7);
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_is_partial_with_zeros_for_what_is_missing()
    {
        await using var content = await Samples.Open("corrupt/trunc_data.mrc");
        var image = content.Images.ShouldHaveSingleItem();

        image.Description.Partial.ShouldBe("The file ends after 18790 of 32000 bytes of pixels: 11 of 20 sections are complete, what is missing reads as 0.");
        content.Warnings.ShouldContain(image.Description.Partial);
        var pixels = await PixelDigest.Read(image);
        pixels[..18790].ShouldBe(File.ReadAllBytes(Samples.Path("corrupt/trunc_data.mrc"))[1024..]);
        pixels[18790..].ShouldAllBe(value => value == 0);
    }

    [Fact]
    public async Task A_header_cut_short_is_malformed()
    {
        var path = Samples.Path("corrupt/trunc_header.mrc");

        var error = await Should.ThrowAsync<MalformedFileException>(async () => await Samples.OpenFile(path));

        error.Message.ShouldBe("trunc_header.mrc at byte 0: expected an MRC header of 1024 bytes, found 600 bytes");
    }
}
