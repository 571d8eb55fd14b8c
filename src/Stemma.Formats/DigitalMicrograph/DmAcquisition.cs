using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>Maps the tags of the first image to the vocabulary. Units stand in the tag names, or are GMS's customs where noted.</summary>
internal static class DmAcquisition
{
    private const double Degree = Math.PI / 180;

    /// <param name="Path">Below <c>ImageTags</c>, names separated by <c>|</c>.</param>
    /// <param name="Factor">From the tag's unit to the term's.</param>
    /// <param name="ZeroIsNothing">GMS writes 0 where the microscope gave no answer.</param>
    private sealed record NumberRule(string Term, string Path, double Factor = 1, bool ZeroIsNothing = false);

    /// <summary>The first tag that is present wins.</summary>
    private static readonly NumberRule[] Numbers =
    [
        new("accelerating_voltage", "Microscope Info|Voltage", 1, true),
        new("nominal_magnification", "Microscope Info|Indicated Magnification", 1, true),
        new("spherical_aberration", "Microscope Info|Cs(mm)", 1e-3, true),
        new("beam_current", "Microscope Info|Probe Current (nA)", 1e-9, true),
        new("emission_current", "Microscope Info|Emission Current (µA)", 1e-6, true),
        // Stage positions are in µm, tilts in degrees.
        new("stage_x", "Microscope Info|Stage Position|Stage X", 1e-6),
        new("stage_y", "Microscope Info|Stage Position|Stage Y", 1e-6),
        new("stage_z", "Microscope Info|Stage Position|Stage Z", 1e-6),
        new("stage_tilt_alpha", "Microscope Info|Stage Position|Stage Alpha", Degree),
        new("stage_tilt_beta", "Microscope Info|Stage Position|Stage Beta", Degree),
        new("exposure_time", "EELS|Acquisition|Exposure (s)", 1, true),
        new("exposure_time", "CL|Acquisition|Exposure (s)", 1, true),
        new("exposure_time", "DataBar|Exposure Time (s)", 1, true),
        new("exposure_time", "Acquisition|Parameters|High Level|Exposure (s)", 1, true),
        new("dwell_time", "SI|Acquisition|Pixel time (s)", 1, true),
        // DigiScan counts in µs.
        new("dwell_time", "DigiScan|Sample Time", 1e-6, true),
        new("scan_rotation", "DigiScan|Rotation", Degree),
        new("convergence_angle", "EELS|Experimental Conditions|Convergence semi-angle (mrad)", 1e-3, true),
        new("convergence_angle", "EELS|Convergence semi-angle (mrad)", 1e-3, true),
        new("collection_angle", "EELS|Experimental Conditions|Collection semi-angle (mrad)", 1e-3, true),
        new("collection_angle", "EELS|Collection semi-angle (mrad)", 1e-3, true),
        new("energy_dispersion", "EELS Spectrometer|Dispersion (eV/ch)", 1, true),
        new("energy_dispersion", "EDS|Acquisition|Dispersion (eV)", 1, true),
        new("energy_loss_offset", "EELS Spectrometer|Energy loss (eV)"),
        new("live_time", "EDS|Live time", 1, true),
        new("real_time", "EDS|Real time", 1, true),
        new("elevation_angle", "EDS|Detector Info|Elevation angle", Degree),
    ];

    private static readonly (string Term, string Path)[] Texts =
    [
        ("instrument", "Session Info|Microscope"),
        ("instrument", "Microscope Info|Microscope"),
        ("instrument", "Microscope Info|Name"),
        ("operator", "Session Info|Operator"),
        ("operator", "Microscope Info|Operator"),
        ("specimen", "Session Info|Specimen"),
        ("specimen", "Microscope Info|Specimen"),
        ("detector", "DataBar|Device Name"),
        ("detector", "Session Info|Detector"),
        ("detector", "Acquisition|Device|Name"),
    ];

    private static readonly (string Date, string Time, string? FileTime)[] Times =
    [
        ("DataBar|Acquisition Date", "DataBar|Acquisition Time", "DataBar|Acquisition Time (OS)"),
        ("SI|Acquisition|Date", "SI|Acquisition|Start time", null),
        ("EELS|Acquisition|Date", "EELS|Acquisition|Start time", null),
        ("EDS|Acquisition|Date", "EDS|Acquisition|Start time", null),
        ("CL|Acquisition|Date", "CL|Acquisition|Start time", null),
    ];

    public static Acquisition From(DmImage image, IReadOnlyList<Axis> axes)
    {
        var acquisition = new Acquisition();
        var tags = Tags(image);
        foreach (var rule in Numbers)
            if (!acquisition.Values.ContainsKey(rule.Term) && tags.Group.Number(rule.Path.Split('|')) is { } value && !(rule.ZeroIsNothing && value == 0))
                acquisition.Set(rule.Term, value * rule.Factor, tags.Source(rule.Path));
        foreach (var (term, path) in Texts)
            if (!acquisition.Values.ContainsKey(term))
                acquisition.Set(term, tags.Group.Text(path.Split('|')), tags.Source(path));
        if (tags.Group.Text("GMS Version", "Saved") is { Length: > 0 } version)
            acquisition.Set("software", $"Gatan Microscopy Suite {version}", tags.Source("GMS Version|Saved"));
        SetModes(acquisition, tags, image);
        SetTime(acquisition, tags);
        SetPixelSize(acquisition, image, axes);
        return acquisition;
    }

    private readonly record struct TagPlace(DmGroup Group, string Path)
    {
        public string Source(string path) => $"{Path}.{path.Replace('|', '.')}";
    }

    /// <summary>Stacks made by the Stack Builder keep the tags of their first image one level deeper.</summary>
    private static TagPlace Tags(DmImage image) =>
        image.Tags.Group("source", "Tags at creation") is { } creation && image.Tags.Group("Microscope Info") is null
            ? new TagPlace(creation, $"{image.Path}.ImageTags.source.Tags at creation")
            : new TagPlace(image.Tags, $"{image.Path}.ImageTags");

    private static void SetModes(Acquisition acquisition, TagPlace tags, DmImage image)
    {
        var illumination = tags.Group.Text("Microscope Info", "Illumination Mode");
        var isStem = illumination?.Contains("STEM", StringComparison.OrdinalIgnoreCase) == true;
        if (!string.IsNullOrWhiteSpace(illumination))
        {
            var diffraction = tags.Group.Text("Microscope Info", "Imaging Mode")?.Contains("DIFF", StringComparison.OrdinalIgnoreCase) == true;
            if (isStem || illumination.Contains("SEM", StringComparison.OrdinalIgnoreCase))
                acquisition.Set("imaging_mode", isStem ? "STEM" : "SEM", tags.Source("Microscope Info|Illumination Mode"));
            else
                acquisition.Set("imaging_mode", diffraction ? "diffraction" : "TEM", tags.Source("Microscope Info|Imaging Mode"));
        }

        // In mm; a scanning electron microscope has none, but GMS writes a number all the same.
        if (isStem && tags.Group.Number("Microscope Info", "STEM Camera Length") is > 0 and var length)
            acquisition.Set("camera_length", length * 1e-3, tags.Source("Microscope Info|STEM Camera Length"));

        var signal = tags.Group.Text("Meta Data", "Signal");
        acquisition.Set("signal_type", signal == "X-ray" ? "EDS" : signal, tags.Source("Meta Data|Signal"));
        if (string.IsNullOrWhiteSpace(signal))
            acquisition.Set("signal_type", image.Format switch { "Image" => "image", "Diffraction" or "Diffraction pattern" => "diffraction", _ => null }, tags.Source("Meta Data|Format"));
    }

    private static void SetTime(Acquisition acquisition, TagPlace tags)
    {
        foreach (var (datePath, timePath, fileTimePath) in Times)
        {
            if (tags.Group.Text(datePath.Split('|')) is not { Length: > 0 } date)
                continue;
            var time = tags.Group.Text(timePath.Split('|')) ?? "";
            var fileTime = fileTimePath is null ? null : tags.Group.Number(fileTimePath.Split('|'));
            var understood = DmTime.Understand(date, time, fileTime);
            acquisition.SetTime($"{date} {time}".Trim(), understood?.Instant, understood?.ZoneIsKnown == true, tags.Source(datePath));
            return;
        }
    }

    private static void SetPixelSize(Acquisition acquisition, DmImage image, IReadOnlyList<Axis> axes)
    {
        for (var i = 0; i < axes.Count; i++)
        {
            var axis = axes[i];
            if (axis.Name is not ("x" or "y") || axis.Scale is not { } scale || Metres(axis.Unit) is not { } metres)
                continue;
            var source = $"{image.Path}.ImageData.Calibrations.Dimension[{axes.Count - 1 - i}].Scale";
            acquisition.Set(axis.Name == "x" ? "pixel_size" : "pixel_size_y", scale * metres, source);
        }
    }

    private static double? Metres(string? unit) => unit switch
    {
        "pm" => 1e-12,
        "\u00c5" => 1e-10,
        "nm" => 1e-9,
        "\u00b5m" => 1e-6,
        "mm" => 1e-3,
        "m" => 1,
        _ => null,
    };
}
