using System.Globalization;

namespace Stemma.Cli.Terminal;

/// <summary>Sizes, times and quantities as people read them.</summary>
internal static class Amounts
{
    private static readonly (string Prefix, double Factor)[] Prefixes =
    [
        ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1), ("m", 1e-3), ("µ", 1e-6), ("n", 1e-9), ("p", 1e-12), ("f", 1e-15),
    ];

    private static readonly string[] Prefixable = ["m", "V", "A", "s", "eV", "Pa", "Hz", "J", "W", "K", "rad", "T", "g", "C"];

    /// <summary>Decimal units, as disks are sold: 4.2 GB.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var (value, unit) = ((double)bytes, 0);
        for (; Math.Abs(value) >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return unit == 0 ? $"{bytes} B" : $"{value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>Width first, as microscopes write it: 2048 × 1024.</summary>
    /// <param name="shape">Array order, slowest first.</param>
    public static string Extent(IEnumerable<long> shape) => string.Join(" × ", shape.Reverse());

    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";

    /// <summary>A value with the prefix that leaves one to three digits before the point: 2.13E-11 m → 21.3 pm. Units that take no prefix stay.</summary>
    public static string Quantity(double value, string? unit)
    {
        if (unit is null || value == 0 || !double.IsFinite(value))
            return Join(value, unit);
        var inverse = unit.StartsWith("1/", StringComparison.Ordinal);
        if (Split(inverse ? unit[2..] : unit) is not { } parts)
            return Join(value, unit);
        var magnitude = Math.Abs(value) * (inverse ? 1 / parts.Factor : parts.Factor);
        // The prefix of an inverse unit runs the other way: 2e9 1/m is 2 1/nm.
        foreach (var (prefix, factor) in inverse ? Prefixes.Reverse() : Prefixes)
            if (magnitude * (1 + 1e-12) >= (inverse ? 1 / factor : factor))
                return Join(Math.Sign(value) * magnitude / (inverse ? 1 / factor : factor), $"{(inverse ? "1/" : "")}{prefix}{parts.Base}");
        return Join(value, unit);
    }

    private static (double Factor, string Base)? Split(string unit)
    {
        if (Prefixable.Contains(unit))
            return (1, unit);
        var prefix = Prefixes.FirstOrDefault(known => known.Prefix.Length > 0 && unit.StartsWith(known.Prefix, StringComparison.Ordinal) && Prefixable.Contains(unit[1..]));
        return prefix.Prefix is null ? null : (prefix.Factor, unit[1..]);
    }

    private static string Join(double value, string? unit) =>
        unit is null ? Number(value) : $"{Number(value)} {unit}";

    /// <summary>Four digits, without an exponent where a person would not write one.</summary>
    private static string Number(double value) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e6)
        ? Math.Round(value, Math.Clamp(3 - (value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)))), 0, 15)).ToString("0.######", CultureInfo.InvariantCulture)
        : value.ToString("0.###e0", CultureInfo.InvariantCulture);
}
