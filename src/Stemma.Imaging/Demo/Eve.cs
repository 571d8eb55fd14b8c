using System.Numerics;
using System.Runtime.InteropServices;

namespace Stemma.Imaging.Demo;

/// <summary>
/// Eve, the first image of every demo: a high-resolution lattice image of two gold grains seen along ⟨110⟩, with a tilt boundary between them,
/// an amorphous rim and vacuum at the right. Everything that can be measured in it is known.
/// </summary>
public static class Eve
{
    /// <summary>Pixels along x and y.</summary>
    public const int Size = 2048;

    /// <summary>Pixel size in nm.</summary>
    public const double PixelSizeNanometres = 0.02;

    /// <summary>Spacing of both sets of {111} planes in nm.</summary>
    public const double Spacing111Nanometres = 0.2355;

    /// <summary>Spacing of the {200} planes in nm.</summary>
    public const double Spacing200Nanometres = 0.2039;

    /// <summary>Direction of the normal of the {200} planes in the left grain, in degrees from +x towards +y (downwards).</summary>
    public const double LeftDirectionDegrees = 66.7;

    /// <summary>The same in the right grain.</summary>
    public const double RightDirectionDegrees = 97.9;

    /// <summary>Angle between each of the {111} normals and the {200} normal in degrees, as the two spacings demand.</summary>
    public static double AngleDegrees { get; } = Math.Acos(Spacing111Nanometres / (2 * Spacing200Nanometres)) * 180 / Math.PI;

    /// <summary>Axes y, x in nm; UInt16 counts of about 2,000.</summary>
    public static DemoImage Create(ulong seed = 1)
    {
        var random = new SplitMix64(seed);
        var speckle = NoiseField.Smooth(random, Size, Size, 3);
        var slow = NoiseField.Smooth(random, Size, Size, 150);
        var left = new Grain(LeftDirectionDegrees);
        var right = new Grain(RightDirectionDegrees);
        var pixels = new byte[Size * Size * sizeof(ushort)];
        var counts = MemoryMarshal.Cast<byte, ushort>(pixels.AsSpan());
        for (var row = 0; row < Size; row++)
        {
            var y = row * PixelSizeNanometres;
            var boundary = 20.5 - 0.22 * (y - 20) + 0.7 * Math.Sin(y / 4.1) + 0.3 * Math.Sin(y / 1.3 + 1);
            var crystalEnd = 34.5 + 0.06 * (y - 20) + 0.8 * Math.Sin(y / 6.5 + 2) + 0.35 * Math.Sin(y / 2.2);
            var specimenEnd = crystalEnd + 2.4 + 0.5 * Math.Sin(y / 5.0);
            left.StartRow(y);
            right.StartRow(y);
            for (var column = 0; column < Size; column++)
            {
                var x = column * PixelSizeNanometres;
                var at = row * Size + column;
                var share = Shading.Step(-0.35, 0.35, x - boundary);
                var columns = left.Next() * (1 - share) + right.Next() * share;
                // At the boundary the columns overlap along the beam and contrast is lost.
                var crystal = (1 - Shading.Step(-0.5, 0.3, x - crystalEnd)) * (1 - 0.45 * Shading.Gauss(x - boundary, 0.3));
                var thickness = Math.Clamp((specimenEnd - x) / 30, 0, 1);
                var specimen = 1 - Shading.Step(-0.1, 0.1, x - specimenEnd);
                var material = 1750 - 350 * thickness + 60 * slow[at]
                    + crystal * (900 + 500 * thickness) * (columns - 0.33)
                    + (60 + 90 * (1 - crystal)) * speckle[at]
                    + Fresnel(x - specimenEnd);
                var expected = specimen * material + (1 - specimen) * (2350 + Fresnel(x - specimenEnd) + 12 * speckle[at]);
                counts[at] = Shading.ToUInt16(expected + Math.Sqrt(Math.Max(expected, 0)) * random.Normal());
            }
        }

        return new DemoImage(
            new ImageDescription("Eve", PixelType.UInt16, [new Axis("y", Size) { Scale = PixelSizeNanometres, Offset = 0, Unit = "nm" }, new Axis("x", Size) { Scale = PixelSizeNanometres, Offset = 0, Unit = "nm" }]),
            pixels);
    }

    /// <summary>The bright and dark line along an edge out of focus.</summary>
    private static double Fresnel(double distance) => 260 * Shading.Gauss(distance - 0.1, 0.16) - 240 * Shading.Gauss(distance + 0.32, 0.18);

    /// <summary>
    /// One grain: atom columns where the plane waves of two {111} sets agree; their sum is the {200} set. The waves advance along a row
    /// by one complex product per pixel.
    /// </summary>
    private sealed class Grain
    {
        private readonly (double X, double Y) _first;
        private readonly (double X, double Y) _second;
        private readonly Complex _firstStep;
        private readonly Complex _secondStep;
        private Complex _firstWave;
        private Complex _secondWave;

        public Grain(double directionDegrees)
        {
            _first = Wave(directionDegrees - AngleDegrees);
            _second = Wave(directionDegrees + AngleDegrees);
            _firstStep = Complex.FromPolarCoordinates(1, _first.X * PixelSizeNanometres);
            _secondStep = Complex.FromPolarCoordinates(1, _second.X * PixelSizeNanometres);
        }

        public void StartRow(double y) => (_firstWave, _secondWave) = (Complex.FromPolarCoordinates(1, _first.Y * y), Complex.FromPolarCoordinates(1, _second.Y * y));

        /// <summary>Between 0 and 1, at the columns 1.</summary>
        public double Next()
        {
            var sum = _firstWave * _secondWave;
            var difference = _firstWave * Complex.Conjugate(_secondWave);
            var waves = _firstWave.Real + _secondWave.Real + 0.75 * sum.Real + 0.25 * difference.Real;
            _firstWave *= _firstStep;
            _secondWave *= _secondStep;
            return Math.Exp(0.5 * (waves - 3));
        }

        private static (double X, double Y) Wave(double degrees)
        {
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            return (2 * Math.PI / Spacing111Nanometres * cos, 2 * Math.PI / Spacing111Nanometres * sin);
        }
    }
}
