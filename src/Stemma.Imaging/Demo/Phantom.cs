namespace Stemma.Imaging.Demo;

/// <summary>A ball; lengths in voxels, centre as x, y, z.</summary>
public readonly record struct Ball(double X, double Y, double Z, double Radius);

/// <summary>A straight fibre with round ends; lengths in voxels.</summary>
public readonly record struct Fibre(double X0, double Y0, double Z0, double X1, double Y1, double Z1, double Radius);

/// <summary>
/// A test object as of computed tomography: a body of resin with inclusions, pores and fibres, none touching another, all with edges inside the body.
/// </summary>
/// <param name="Image">Axes z, y, x in µm; UInt8.</param>
/// <param name="Inclusions">Ellipsoids: the ball's radius along x and y, 0.6 of it along z.</param>
public sealed record Phantom(DemoImage Image, IReadOnlyList<Ball> Inclusions, IReadOnlyList<Ball> Pores, IReadOnlyList<Fibre> Fibres)
{
    /// <summary>Voxels along each axis.</summary>
    public const int Size = 192;

    /// <summary>Voxel size in µm.</summary>
    public const double VoxelSizeMicrometres = 0.5;

    /// <summary>Half axes of the body along x, y and z, in voxels.</summary>
    public static (double X, double Y, double Z) Body { get; } = (86, 74, 90);

    /// <summary>Radius of an inclusion along z as a part of that along x and y.</summary>
    public const double Flattening = 0.6;

    /// <summary>Grey values. All stay below 128, so that readers which take the bytes of an MRC file as signed see the same numbers.</summary>
    public const int Air = 10, Resin = 55, Pore = 14, Inclusion = 82, Glass = 108;

    /// <summary>Volume of all pores as a part of the body's volume.</summary>
    public double Porosity => Pores.Sum(pore => pore.Radius * pore.Radius * pore.Radius) / (Body.X * Body.Y * Body.Z);

    public static Phantom Create(ulong seed = 2)
    {
        var random = new SplitMix64(seed);
        var fibres = PlaceFibres(random, 14);
        var inclusions = PlaceBalls(random, 18, 10, 22, [], fibres);
        var pores = PlaceBalls(random, 160, 2.5, 11, inclusions, fibres);

        var pixels = new byte[Size * Size * Size];
        Array.Fill(pixels, (byte)Air);
        const double middle = (Size - 1) / 2.0;
        DrawEllipsoid(pixels, new Ball(middle, middle, middle, 1), Body, Resin);
        foreach (var ball in inclusions)
            DrawEllipsoid(pixels, ball, (ball.Radius, ball.Radius, Flattening * ball.Radius), Inclusion);
        foreach (var ball in pores)
            DrawEllipsoid(pixels, ball, (ball.Radius, ball.Radius, ball.Radius), Pore);
        foreach (var fibre in fibres)
            DrawFibre(pixels, fibre);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp((int)(pixels[i] + 2.5 * random.Normal() + 0.5), 0, 127);

        Axis[] axes = [.. new[] { "z", "y", "x" }.Select(name => new Axis(name, Size) { Scale = VoxelSizeMicrometres, Offset = 0, Unit = "µm" })];
        return new Phantom(new DemoImage(new ImageDescription("Phantom", PixelType.UInt8, axes), pixels), inclusions, pores, fibres);
    }

    /// <summary>Fibres lie mostly along z, with their ends inside the body.</summary>
    private static List<Fibre> PlaceFibres(SplitMix64 random, int count)
    {
        var fibres = new List<Fibre>();
        while (fibres.Count < count)
        {
            double x = random.Uniform(30, 162), y = random.Uniform(40, 152), tiltX = random.Uniform(-0.25, 0.25), tiltY = random.Uniform(-0.25, 0.25);
            double z = random.Uniform(80, 112), half = random.Uniform(35, 65);
            var fibre = new Fibre(x - tiltX * half, y - tiltY * half, z - half, x + tiltX * half, y + tiltY * half, z + half, 3);
            if (InBody(fibre.X0, fibre.Y0, fibre.Z0, 6) && InBody(fibre.X1, fibre.Y1, fibre.Z1, 6) && fibres.TrueForAll(other => Apart(fibre, other)))
                fibres.Add(fibre);
        }

        return fibres;
    }

    private static List<Ball> PlaceBalls(SplitMix64 random, int count, double smallest, double largest, List<Ball> others, List<Fibre> fibres)
    {
        var balls = new List<Ball>();
        while (balls.Count < count)
        {
            // Small ones are more frequent; all of them stay away from each other by a voxel or two.
            var share = random.Uniform();
            var ball = new Ball(random.Uniform(0, Size), random.Uniform(0, Size), random.Uniform(0, Size), smallest + (largest - smallest) * share * share);
            if (InBody(ball.X, ball.Y, ball.Z, ball.Radius + 3)
                && balls.Concat(others).All(other => Distance(ball.X - other.X, ball.Y - other.Y, ball.Z - other.Z) > ball.Radius + other.Radius + 2)
                && fibres.TrueForAll(fibre => DistanceTo(fibre, ball.X, ball.Y, ball.Z) > ball.Radius + fibre.Radius + 2))
                balls.Add(ball);
        }

        return balls;
    }

    private static bool InBody(double x, double y, double z, double margin)
    {
        const double middle = (Size - 1) / 2.0;
        return Distance((x - middle) / (Body.X - margin), (y - middle) / (Body.Y - margin), (z - middle) / (Body.Z - margin)) < 1;
    }

    private static bool Apart(Fibre fibre, Fibre other)
    {
        for (var t = 0.0; t <= 1; t += 0.05)
            if (DistanceTo(other, fibre.X0 + t * (fibre.X1 - fibre.X0), fibre.Y0 + t * (fibre.Y1 - fibre.Y0), fibre.Z0 + t * (fibre.Z1 - fibre.Z0)) < fibre.Radius + other.Radius + 3)
                return false;
        return true;
    }

    private static void DrawEllipsoid(byte[] pixels, Ball centre, (double X, double Y, double Z) half, int value) =>
        Draw(pixels, centre.X - half.X, centre.X + half.X, centre.Y - half.Y, centre.Y + half.Y, centre.Z - half.Z, centre.Z + half.Z, value, (x, y, z) =>
        {
            double dx = (x - centre.X) / half.X, dy = (y - centre.Y) / half.Y, dz = (z - centre.Z) / half.Z;
            // Distance to the surface to first order: (f − 1) f / |∇(f²)/2| with f the ellipsoidal radius.
            var f = Distance(dx, dy, dz);
            return f == 0 ? -1 : (f - 1) * f / Distance(dx / half.X, dy / half.Y, dz / half.Z);
        });

    private static void DrawFibre(byte[] pixels, Fibre fibre) =>
        Draw(
            pixels, Math.Min(fibre.X0, fibre.X1) - fibre.Radius, Math.Max(fibre.X0, fibre.X1) + fibre.Radius, Math.Min(fibre.Y0, fibre.Y1) - fibre.Radius,
            Math.Max(fibre.Y0, fibre.Y1) + fibre.Radius, fibre.Z0 - fibre.Radius, fibre.Z1 + fibre.Radius, Glass, (x, y, z) => DistanceTo(fibre, x, y, z) - fibre.Radius);

    /// <summary>Mixes a value in wherever the signed distance to a surface is negative, half at the surface.</summary>
    private static void Draw(byte[] pixels, double x0, double x1, double y0, double y1, double z0, double z1, int value, Func<double, double, double, double> distance)
    {
        for (var z = Lower(z0); z <= Upper(z1); z++)
            for (var y = Lower(y0); y <= Upper(y1); y++)
                for (var x = Lower(x0); x <= Upper(x1); x++)
                {
                    var share = Math.Clamp(0.5 - distance(x, y, z), 0, 1);
                    ref var pixel = ref pixels[(z * Size + y) * Size + x];
                    pixel = (byte)(pixel + (value - pixel) * share + 0.5);
                }

        static int Lower(double value) => Math.Max(0, (int)Math.Floor(value) - 1);
        static int Upper(double value) => Math.Min(Size - 1, (int)Math.Ceiling(value) + 1);
    }

    private static double DistanceTo(Fibre fibre, double x, double y, double z)
    {
        double dx = fibre.X1 - fibre.X0, dy = fibre.Y1 - fibre.Y0, dz = fibre.Z1 - fibre.Z0;
        double px = x - fibre.X0, py = y - fibre.Y0, pz = z - fibre.Z0;
        var t = Math.Clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz), 0, 1);
        return Distance(px - t * dx, py - t * dy, pz - t * dz);
    }

    private static double Distance(double x, double y, double z) => Math.Sqrt(x * x + y * y + z * z);
}
