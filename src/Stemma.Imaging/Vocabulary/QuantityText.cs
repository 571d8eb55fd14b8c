using System.Globalization;

namespace Stemma.Imaging.Vocabulary;

/// <summary>Quantities as people read them.</summary>
public static class QuantityText
{
    private static readonly (string Prefix, double Factor)[] Prefixes =
    [
        ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1), ("m", 1e-3), ("µ", 1e-6), ("n", 1e-9), ("p", 1e-12), ("f", 1e-15),
    ];

    private static readonly string[] Prefixable = ["m", "V", "A", "s", "eV", "Pa", "Hz", "J", "W", "K", "rad", "T", "g", "C"];

    /// <summary>A value with the prefix that leaves one to three digits before the point: 2.13E-11 m → 21.3 pm. Units that take no prefix stay.</summary>
    /// <param name="digits">As many are told.</param>
    public static string Of(double value, string? unit, int digits = 4)
    {
        if (unit is null || value == 0 || !double.IsFinite(value))
            return Join(value, unit, digits);
        var inverse = unit.StartsWith("1/", StringComparison.Ordinal);
        if (Split(inverse ? unit[2..] : unit) is not { } parts)
            return Join(value, unit, digits);
        var magnitude = Math.Abs(value) * (inverse ? 1 / parts.Factor : parts.Factor);
        // The prefix of an inverse unit runs the other way: 2e9 1/m is 2 1/nm.
        foreach (var (prefix, factor) in inverse ? Prefixes.Reverse() : Prefixes)
            if (magnitude * (1 + 1e-12) >= (inverse ? 1 / factor : factor))
                return Join(Math.Sign(value) * magnitude / (inverse ? 1 / factor : factor), $"{(inverse ? "1/" : "")}{prefix}{parts.Base}", digits);
        return Join(value, unit, digits);
    }

    private static (double Factor, string Base)? Split(string unit)
    {
        if (Prefixable.Contains(unit))
            return (1, unit);
        var prefix = Prefixes.FirstOrDefault(known => known.Prefix.Length > 0 && unit.StartsWith(known.Prefix, StringComparison.Ordinal) && Prefixable.Contains(unit[1..]));
        return prefix.Prefix is null ? null : (prefix.Factor, unit[1..]);
    }

    private static string Join(double value, string? unit, int digits) =>
        unit is null ? Number(value, digits) : $"{Number(value, digits)} {unit}";

    /// <summary>So many digits, without an exponent where a person would not write one.</summary>
    private static string Number(double value, int digits) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e6)
        ? Math.Round(value, Math.Clamp(digits - 1 - (value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)))), 0, 15)).ToString("0.######", CultureInfo.InvariantCulture)
        : value.ToString($"0.{new string('#', digits - 1)}e0", CultureInfo.InvariantCulture);
}
