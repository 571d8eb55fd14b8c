using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stemma.Hub.Search.Language;

/// <summary>Numbers with units as people type them, in the SI unit of a term.</summary>
public static class Quantity
{
    private sealed record Dimension(string Unit, string Name, string Example, Dictionary<string, double> Factors);

    private static readonly Dictionary<string, double> Prefixes = new(StringComparer.Ordinal)
    {
        ["f"] = 1e-15, ["p"] = 1e-12, ["n"] = 1e-9, ["µ"] = 1e-6, ["u"] = 1e-6, ["m"] = 1e-3, ["c"] = 1e-2, ["h"] = 1e2, ["k"] = 1e3, ["K"] = 1e3, ["M"] = 1e6, ["G"] = 1e9, ["T"] = 1e12,
    };

    private static readonly Dimension Pure = new("", "a plain number", "50000 or 50k", new(StringComparer.Ordinal)
    {
        ["k"] = 1e3, ["K"] = 1e3, ["M"] = 1e6, ["x"] = 1, ["X"] = 1, ["×"] = 1, ["kx"] = 1e3, ["kX"] = 1e3, ["KX"] = 1e3, ["Mx"] = 1e6, ["%"] = 0.01,
    });

    private static readonly Dimension[] Dimensions =
    [
        new("m", "a length", "0.1nm", With("m", "p n µ u m c k", ("Å", 1e-10), ("Å", 1e-10), ("A", 1e-10), ("micron", 1e-6), ("microns", 1e-6), ("in", 0.0254), ("inch", 0.0254))),
        new("V", "a voltage", "200kV", With("V", "m k K M", ("kv", 1e3), ("KV", 1e3))),
        new("s", "a time", "10ms", With("s", "p n µ u m", ("sec", 1), ("min", 60), ("h", 3600))),
        new("A", "a current", "20pA", With("A", "f p n µ u m")),
        new("rad", "an angle", "30°", With("rad", "n µ u m", ("°", Math.PI / 180), ("deg", Math.PI / 180))),
        new("eV", "an energy", "0.1eV", With("eV", "m k M", ("kev", 1e3))),
        new("Pa", "a pressure", "1e-5Pa", With("Pa", "n µ u m h k", ("bar", 1e5), ("mbar", 100), ("Torr", 101325.0 / 760), ("torr", 101325.0 / 760))),
        new("K", "a temperature", "100K", With("K", "m", ("°C", 1), ("degC", 1), ("C", 1))),
        new("1/m²", "a dose", "40e/Å²", With("1/m²", "", ("e/Å²", 1e20), ("e/Å²", 1e20), ("e/A2", 1e20), ("e/Å2", 1e20), ("e/nm²", 1e18), ("e/nm2", 1e18))),
        new("B", "a size", "1GB", With("B", "k K M G T", ("KiB", 1024), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("KB", 1e3))),
    ];

    /// <param name="text">Such as <c>200kV</c>, <c>0.1 nm</c>, <c>1e-5Pa</c>.</param>
    /// <param name="unit">The SI unit that is wanted; null for pure numbers.</param>
    /// <param name="value">In that unit.</param>
    /// <param name="half">Half of the last digit that was written, in that unit: 0.1nm stands for what rounds to it.</param>
    /// <param name="problem">What is wrong, in a sentence.</param>
    public static bool TryParse(string text, string? unit, out double value, out double half, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = half = 0;
        var dimension = unit is null ? Pure : Dimensions.FirstOrDefault(candidate => candidate.Unit == unit) ?? new Dimension(unit, $"in {unit}", $"5{unit}", With(unit, ""));
        var written = text.Trim().TrimStart('×').Replace('\u03BC', 'µ').Replace('−', '-');
        var end = NumberEnd(written);
        if (end == 0 || !double.TryParse(written[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            problem = $"\"{text}\" is no number. Write {dimension.Name} as {dimension.Example}.";
            return false;
        }

        var symbol = written[end..].Trim();
        if (symbol.StartsWith(',') && symbol.Length > 1 && char.IsDigit(symbol[1]))
        {
            problem = $"Write \"{text}\" without a comma: 50000 for thousands, 0.5 for a fraction.";
            return false;
        }

        double factor;
        if (symbol.Length == 0 && (unit is null || number == 0))
            factor = 1;
        else if (symbol.Length == 0)
        {
            problem = $"A unit is missing after {text}: write it as {dimension.Example}.";
            return false;
        }
        else if (!dimension.Factors.TryGetValue(symbol, out factor))
        {
            problem = Dimensions.FirstOrDefault(other => other.Factors.ContainsKey(symbol)) is { } other
                ? $"{text} is {other.Name}, but this field is {dimension.Name}: write it as {dimension.Example}."
                : $"\"{symbol}\" is no unit that fits here. Write {dimension.Name} as {dimension.Example}.";
            return false;
        }

        value = (number * factor) + (unit == "K" && symbol is "°C" or "degC" or "C" && unit == "K" ? 273.15 : 0);
        half = 0.5 * LastDigit(written[..end]) * factor;
        problem = null;
        return double.IsFinite(value) || Fail(text, out problem);
    }

    /// <summary>Number and unit of a text such as <c>3.9 mm</c>; the unit is empty where there is none.</summary>
    /// <param name="half">Half of the last digit that was written.</param>
    public static bool TrySplit(string text, out double number, out double half, out string symbol)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = text.Trim().Replace('\u03BC', 'µ').Replace('−', '-');
        var end = NumberEnd(written);
        symbol = written[end..].Trim();
        half = 0;
        if (end == 0 || !double.TryParse(written[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out number) || !double.IsFinite(number))
        {
            number = 0;
            return false;
        }

        half = 0.5 * LastDigit(written[..end]);
        return true;
    }

    private static bool Fail(string text, out string problem)
    {
        problem = $"{text} is too large.";
        return false;
    }

    private static int NumberEnd(string text)
    {
        var at = 0;
        if (at < text.Length && text[at] is '-' or '+' && at < text.Length)
            at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            at++;
        // An exponent, and not the e of eV or of e/Å².
        if (at > 0 && at < text.Length && text[at] is 'e' or 'E' && at < text.Length)
        {
            var digits = at + 1 < text.Length && text[at + 1] is '-' or '+' ? at + 2 : at + 1;
            if (digits < text.Length && char.IsAsciiDigit(text[digits]))
            {
                at = digits;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                    at++;
            }
        }

        return at;
    }

    /// <summary>What one unit of the last written digit counts: 0.1 for 2.5, 1 for 20, 1e-6 for 1e-6.</summary>
    private static double LastDigit(string number)
    {
        var exponent = number.IndexOfAny(['e', 'E']);
        var mantissa = exponent < 0 ? number : number[..exponent];
        var digits = mantissa.IndexOf('.') is >= 0 and var point ? mantissa.Length - point - 1 : 0;
        return Math.Pow(10, (exponent < 0 ? 0 : int.TryParse(number[(exponent + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) ? power : 0) - digits);
    }

    private static Dictionary<string, double> With(string unit, string prefixes, params ReadOnlySpan<(string Symbol, double Factor)> others)
    {
        var factors = new Dictionary<string, double>(StringComparer.Ordinal) { [unit] = 1 };
        foreach (var prefix in prefixes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            factors[prefix + unit] = Prefixes[prefix];
        foreach (var (symbol, factor) in others)
            factors[symbol] = factor;
        return factors;
    }
}
