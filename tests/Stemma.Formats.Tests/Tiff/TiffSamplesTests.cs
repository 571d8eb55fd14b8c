using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Imaging;

namespace Stemma.Formats.Tests.Tiff;

/// <summary>Files of instruments and programs, judged as the samples' own conformance script does: pixels by digest, calibrated axes in SI units.</summary>
public sealed class TiffSamplesTests
{
    private static readonly Dictionary<string, double> Units = new()
    {
        ["pm"] = 1e-12, ["nm"] = 1e-9, ["µm"] = 1e-6, ["um"] = 1e-6, ["mm"] = 1e-3, ["cm"] = 1e-2, ["m"] = 1, ["s"] = 1, ["ms"] = 1e-3,
    };

    public static TheoryData<string> Readable =>
    [
        "tiff_generic/chessboard_GRAY_U16B.tif", "tiff_generic/palette-1c-4b.tiff", "tiff_generic/predictor-3-gray-f32.tif", "tiff_generic/random-fp16-pred3.tiff",
        "tiff_generic/seq-1c-8b-tiled-bigtiff-20f3db0c.tiff", "tiff_generic/subsubifds.tif", "tiff_generic/test_rgba16.tif",
        "tiff_fei/FEI-Helios-Ebeam-16bits.tif", "tiff_fei/FEI-Helios-navcam-with-no-IRBeam-bad-floats.tif", "tiff_fei/quad1image_001_no_beam_scan_or_system_meta.tif",
        "tiff_zeiss_sem/ZEISS_SEM_multipage.tif", "tiff_zeiss_sem/test_tiff_Zeiss_SEM_512pix.tif",
        "tiff_imagej/Platynereis_tp7_channel1_rescaled(256x256x103)_gt.tif", "tiff_imagej/hela-cells.tif", "tiff_imagej/membrane_2d_timelapse.tif", "tiff_imagej/syn_hyperstack_tzcyx.tif",
        "tiff_jeol/JEOL-SightX-TEM-mag-dummy.tif", "tiff_hamamatsu/test_hamamatsu_streak_FOCUS.tif",
        "tiff_other_vendor/micromanager_img_000000000_Cy3_000.tif", "tiff_other_vendor/movie.stk", "tiff_other_vendor/ndtiff3.2_11bit_1/ndtiff3.2_11bit_NDTiffStack.tif",
        "tiff_other_vendor/olympus_SIS.tif", "tiff_other_vendor/test_loading_image_saved_with_DM_stack.tif",
        "ome_tiff/CZT_peaks.ome.tif", "ome_tiff/FOV7_HV110_P0500510000.ome.tiff", "ome_tiff/multi-channel.ome.tif", "ome_tiff/multifile-Z1.ome.tiff",
        "ome_tiff/multifile-Z3.ome.tiff", "ome_tiff/syn_multiseries_be.ome.tif",
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Pixels_and_calibrated_axes_agree_with_other_readers(string sample)
    {
        var expected = Samples.Expected(sample);
        await using var content = await Samples.Open(sample);
        var found = new List<string>();
        foreach (var image in content.Images)
            found.Add((await PixelDigest.Compute(image)).Sha256);

        if (expected.Readers.Count > 0)
            expected.Readers.Any(reader => reader.Images.Select(image => image.GetProperty("sha256").GetString()!).All(digest => found.Contains(digest)))
                .ShouldBeTrue($"ours are {string.Join(", ", content.Images.Select((image, i) => $"[{string.Join(", ", image.Description.Shape)}] {image.Description.PixelType.Name} {found[i][..8]}"))}");
        var calibrated = expected.Readers.Select(reader => reader.Images.Select(Scales).Where(scales => scales.Count > 0).ToList()).Where(lists => lists.Count > 0).ToList();
        var ours = content.Images.Select(image => Scales(image.Description)).ToList();
        if (calibrated.Count > 0)
            calibrated.Any(lists => lists.All(scales => ours.Any(own => Same(own, scales)))).ShouldBeTrue(
                $"ours are {string.Join("; ", ours.Select(own => string.Join(", ", own)))}, expected {string.Join("; ", calibrated.SelectMany(lists => lists).Select(scales => string.Join(", ", scales)))}");
    }

    [Theory]
    [InlineData("corrupt/sample-get-lzw-stuck.tiff")]
    [InlineData("corrupt/trunc_ifd.tif")]
    public async Task Damaged_samples_give_a_typed_error_or_a_partial_answer(string sample)
    {
        try
        {
            await using var content = await Samples.Open(sample);
            foreach (var image in content.Images)
                await PixelDigest.Read(image);
            (content.Warnings.Count > 0 || content.Images.Any(image => image.Description.Partial is not null)).ShouldBeTrue();
        }
        catch (FileReadException error)
        {
            error.Message.ShouldContain(sample[(sample.IndexOf('/') + 1)..]);
        }
    }

    [Fact]
    public async Task FEI_values_are_mapped_in_SI_units()
    {
        await using var content = await Samples.Open("tiff_fei/FEI-Helios-Ebeam-16bits.tif");
        var values = content.Acquisition.Values;

        double Number(string term) => values[term].Value.GetValue<double>();
        Number("accelerating_voltage").ShouldBe(5000);
        Number("working_distance").ShouldBe(0.00403466);
        Number("beam_current").ShouldBe(6.25e-12);
        Number("dwell_time").ShouldBe(1e-5);
        Number("stage_rotation").ShouldBe(-2.3611);
        Number("stage_y").ShouldBe(-0.000194177);
        values["instrument"].Value.GetValue<string>().ShouldBe("Helios NanoLab\" 660");
        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2016-06-13T17:06:40");
        values["detector"].ShouldSatisfyAllConditions(value => value.Value.GetValue<string>().ShouldBe("ETD"), value => value.Source.ShouldBe("FEI_HELIOS.Detectors.Name"));
        content.Original["FEI_HELIOS"]!["EScan"]!["LineTime"]!.GetValue<string>().ShouldBe("0.0058");
        content.Variant.ShouldBe("TIFF (FEI SEM)");
    }

    [Fact]
    public async Task FEI_text_of_a_damaged_directory_is_found_at_the_end_of_the_file()
    {
        await using var content = await Samples.Open("tiff_fei/quad1image_001_no_beam_scan_or_system_meta.tif");

        content.Images.ShouldHaveSingleItem().Description.Partial.ShouldNotBeNull();
        content.Acquisition.Values["operator"].Value.GetValue<string>().ShouldBe("mkatz");
        content.Acquisition.Values["working_distance"].Value.GetValue<double>().ShouldBe(0.011051);
        content.Warnings.ShouldContain(warning => warning.Contains("FEI text was found"));
    }

    [Fact]
    public async Task A_FEI_value_that_is_no_number_is_left_out()
    {
        await using var content = await Samples.Open("tiff_fei/FEI-Helios-navcam-with-no-IRBeam-bad-floats.tif");

        content.Acquisition.Values.ContainsKey("accelerating_voltage").ShouldBeFalse();
        content.Acquisition.Values["acquisition_time"].Value.GetValue<string>().ShouldBe("2022-05-17T09:07:08");
        content.Acquisition.Values["stage_rotation"].Value.GetValue<double>().ShouldBe(1.07874);
    }

    [Fact]
    public async Task Zeiss_values_are_mapped_and_every_page_keeps_its_own()
    {
        await using var content = await Samples.Open("tiff_zeiss_sem/ZEISS_SEM_multipage.tif");
        var values = content.Acquisition.Values;

        double Number(string term) => values[term].Value.GetValue<double>();
        Number("accelerating_voltage").ShouldBe(1800);
        Number("nominal_magnification").ShouldBe(4530);
        Number("working_distance").ShouldBe(4.5e-3, 1e-9);
        Number("beam_current").ShouldBe(4.7e-9, 1e-15);
        Number("dwell_time").ShouldBe(1e-7, 1e-13);
        Number("stage_x").ShouldBe(71.4538e-3, 1e-9);
        Number("stage_tilt_alpha").ShouldBe(52.6 * Math.PI / 180, 1e-9);
        values["operator"].Value.GetValue<string>().ShouldBe("AREK");
        values["detector"].Value.GetValue<string>().ShouldBe("InLens");
        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2016-04-18T22:42:02");
        content.Original["CZ_SEM"]!.AsArray().Select(page => page!["AP_TIME"]!["value"]!.GetValue<string>()).ShouldBe(["22:42:02", "22:45:19"]);
    }

    [Fact]
    public async Task JEOL_time_has_its_zone()
    {
        await using var content = await Samples.Open("tiff_jeol/JEOL-SightX-TEM-mag-dummy.tif");
        var values = content.Acquisition.Values;

        values["acquisition_time"].Value.GetValue<string>().ShouldBe("2019-11-27T16:11:26.62+09:00");
        values["acquisition_time_zone"].Value.GetValue<string>().ShouldBe("recorded");
        values["accelerating_voltage"].Value.GetValue<double>().ShouldBe(200_000);
        values["nominal_magnification"].Value.GetValue<double>().ShouldBe(150_000);
        values["imaging_mode"].Value.GetValue<string>().ShouldBe("TEM");
        values["instrument"].Value.GetValue<string>().ShouldBe("JEM-ARM200F");
    }

    [Fact]
    public async Task ImageJ_metadata_blocks_are_listed_under_their_names()
    {
        await using var content = await Samples.Open("tiff_imagej/syn_hyperstack_tzcyx.tif");

        var block = content.Original["ImageJ"]!;
        block["Info"]!.GetValue<string>().ShouldBe("Objective=63x\nHV=5kV");
        block["Labels"]!.AsArray().Count.ShouldBe(24);
        block["Ranges"]!.AsArray().Select(value => value!.GetValue<double>()).ShouldBe([0, 200, 10, 220]);
    }

    [Fact]
    public async Task SIS_gives_the_pixel_size_of_its_page()
    {
        await using var content = await Samples.Open("tiff_other_vendor/olympus_SIS.tif");

        var axes = content.Images.Single(image => image.Description.PixelType == PixelType.UInt16).Description.Axes;
        axes.ShouldAllBe(axis => axis.Unit == "pm");
        axes[0].Scale!.Value.ShouldBe(23.928, 1e-3);
        content.Acquisition.Values["acquisition_time"].Value.GetValue<string>().ShouldBe("2018-11-15T19:42:00");
    }

    [Fact]
    public async Task A_MetaMorph_stack_has_a_time_axis_in_seconds()
    {
        await using var content = await Samples.Open("tiff_other_vendor/movie.stk");

        var description = content.Images.ShouldHaveSingleItem().Description;
        description.Title.ShouldBe("Temporary Timelapse Image");
        description.Axes[0].ShouldSatisfyAllConditions(axis => axis.Name.ShouldBe("t"), axis => axis.Scale.ShouldBe(0.864), axis => axis.Unit.ShouldBe("s"));
    }

    [Fact]
    public async Task A_multi_file_OME_set_is_one_image_whichever_file_is_asked()
    {
        string[] names = ["multifile-Z1.ome.tiff", "multifile-Z2.ome.tiff", "multifile-Z3.ome.tiff", "multifile-Z4.ome.tiff", "multifile-Z5.ome.tiff", "multifile.companion.ome"];
        var members = names.Select(name => new MemberFile("set/" + name, Samples.Path("ome_tiff/" + name))).ToList();
        foreach (var primary in (int[])[0, 2, 5])
        {
            await using var content = await FormatRegistry.Default.IdentifyAsync(
                new FileSetInput([members[primary], .. members.Where((_, i) => i != primary)]), TestContext.Current.CancellationToken);
            var image = content.Images.ShouldHaveSingleItem();
            image.Description.Shape.ShouldBe([5, 24, 18]);
            image.Description.Partial.ShouldBeNull();
            content.Members.Count.ShouldBe(6);
            for (var z = 0; z < 5; z++)
            {
                var plane = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await PixelDigest.Read(image, new Region([z, 0, 0], [1, 24, 18]))));
                Samples.Expected("ome_tiff/" + names[z]).Readers[0].Images[0].GetProperty("sha256").GetString().ShouldBe(plane);
            }
        }
    }

    [Fact]
    public async Task Most_of_what_other_readers_list_stands_in_the_original_tree()
    {
        foreach (var sample in (string[])["tiff_fei/FEI-Helios-Ebeam-16bits.tif", "tiff_jeol/JEOL-SightX-TEM-mag-dummy.tif", "tiff_zeiss_sem/test_tiff_Zeiss_SEM_512pix.tif", "tiff_hamamatsu/test_hamamatsu_streak_FOCUS.tif"])
        {
            var expected = Samples.Expected(sample);
            await using var content = await Samples.Open(sample);
            var have = Leaves(JsonSerializer.SerializeToElement<JsonNode>(content.Original)).ToHashSet();
            var wanted = expected.Readers.SelectMany(reader => reader.Images).Where(image => image.TryGetProperty("original_metadata", out _))
                .SelectMany(image => Leaves(image.GetProperty("original_metadata"))).ToList();
            var share = wanted.Count(have.Contains) / (double)wanted.Count;
            share.ShouldBeGreaterThan(0.85, $"{sample}: missing {string.Join(" | ", wanted.Where(value => !have.Contains(value)).Distinct().Take(20))}");
        }
    }

    private static IEnumerable<string> Leaves(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (element.EnumerateObject().All(one => one.Name is "text_length" or "starts" or "array" or "dtype"))
                    return [];
                return element.EnumerateObject().SelectMany(one => Leaves(one.Value));
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany(Leaves);
            case JsonValueKind.String or JsonValueKind.Number:
                var text = element.ToString().Trim().ToLowerInvariant();
                return text.Length == 0 ? [] : [double.TryParse(text, out var number) ? number.ToString("g6") : text];
            default:
                return [];
        }
    }

    private static List<(long Size, double Scale)> Scales(ImageDescription description) =>
        [.. description.Axes.Where(axis => axis.Size > 1 && axis.Scale is not (null or 0) && Units.ContainsKey(axis.Unit ?? "")).Select(axis => (axis.Size, Math.Abs(axis.Scale!.Value) * Units[axis.Unit!])).Order()];

    private static List<(long Size, double Scale)> Scales(JsonElement image) => image.TryGetProperty("axes", out var axes)
        ? [.. axes.EnumerateArray().Where(axis => axis.GetProperty("size").GetInt64() > 1 && Units.ContainsKey(axis.GetProperty("units").GetString() ?? ""))
            .Select(axis => (axis.GetProperty("size").GetInt64(), Math.Abs(axis.GetProperty("scale").GetDouble()) * Units[axis.GetProperty("units").GetString()!])).Order()]
        : [];

    private static bool Same(List<(long Size, double Scale)> a, List<(long Size, double Scale)> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First.Size == pair.Second.Size && Math.Abs(pair.First.Scale / pair.Second.Scale - 1) < 1e-5);
}
