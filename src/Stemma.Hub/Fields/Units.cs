namespace Stemma.Hub.Fields;

/// <summary>A unit that a number can be written in. A value v in it is v × <paramref name="Factor"/> + <paramref name="Offset"/> in the SI unit of its quantity.</summary>
/// <param name="Quantity">What it measures; units of one quantity convert into each other.</param>
public sealed record Unit(string Symbol, string Quantity, double Factor, double Offset = 0)
{
    public double ToSi(double value) => value * Factor + Offset;

    /// <summary>Rounded to 15 digits, so that 0.2 µm are 200 nm and not 200.00000000000003.</summary>
    public double From(double value, Unit other) =>
        other == this ? value : double.Parse(((other.ToSi(value) - Offset) / Factor).ToString("G15"));
}

/// <summary>The units that fields have. Multiples are listed one by one: a short list is read and chosen from.</summary>
public static class Units
{
    public static IReadOnlyList<Unit> All { get; } =
    [
        new("pm", "length", 1e-12), new("Å", "length", 1e-10), new("nm", "length", 1e-9), new("µm", "length", 1e-6), new("mm", "length", 1e-3), new("cm", "length", 1e-2), new("m", "length", 1),
        new("fs", "time", 1e-15), new("ps", "time", 1e-12), new("ns", "time", 1e-9), new("µs", "time", 1e-6), new("ms", "time", 1e-3), new("s", "time", 1),
        new("min", "time", 60), new("h", "time", 3600), new("d", "time", 86400),
        new("K", "temperature", 1), new("°C", "temperature", 1, 273.15),
        new("mV", "voltage", 1e-3), new("V", "voltage", 1), new("kV", "voltage", 1e3),
        new("pA", "current", 1e-12), new("nA", "current", 1e-9), new("µA", "current", 1e-6), new("mA", "current", 1e-3), new("A", "current", 1),
        new("Pa", "pressure", 1), new("hPa", "pressure", 100), new("kPa", "pressure", 1e3), new("MPa", "pressure", 1e6), new("GPa", "pressure", 1e9), new("mbar", "pressure", 100), new("bar", "pressure", 1e5),
        new("ng", "mass", 1e-12), new("µg", "mass", 1e-9), new("mg", "mass", 1e-6), new("g", "mass", 1e-3), new("kg", "mass", 1),
        new("nL", "volume", 1e-12), new("µL", "volume", 1e-9), new("mL", "volume", 1e-6), new("L", "volume", 1e-3),
        new("nmol/L", "concentration", 1e-6), new("µmol/L", "concentration", 1e-3), new("mmol/L", "concentration", 1), new("mol/L", "concentration", 1e3),
        new("mg/mL", "mass concentration", 1), new("g/L", "mass concentration", 1),
        new("meV", "energy", 1.602176634e-22), new("eV", "energy", 1.602176634e-19), new("keV", "energy", 1.602176634e-16), new("MeV", "energy", 1.602176634e-13), new("J", "energy", 1),
        new("mrad", "angle", 1e-3), new("rad", "angle", 1), new("°", "angle", Math.PI / 180),
        new("Hz", "frequency", 1), new("kHz", "frequency", 1e3), new("MHz", "frequency", 1e6),
        new("mW", "power", 1e-3), new("W", "power", 1), new("T", "magnetic flux density", 1),
        new("%", "ratio", 0.01), new("ppm", "ratio", 1e-6),
    ];

    // Signs that look alike, and what keyboards have instead.
    private static readonly Dictionary<string, string> Spellings = new(StringComparer.Ordinal)
    {
        ["um"] = "µm", ["us"] = "µs", ["uA"] = "µA", ["ug"] = "µg", ["uL"] = "µL", ["umol/L"] = "µmol/L", ["\u212B"] = "Å", ["A\u030A"] = "Å", ["degC"] = "°C", ["\u2103"] = "°C", ["deg"] = "°", ["M"] = "mol/L", ["mM"] = "mmol/L",
    };

    private static readonly Dictionary<string, Unit> BySymbol = All.ToDictionary(unit => unit.Symbol, StringComparer.Ordinal);

    /// <summary>The unit of a symbol, also with the Greek µ or as a keyboard without µ and ° writes it; null where it is not known.</summary>
    public static Unit? Find(string symbol)
    {
        var plain = symbol.Trim().Replace('\u03BC', 'µ');
        return BySymbol.GetValueOrDefault(Spellings.GetValueOrDefault(plain, plain));
    }
}
