using System.Runtime.InteropServices;

namespace Stemma.Imaging.Demo;

/// <summary>
/// A spectrum image as of electron energy loss: a carbon film with a hole, an oxide flake without iron on it, and particles of iron oxide.
/// Background is a power law; the edges begin at known energies.
/// </summary>
public static class SpectrumImage
{
    /// <summary>Positions along x and y.</summary>
    public const int Size = 48;

    public const int Channels = 1024;

    /// <summary>Distance of positions in nm.</summary>
    public const double StepNanometres = 2;

    /// <summary>Energy loss of the first channel in eV. The range ends beyond Fe-L₂, so that the whole edge can be seen.</summary>
    public const double OffsetElectronvolts = 250;

    /// <summary>Width of a channel in eV.</summary>
    public const double ChannelElectronvolts = 0.5;

    /// <summary>Exponent of the background: intensity falls as energy to this negative power.</summary>
    public const double BackgroundExponent = 3;

    /// <summary>Onsets in eV.</summary>
    public const double CarbonK = 284, OxygenK = 532, IronL = 708;

    /// <summary>Particles of iron oxide: centre x, y and radius in positions.</summary>
    public static IReadOnlyList<(double X, double Y, double Radius)> IronOxide { get; } = [(15, 17, 8.5), (29, 11, 4.5), (12, 34, 5.5)];

    /// <summary>The oxide flake without iron: a band across the lower right, this far from the corner along x + y, in positions.</summary>
    public static (double From, double To) Flake { get; } = (52, 68);

    /// <summary>The hole in the film: centre x, y and radius in positions.</summary>
    public static (double X, double Y, double Radius) Hole { get; } = (47, 47, 11);

    /// <summary>Axes energy (eV), y, x (nm); Float32 counts with shot noise.</summary>
    public static DemoImage Create(ulong seed = 3)
    {
        var random = new SplitMix64(seed);
        var maps = Maps();
        var pixels = new byte[Channels * Size * Size * sizeof(float)];
        var counts = MemoryMarshal.Cast<byte, float>(pixels.AsSpan());
        for (var channel = 0; channel < Channels; channel++)
        {
            var energy = OffsetElectronvolts + channel * ChannelElectronvolts;
            var background = Math.Pow(energy / OffsetElectronvolts, -BackgroundExponent);
            var (carbon, oxygen, iron) = (Carbon(energy), Oxygen(energy), Iron(energy));
            for (var i = 0; i < Size * Size; i++)
            {
                var map = maps[i];
                var expected = 6000 * map.Thickness * background + 2600 * map.Carbon * carbon + 900 * map.Oxygen * oxygen + 520 * map.Iron * iron + 4;
                counts[channel * Size * Size + i] = (float)Math.Max(0, expected + Math.Sqrt(expected) * random.Normal());
            }
        }

        return new DemoImage(
            new ImageDescription("Edges", PixelType.Float32,
            [
                new Axis("energy", Channels) { Scale = ChannelElectronvolts, Offset = OffsetElectronvolts, Unit = "eV" },
                new Axis("y", Size, AxisRole.Navigation) { Scale = StepNanometres, Offset = 0, Unit = "nm" },
                new Axis("x", Size, AxisRole.Navigation) { Scale = StepNanometres, Offset = 0, Unit = "nm" },
            ]),
            pixels);
    }

    /// <summary>Amounts of material along the beam at each position.</summary>
    private static (double Thickness, double Carbon, double Oxygen, double Iron)[] Maps()
    {
        var maps = new (double, double, double, double)[Size * Size];
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                var film = Shading.Step(-0.7, 0.7, Distance(x - Hole.X, y - Hole.Y) - Hole.Radius);
                var carbon = film * (0.85 + 0.3 * y / Size);
                var flake = 0.9 * film * Shading.Step(-1, 1, x + y - Flake.From) * (1 - Shading.Step(-1, 1, x + y - Flake.To));
                double iron = 0;
                foreach (var particle in IronOxide)
                {
                    // A ball is thickest in its middle.
                    var inside = 1 - Distance(x - particle.X, y - particle.Y) / particle.Radius;
                    iron = Math.Max(iron, particle.Radius / 6 * Math.Sqrt(Math.Clamp(inside * (2 - inside), 0, 1)));
                }

                maps[y * Size + x] = (0.02 + 0.6 * carbon + 0.35 * flake + 0.55 * iron, carbon, flake + iron, iron);
            }

        return maps;
    }

    private static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);

    /// <summary>π* and σ* of amorphous carbon.</summary>
    private static double Carbon(double energy) =>
        Edge(energy, CarbonK, 1.2, 3) * (0.75 - 0.35 * Shading.Gauss(energy - 288, 1.6)) + 0.35 * Shading.Gauss(energy - 285.3, 0.9) + 0.45 * Shading.Gauss(energy - 294, 4) + 0.15 * Shading.Gauss(energy - 303, 7);

    private static double Oxygen(double energy) =>
        Edge(energy, OxygenK, 1.2, 3) * 0.7 + 0.5 * Shading.Gauss(energy - 534, 1.3) + 0.6 * Shading.Gauss(energy - 541, 3.2) + 0.2 * Shading.Gauss(energy - 561, 7);

    /// <summary>The white lines L₃ and L₂ on their step.</summary>
    private static double Iron(double energy) =>
        0.5 * Edge(energy, IronL, 1, 3) + 0.25 * Edge(energy, 721, 1, 3) + 2.4 * Shading.Gauss(energy - 709.6, 1.4) + 0.9 * Shading.Gauss(energy - 722.8, 1.6);

    /// <summary>A step at the onset, <paramref name="width"/> eV wide, falling off behind by a power law.</summary>
    private static double Edge(double energy, double onset, double width, double exponent) =>
        Shading.Step(onset - width / 2, onset + width, energy) * Math.Pow(Math.Max(energy, onset) / onset, -exponent);
}
