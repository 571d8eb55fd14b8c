using Stemma.Imaging;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>Names, calibrates and assigns the axes of an image. DM itself has only numbered dimensions.</summary>
internal static class DmAxes
{
    /// <summary>
    /// Axes in array order, slowest first; the file's order is kept (a spectrum image is energy, y, x).
    /// Energies, wavelengths and reciprocal lengths are known by their units.
    /// </summary>
    public static IReadOnlyList<Axis> From(DmImage image)
    {
        var count = image.Dimensions.Count;
        // Spectra written by GMS 1 and 2 have a second dimension of 1.
        if (image.Format == "Spectrum" && count == 2 && image.Dimensions[1] == 1)
            count = 1;
        var names = Names(image, count);
        var hasSpectrum = Array.Exists(names, name => name is "energy" or "wavelength");
        var hasPlane = Array.Exists(names, name => name is "kx") && Array.Exists(names, name => name is "x");
        var axes = new Axis[count];
        for (var i = 0; i < count; i++)
        {
            var signal = hasSpectrum ? names[i] is "energy" or "wavelength"
                : hasPlane ? names[i] is "kx" or "ky"
                : i < 2;
            axes[count - 1 - i] = Calibrate(new Axis(names[i], image.Dimensions[i], signal ? AxisRole.Signal : AxisRole.Navigation), image.Calibrations[i]);
        }

        return axes;
    }

    /// <summary>One unit, one spelling: µ is U+00B5, a reciprocal is <c>1/…</c>. Unknown units stay as written.</summary>
    public static string? Unit(string asWritten)
    {
        var unit = asWritten.Trim().Replace('\u03bc', '\u00b5');
        return unit switch
        {
            "" => null,
            "um" or "micron" or "microns" or "\\u00B5m" => "\u00b5m",
            "A" or "Angstrom" => "\u00c5",
            "nm-1" or "nm^-1" or "1 / nm" => "1/nm",
            "A-1" or "1/A" => "1/\u00c5",
            _ => unit,
        };
    }

    private static string[] Names(DmImage image, int count)
    {
        var names = new string[count];
        var spectral = image.Format is "Spectrum" or "Spectrum image";
        string[] lengths = ["x", "y", "z"], planes = ["kx", "ky"];
        int length = 0, plane = 0;
        for (var i = 0; i < count; i++)
        {
            var unit = Unit(image.Calibrations[i]?.Units ?? "");
            if (unit is "eV" or "keV")
                names[i] = "energy";
            else if (unit is "s" or "ms" or "min" && i == count - 1)
                names[i] = "t";
            else if (unit is "1/nm" or "1/\u00b5m" or "1/\u00c5" or "1/m" or "mrad" or "rad" && plane < planes.Length)
                names[i] = planes[plane++];
            else
                names[i] = length < lengths.Length ? lengths[length++] : $"axis{i + 1}";
        }

        // Without a unit of energy the spectral dimension is known by its place: alone, or the slowest of a spectrum image.
        if (spectral && Array.TrueForAll(names, name => name != "energy"))
        {
            var place = count == 2 ? 0 : count - 1;
            names[place] = Unit(image.Calibrations[place]?.Units ?? "") == "nm" ? "wavelength" : "energy";
            if (place == 0 && count == 2)
                names[1] = "x";
        }

        // A name may stand once only.
        for (var i = 1; i < count; i++)
            if (Array.IndexOf(names, names[i]) < i)
                names[i] = $"axis{i + 1}";
        return names;
    }

    /// <summary>A dimension with scale 1 and no unit was never calibrated.</summary>
    private static Axis Calibrate(Axis axis, DmCalibration? calibration)
    {
        if (calibration is null || calibration.Scale == 0 || (Unit(calibration.Units) is null && calibration.Scale == 1))
            return axis;
        // Adding zero turns −0 into 0.
        return axis with { Scale = calibration.Scale, Offset = -calibration.Origin * calibration.Scale + 0.0, Unit = Unit(calibration.Units) };
    }
}
