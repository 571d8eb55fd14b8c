using System.Runtime.InteropServices;

namespace Stemma.Imaging.Demo;

/// <summary>An electron diffraction pattern of many small gold crystals: spots on rings around the direct beam, which a beam stop covers.</summary>
public static class DiffractionRings
{
    /// <summary>Pixels along kx and ky.</summary>
    public const int Size = 1024;

    /// <summary>Width of a pixel in 1/nm.</summary>
    public const double PixelPerNanometre = 0.02;

    /// <summary>Place of the direct beam along kx and ky in pixels; the axes are 0 there.</summary>
    public const int Centre = 512;

    /// <summary>Edge of gold's cubic cell in nm.</summary>
    public const double LatticeNanometres = 0.40786;

    /// <summary>Reflections with their number of equivalents and relative brightness.</summary>
    private static readonly (int H, int K, int L, int Equivalents, double Brightness)[] Reflections =
    [
        (1, 1, 1, 8, 1), (2, 0, 0, 6, 0.8), (2, 2, 0, 12, 0.5), (3, 1, 1, 24, 0.36), (2, 2, 2, 8, 0.3), (4, 0, 0, 6, 0.2),
    ];

    /// <summary>Name, plane spacing in nm and ring radius in 1/nm.</summary>
    public static IReadOnlyList<(string Name, double SpacingNanometres, double RadiusPerNanometre)> Rings { get; } =
    [
        .. Reflections.Select(r => ($"{r.H}{r.K}{r.L}", LatticeNanometres / Norm(r.H, r.K, r.L), Norm(r.H, r.K, r.L) / LatticeNanometres)),
    ];

    /// <summary>Axes ky, kx in 1/nm; UInt16 counts.</summary>
    public static DemoImage Create(ulong seed = 5)
    {
        var random = new SplitMix64(seed);
        var expected = new float[Size * Size];
        AddBeam(expected);
        for (var i = 0; i < Reflections.Length; i++)
        {
            var radius = Rings[i].RadiusPerNanometre / PixelPerNanometre;
            // Crystals scatter in Friedel pairs; few are in exact Bragg position, so brightness varies much.
            for (var pair = 0; pair < Reflections[i].Equivalents * 9; pair++)
            {
                var (sin, cos) = Math.SinCos(random.Uniform(0, Math.PI));
                var share = random.Uniform();
                var peak = 16000 * Reflections[i].Brightness * share * share * share + 150;
                var width = random.Uniform(1.3, 2.4);
                AddSpot(expected, Centre + radius * cos, Centre + radius * sin, peak, width);
                AddSpot(expected, Centre - radius * cos, Centre - radius * sin, peak * random.Uniform(0.8, 1), width);
            }
        }

        var pixels = new byte[Size * Size * sizeof(ushort)];
        var counts = MemoryMarshal.Cast<byte, ushort>(pixels.AsSpan());
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                var open = Shading.Step(-1.5, 1.5, DistanceToStop(x - Centre, y - Centre));
                var mean = expected[y * Size + x] * (0.015 + 0.985 * open) + 30;
                counts[y * Size + x] = Shading.ToUInt16(mean + Math.Sqrt(mean) * random.Normal());
            }

        var axis = new Axis("kx", Size) { Scale = PixelPerNanometre, Offset = -Centre * PixelPerNanometre, Unit = "1/nm" };
        return new DemoImage(new ImageDescription("Rings", PixelType.UInt16, [axis with { Name = "ky" }, axis]), pixels);
    }

    /// <summary>Direct beam, its halo, diffuse scattering, and the weak continuous rings of the smallest crystals.</summary>
    private static void AddBeam(float[] expected)
    {
        var profile = new float[Size];
        for (var r = 0; r < profile.Length; r++)
        {
            var value = 60000 * Shading.Gauss(r, 7) + 5200 / (1 + r * r / 900.0) + 700 * Math.Exp(-r / 170.0);
            for (var i = 0; i < Reflections.Length; i++)
                value += 190 * Reflections[i].Brightness * Shading.Gauss(r - Rings[i].RadiusPerNanometre / PixelPerNanometre, 2.5);
            profile[r] = (float)value;
        }

        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                var r = Math.Sqrt((x - Centre) * (double)(x - Centre) + (y - Centre) * (double)(y - Centre));
                var whole = (int)r;
                expected[y * Size + x] = (float)(profile[whole] + (profile[whole + 1] - profile[whole]) * (r - whole));
            }
    }

    private static void AddSpot(float[] expected, double centreX, double centreY, double peak, double sigma)
    {
        for (var y = Math.Max(0, (int)centreY - 9); y <= Math.Min(Size - 1, (int)centreY + 10); y++)
            for (var x = Math.Max(0, (int)centreX - 9); x <= Math.Min(Size - 1, (int)centreX + 10); x++)
                expected[y * Size + x] += (float)(peak * Shading.Gauss(x - centreX, sigma) * Shading.Gauss(y - centreY, sigma));
    }

    /// <summary>The stop is a rod from the lower left to a round tip over the beam; negative inside it.</summary>
    private static double DistanceToStop(double x, double y)
    {
        const double directionX = -0.82, directionY = 0.572364;
        var along = Math.Max(0, x * directionX + y * directionY);
        double dx = x - along * directionX, dy = y - along * directionY;
        return Math.Sqrt(dx * dx + dy * dy) - Math.Max(13, 30 - along / 2);
    }

    private static double Norm(int h, int k, int l) => Math.Sqrt(h * h + k * k + l * l);
}
