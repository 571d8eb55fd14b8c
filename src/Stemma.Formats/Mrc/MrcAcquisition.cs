using System.Globalization;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Mrc;

/// <summary>Maps header and extended header to the vocabulary.</summary>
internal static class MrcAcquisition
{
    private const double Degree = Math.PI / 180;

    /// <summary>Fields of FEI1 and FEI2; angles in degrees except the convergence angle, all else in SI units.</summary>
    private static readonly (string Term, string Field, double Factor)[] Fei =
    [
        ("accelerating_voltage", "HT", 1), ("electron_dose", "Dose", 1), ("stage_tilt_alpha", "Alpha tilt", Degree), ("stage_tilt_beta", "Beta tilt", Degree),
        ("stage_x", "X-Stage", 1), ("stage_y", "Y-Stage", 1), ("stage_z", "Z-Stage", 1), ("tilt_axis_angle", "Tilt axis angle", Degree),
        ("defocus", "Defocus", 1), ("nominal_magnification", "Magnification", 1), ("camera_length", "Camera length", 1), ("spot_size", "Spot index", 1),
        ("convergence_angle", "Convergence angle", 1), ("exposure_time", "Integration time", 1), ("dwell_time", "Dwell time", 1), ("frame_time", "Frame time", 1),
    ];

    private static readonly (string Term, string Field, double Factor)[] OldFei =
    [
        ("stage_tilt_alpha", "a_tilt", Degree), ("stage_tilt_beta", "b_tilt", Degree), ("stage_x", "x_stage", 1), ("stage_y", "y_stage", 1), ("stage_z", "z_stage", 1),
        ("defocus", "defocus", 1), ("exposure_time", "exp_time", 1), ("tilt_axis_angle", "tilt_axis", Degree), ("nominal_magnification", "magnification", 1),
        ("accelerating_voltage", "ht", 1),
    ];

    private static readonly (string Term, string Field, double Factor)[] SerialEm =
    [
        ("stage_tilt_alpha", "tilt angle × 100 (°)", 0.01 * Degree), ("stage_x", "stage x × 25 (µm)", 1e-6 / 25), ("stage_y", "stage y × 25 (µm)", 1e-6 / 25),
        ("nominal_magnification", "magnification / 100", 100), ("electron_dose", "exposure dose (e/Å²)", 1e20),
    ];

    /// <summary>Magnitudes of which 0 means "not recorded".</summary>
    private static readonly HashSet<string> NeverZero =
        ["accelerating_voltage", "electron_dose", "nominal_magnification", "camera_length", "convergence_angle", "exposure_time", "dwell_time", "frame_time"];

    public static Acquisition From(IReadOnlyList<Axis> axes, MrcExtendedHeader? extended, IReadOnlyList<string> labels)
    {
        var acquisition = new Acquisition();
        foreach (var axis in axes)
            if (axis.Name is "x" or "y" && axis is { Scale: { } scale })
                acquisition.Set(axis.Name == "x" ? "pixel_size" : "pixel_size_y", scale * 1e-9, $"header.cella.{axis.Name}");
        if (extended is not null)
            Map(extended, acquisition);
        for (var i = 0; i < labels.Count; i++)
            VocabularyLines.Map(labels[i], $"header.label[{i}]", acquisition);
        return acquisition;
    }

    private static void Map(MrcExtendedHeader extended, Acquisition acquisition)
    {
        foreach (var (term, field, factor) in extended.Kind.StartsWith("FEI (", StringComparison.Ordinal) ? OldFei : extended.Kind.StartsWith("FEI", StringComparison.Ordinal) ? Fei : SerialEm)
            if (extended.Number(field) is { } value && !(value == 0 && NeverZero.Contains(term)))
                acquisition.Set(term, value * factor, $"extendedHeader.first.{field}");
        if (!acquisition.Values.ContainsKey("pixel_size") && (extended.Number("Pixel size X") ?? extended.Number("pixel_size")) is > 0 and var pixelSize)
            acquisition.Set("pixel_size", pixelSize, "extendedHeader.first." + (extended.First.ContainsKey("pixel_size") ? "pixel_size" : "Pixel size X"));
        acquisition.Set("instrument", extended.Text("Microscope type"), "extendedHeader.first.Microscope type");
        acquisition.Set("instrument_identifier", extended.Text("D-Number"), "extendedHeader.first.D-Number");
        acquisition.Set("software", $"{extended.Text("Application")} {extended.Text("Application version")}", "extendedHeader.first.Application");
        var detector = string.IsNullOrEmpty(extended.Text("STEM Detector name")) ? "Camera name" : "STEM Detector name";
        acquisition.Set("detector", extended.Text(detector), $"extendedHeader.first.{detector}");
        if (detector == "STEM Detector name")
            acquisition.Set("imaging_mode", "STEM", "extendedHeader.first.STEM Detector name");
        // Days since 30 December 1899, by the microscope PC's clock.
        if (extended.Number("Timestamp") is > 1 and < 2e5 and var days)
            acquisition.SetTime(days.ToString(CultureInfo.InvariantCulture), new DateTimeOffset(DateTime.FromOADate(days), TimeSpan.Zero), false, "extendedHeader.first.Timestamp");
    }
}
