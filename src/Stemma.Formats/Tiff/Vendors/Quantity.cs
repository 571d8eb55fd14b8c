using System.Globalization;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>Numbers with units as instruments write them.</summary>
internal static class Quantity
{
    private static readonly Dictionary<string, double> Factors = new(StringComparer.Ordinal)
    {
        ["pm"] = 1e-12, ["Å"] = 1e-10, ["nm"] = 1e-9, ["µm"] = 1e-6, ["um"] = 1e-6, ["micron"] = 1e-6, ["microns"] = 1e-6, ["mm"] = 1e-3, ["cm"] = 1e-2,
        ["inch"] = 0.0254, ["m"] = 1, ["mV"] = 1e-3, ["V"] = 1, ["kV"] = 1e3, ["KV"] = 1e3, ["MV"] = 1e6, ["pA"] = 1e-12, ["nA"] = 1e-9, ["µA"] = 1e-6, ["uA"] = 1e-6,
        ["mA"] = 1e-3, ["A"] = 1, ["ps"] = 1e-12, ["ns"] = 1e-9, ["µs"] = 1e-6, ["us"] = 1e-6, ["ms"] = 1e-3, ["s"] = 1, ["sec"] = 1, ["Secs"] = 1, ["min"] = 60, ["h"] = 3600,
        ["°"] = Math.PI / 180, ["deg"] = Math.PI / 180, ["mrad"] = 1e-3, ["rad"] = 1, ["mbar"] = 100, ["mBar"] = 100, ["Torr"] = 101325.0 / 760, ["Pa"] = 1, ["eV"] = 1, ["keV"] = 1e3,
        ["K"] = 1, ["X"] = 1, ["x"] = 1, ["K X"] = 1e3,
    };

    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>Splits <c>3.9 mm</c> into number and unit; the unit is empty where there is none.</summary>
    public static (double Value, string Unit)? Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        var end = text.IndexOf(' ');
        var value = Number(end < 0 ? text : text[..end]);
        return value is { } number ? (number, end < 0 ? "" : Symbol(text[end..])) : null;
    }

    /// <summary>A number with unit in SI units; null where the number or the unit is not understood. Without a unit the number counts as SI.</summary>
    public static double? ToSi(string? text) => Parse(text) is var (value, unit) ? ToSi(value, unit) : null;

    public static double? ToSi(double? value, string? unit) =>
        value is null ? null : string.IsNullOrEmpty(unit) ? value : Factors.TryGetValue(Symbol(unit), out var factor) ? value * factor : null;

    /// <summary>The unit as we write it: micro as U+00B5, no blanks around, ImageJ's escape resolved.</summary>
    public static string Symbol(string unit)
    {
        unit = unit.Trim().Replace("\\u00B5", "µ", StringComparison.OrdinalIgnoreCase).Replace('\u03BC', 'µ');
        return unit switch
        {
            "um" or "micron" or "microns" or "micrometer" or "micrometre" => "µm",
            "nanometer" => "nm",
            "angstrom" or "Angstrom" or "A°" => "Å",
            "inches" => "inch",
            "seconds" or "sec" or "Secs" => "s",
            _ => unit,
        };
    }
}
