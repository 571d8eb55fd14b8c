namespace Stemma.Formats.Demo;

/// <summary>How a demo image pretends to have been recorded, in lines that the readers map. Every value says that it is simulated.</summary>
internal sealed record DemoFacts(string Instrument, string AcceleratingVoltage, string Setting, string Detector, string Time, string Specimen)
{
    private const string Operator = "Stemma demo (simulated)";

    public static DemoFacts Eve { get; } = new("Simulated TEM", "300 kV", "Nominal magnification: 750000", "Simulated camera", "2026-01-12T09:30:00", "Two gold grains, simulated");

    public static DemoFacts Phantom { get; } = new("Simulated microCT", "80 kV", "Nominal magnification: 20", "Simulated flat panel", "2026-01-13T10:00:00", "Filled resin, simulated");

    public static DemoFacts SpectrumImage { get; } = new("Simulated STEM", "200 kV", "Nominal magnification: 500000", "Simulated EELS spectrometer", "2026-01-14T11:15:00", "Iron oxide on carbon, simulated");

    public static DemoFacts Particles { get; } = new("Simulated SEM", "5 kV", "Nominal magnification: 25000", "Simulated secondary electron detector", "2026-01-15T14:00:00", "Balls on a substrate, simulated");

    /// <summary>A diffraction pattern has a camera length and no magnification.</summary>
    public static DemoFacts Rings { get; } = new("Simulated TEM", "200 kV", "Camera length: 800 mm", "Simulated camera", "2026-01-16T16:45:00", "Gold crystals, simulated");

    public IReadOnlyList<string> Lines =>
    [
        $"Instrument: {Instrument}", $"Accelerating voltage: {AcceleratingVoltage}", Setting, $"Detector: {Detector}", $"Operator: {Operator}", $"Acquisition time: {Time}", $"Specimen: {Specimen}",
    ];

    /// <summary>The lines as keyword and text.</summary>
    public IEnumerable<(string Keyword, string Text)> Pairs => Lines.Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts[1]));
}
