namespace Stemma.Imaging.Demo;

/// <summary>A round particle; centre in pixels, diameter in nm.</summary>
public readonly record struct Particle(double X, double Y, double DiameterNanometres);

/// <summary>Balls of three sizes on an uneven substrate, as secondary electrons show them. None touches another or the edge of the image.</summary>
/// <param name="Image">Axes y, x in nm; UInt8.</param>
public sealed record Particles(DemoImage Image, IReadOnlyList<Particle> All)
{
    public const int Width = 1024, Height = 768;

    /// <summary>Pixel size in nm.</summary>
    public const double PixelSizeNanometres = 5;

    /// <summary>How many particles there are of each diameter in nm.</summary>
    public static IReadOnlyList<(int Count, double DiameterNanometres)> Sizes { get; } = [(9, 480), (22, 300), (45, 160)];

    public static Particles Create(ulong seed = 4)
    {
        var random = new SplitMix64(seed);
        var fine = NoiseField.Smooth(random, Width, Height, 2);
        var coarse = NoiseField.Smooth(random, Width, Height, 60);
        var particles = Place(random);
        var grey = new float[Width * Height];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = 62 + 5 * coarse[i] + 3 * fine[i] + 10f * (i % Width) / Width;
        foreach (var particle in particles)
            DrawShadow(grey, particle);
        foreach (var particle in particles)
            Draw(grey, particle);
        var pixels = new byte[grey.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Shading.ToUInt8(grey[i] + (2 + 0.035 * grey[i]) * random.Normal());
        return new Particles(
            new DemoImage(
                new ImageDescription("Particles", PixelType.UInt8, [new Axis("y", Height) { Scale = PixelSizeNanometres, Offset = 0, Unit = "nm" }, new Axis("x", Width) { Scale = PixelSizeNanometres, Offset = 0, Unit = "nm" }]),
                pixels),
            particles);
    }

    private static List<Particle> Place(SplitMix64 random)
    {
        var particles = new List<Particle>();
        foreach (var (count, diameter) in Sizes)
        {
            var radius = diameter / PixelSizeNanometres / 2;
            var wanted = particles.Count + count;
            while (particles.Count < wanted)
            {
                double x = random.Uniform(radius + 4, Width - radius - 4), y = random.Uniform(radius + 4, Height - radius - 4);
                if (particles.TrueForAll(other => Distance(x - other.X, y - other.Y) > radius + other.DiameterNanometres / PixelSizeNanometres / 2 + 5))
                    particles.Add(new Particle(x, y, diameter));
            }
        }

        return particles;
    }

    /// <summary>Fewer electrons reach the detector (upper left) from beside and behind a particle.</summary>
    private static void DrawShadow(float[] grey, Particle particle)
    {
        var radius = particle.DiameterNanometres / PixelSizeNanometres / 2;
        Around(particle, 2.2 * radius, (x, y, at) =>
        {
            var around = Math.Max(0, Distance(x, y) / radius - 1);
            var behind = Math.Max(0, Distance(x - 0.35 * radius, y - 0.35 * radius) / radius - 0.8);
            grey[at] *= (float)((1 - 0.28 * Math.Exp(-around * 5)) * (1 - 0.32 * Math.Exp(-behind * behind * 12)));
        });
    }

    /// <summary>Brighter towards the edge, where the surface is steep, and on the side of the detector. Half of the contrast is left at the radius.</summary>
    private static void Draw(float[] grey, Particle particle)
    {
        var radius = particle.DiameterNanometres / PixelSizeNanometres / 2;
        Around(particle, radius + 3, (x, y, at) =>
        {
            var distance = Distance(x, y);
            var slope = Math.Min(distance / radius, 1);
            var yield = Math.Min(1 / Math.Sqrt(1 - slope * slope + 0.03), 4) - 1;
            var ball = 112 + 21 * yield - 20 * (x + y) / radius;
            var share = Shading.Step(-1.5, 1.5, radius - distance);
            grey[at] += (float)((ball - grey[at]) * share);
        });
    }

    private static void Around(Particle particle, double reach, Action<double, double, int> draw)
    {
        for (var y = Math.Max(0, (int)(particle.Y - reach)); y <= Math.Min(Height - 1, particle.Y + reach); y++)
            for (var x = Math.Max(0, (int)(particle.X - reach)); x <= Math.Min(Width - 1, particle.X + reach); x++)
                draw(x - particle.X, y - particle.Y, y * Width + x);
    }

    private static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);
}
