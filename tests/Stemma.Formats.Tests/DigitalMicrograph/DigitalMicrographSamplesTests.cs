using System.Text.Json.Nodes;

namespace Stemma.Formats.Tests.DigitalMicrograph;

public sealed class DigitalMicrographSamplesTests
{
    public static TheoryData<string> Readable =>
    [
        "dm3/643_Titan_EELS_proc_intgrate_and_bg_dataZeroed.dm3", "dm3/Fei HAADF-DE_location.dm3", "dm3/multi_signal.dm3", "dm3/test-EDS_spectrum.dm3",
        "dm3/test_STEM_image.dm3", "dm3/test_stackbuilder_imagestack.dm3", "dm3/type13_1D.dm3", "dm3/type14_2D.dm3", "dm3/type23_3D.dm3", "dm3/type3_2D.dm3",
        "dm4/EELS_SI.dm4", "dm4/test-MonarcCL_spectrum-SI.dm4", "dm4/type27_1D.dm4", "dm4/type28_2D.dm4", "dm4/type6_2D.dm4", "dm4/type8_3D.dm4",
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public Task Pixels_statistics_and_axes_agree_with_other_readers(string sample) => Conformance.ShouldAgree(sample);

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Any_region_equals_the_crop_of_the_whole(string sample)
    {
        await using var content = await Samples.Open(sample);
        foreach (var image in content.Images)
            await PixelDigest.RegionsShouldEqualCrops(image, 3);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Original_metadata_stay_small_and_have_what_other_readers_found(string sample)
    {
        var expected = Samples.Expected(sample);
        await using var content = await Samples.Open(sample);

        content.Original.ToJsonString().Length.ShouldBeLessThan(200_000);
        var ours = Leaves(content.Original).ToHashSet();
        // Six digits are enough to recognize a number; floats are written by each reader in its own way.
        var theirs = expected.Readers.SelectMany(reader => reader.Images).Where(image => image.TryGetProperty("original_metadata", out _))
            .SelectMany(image => Leaves(JsonNode.Parse(image.GetProperty("original_metadata").GetRawText()))).Where(leaf => leaf.Length > 0).ToArray();
        theirs.ShouldNotBeEmpty();
        // The rest are numbers of the other readers' own: lengths and places of arrays, and single values out of long ones.
        ((double)theirs.Count(ours.Contains) / theirs.Length).ShouldBeGreaterThan(0.93, string.Join(" | ", theirs.Where(leaf => !ours.Contains(leaf)).Take(20)));
    }

    [Fact]
    public async Task Acquisition_is_mapped_in_SI_units_with_its_source()
    {
        await using var content = await Samples.Open("dm3/Fei HAADF-DE_location.dm3");
        var values = content.Acquisition.Values;

        double Number(string term) => values[term].Value.GetValue<double>();
        Number("accelerating_voltage").ShouldBe(200_000);
        values["accelerating_voltage"].Source.ShouldBe("ImageList[1].ImageTags.Microscope Info.Voltage");
        Number("nominal_magnification").ShouldBe(1_300_000);
        Number("camera_length").ShouldBe(0.135, 1e-12);
        Number("pixel_size").ShouldBe(5.506073e-9, 1e-14);
        Number("stage_x").ShouldBe(-469.983e-6, 1e-12);
        Number("stage_tilt_alpha").ShouldBe(-0.000976 * Math.PI / 180, 1e-9);
        values["instrument"].Value.GetValue<string>().ShouldBe("FEI Titan");
        values["imaging_mode"].Value.GetValue<string>().ShouldBe("STEM");
        // "27.08.2016" and "20:54:33" in the user's locale; the instant beside it is 19:54:33 UTC.
        values["acquisition_time_as_written"].Value.GetValue<string>().ShouldBe("27.08.2016 20:54:33");
        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2016-08-27T20:54:33+01:00");
    }

    [Fact]
    public async Task Spectrum_images_keep_their_order_and_tell_energy_from_positions()
    {
        await using var content = await Samples.Open("dm4/EELS_SI.dm4");
        var axes = content.Images.ShouldHaveSingleItem().Description.Axes;

        axes.Select(axis => (axis.Name, axis.Role, axis.Unit)).ShouldBe(
            [("energy", Imaging.AxisRole.Signal, "eV"), ("y", Imaging.AxisRole.Navigation, "\u00b5m"), ("x", Imaging.AxisRole.Navigation, "\u00b5m")]);
        content.Acquisition.Values["signal_type"].Value.GetValue<string>().ShouldBe("EELS");
        content.Acquisition.Values["collection_angle"].Value.GetValue<double>().ShouldBe(0.062, 1e-12);
    }

    [Fact]
    public async Task A_file_cut_within_its_pixels_says_where()
    {
        var path = Samples.Path("corrupt/trunc_pixels.dm3");

        var error = await Should.ThrowAsync<MalformedFileException>(async () => await Samples.OpenFile(path));

        error.Message.ShouldStartWith("trunc_pixels.dm3 at byte ");
        error.Message.ShouldContain("ImageData.Data");
    }

    private static IEnumerable<string> Leaves(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map when map.Count == 2 && (map.ContainsKey("text_length") || (map.ContainsKey("array") && map.ContainsKey("dtype"))):
                return [];
            case JsonObject map:
                return map.SelectMany(pair => Leaves(pair.Value));
            case JsonArray list:
                return list.SelectMany(Leaves);
            case JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.Number:
                return [double.Parse(value.ToJsonString()).ToString("G6")];
            case JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.String:
                var text = value.GetValue<string>().Trim();
                return [double.TryParse(text, out var number) ? number.ToString("G6") : text];
            default:
                return [];
        }
    }
}
