namespace Stemma.Bench.Catalog;

/// <summary>A microscope as its files tell of it: what stands in all of them, what is one of a few, and what is never the same twice.</summary>
internal sealed record Instrument(string Name, string Manufacturer, string Identifier, string Software, string Root, string Format, string FormatName, string Extension, double[] Voltages, string[] Detectors, string[] Modes)
{
    private const int Constants = 20, Choices = 22, Numbers = 18;

    private static readonly string[] Parts = ["Column", "Stage", "Detector", "Scan", "Vacuum", "Gun", "Optics", "Acquisition", "Session", "Camera"];
    private static readonly string[] Things = ["Mode", "State", "Setting", "Gain", "Offset", "Position", "Current", "Version", "Filter", "Aperture", "Rate", "Level"];

    /// <summary>Path, value: the same in every file.</summary>
    public IReadOnlyList<(string Path, string Value)> Constant { get; } = [.. Enumerable.Range(0, Constants).Select(place => ($"{Root}.{Key(place, 0)}", $"{Identifier} {Things[(place * 5) % Things.Length]} {place}"))];

    /// <summary>Path, and the values that it has: 2 to 12.</summary>
    public IReadOnlyList<(string Path, Skewed<string> Values)> Choice { get; } =
        [.. Enumerable.Range(0, Choices).Select(place => ($"{Root}.{Key(place, 3)}", new Skewed<string>([.. Enumerable.Range(0, 2 + (place % 11)).Select(value => $"{Things[(place + value) % Things.Length]} {(char)('A' + value)}")])))];

    /// <summary>Paths of numbers.</summary>
    public IReadOnlyList<string> Number { get; } = [.. Enumerable.Range(0, Numbers).Select(place => $"{Root}.{Key(place, 7)}")];

    /// <summary>Those of a facility, the busiest first.</summary>
    public static Skewed<Instrument> All { get; } = new([.. Enumerable.Range(0, 24).Select(Make)], 0.8);

    private static Instrument Make(int number)
    {
        var (model, manufacturer, software, root, format, formatName, extension, detectors) = (number % 4) switch
        {
            0 => ("Osiris", "FEI", "Digital Micrograph", "ImageTags", "dm3", "DigitalMicrograph 3, little-endian", ".dm3", new[] { "HAADF", "BF", "DF4", "CCD" }),
            1 => ("Titan", "Thermo Fisher Scientific", "Velox", "Metadata", "emd-velox", "Velox EMD", ".emd", ["HAADF", "BF-S", "DF-I", "Ceta", "Super-X"]),
            2 => ("Merlin", "Zeiss", "SmartSEM", "SEM", "tiff-zeiss", "Zeiss SEM TIFF", ".tif", ["InLens", "SE2", "ESB", "AsB"]),
            _ => ("Arctica", "FEI", "EPU", "Microscope", "mrc", "MRC", ".mrc", ["Falcon III", "K2", "Ceta"]),
        };
        var isScanning = number % 4 == 2;
        return new Instrument($"{model} {(char)('A' + (number / 4))}", manufacturer, $"D{3000 + (number * 17)}", $"{software} {1 + (number % 3)}.{number}", root, format, formatName, extension,
            isScanning ? [2e3, 5e3, 10e3, 20e3] : number % 4 == 3 ? [200e3] : [80e3, 200e3, 300e3], detectors, isScanning ? ["High resolution", "Depth"] : ["STEM", "TEM", "Diffraction", "EFTEM"]);
    }

    private static string Key(int place, int turn) => $"{Parts[(place + turn) % Parts.Length]}.{Things[(place * 7 + turn) % Things.Length]}{(place * 10 + turn) % 97}";
}
