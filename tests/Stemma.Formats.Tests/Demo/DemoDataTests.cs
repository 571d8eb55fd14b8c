using System.Buffers.Binary;
using System.Security.Cryptography;
using Stemma.Formats.Demo;
using Stemma.Imaging;
using Stemma.Imaging.Demo;

namespace Stemma.Formats.Tests.Demo;

/// <summary>The folder of demo files, written once for all tests.</summary>
public sealed class DemoFolder : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-demo-");

    public string Path => _folder.FullName;

    public async ValueTask InitializeAsync() => await DemoData.WriteAsync(Path, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(true);
        return ValueTask.CompletedTask;
    }
}

public sealed class DemoDataTests(DemoFolder folder) : IClassFixture<DemoFolder>
{
    [Fact]
    public void Every_dataset_has_its_folder_and_all_together_stay_small()
    {
        Files(folder.Path).ShouldBe(["Diffraction/rings.tif", "Lattice/Eve.mrc", "Particles/particles.png", "Phantom/phantom.mrc", "README.md", "Spectrum image/edges.tif"]);
        Files(folder.Path).Sum(name => new FileInfo(Path.Combine(folder.Path, name)).Length).ShouldBeInRange(20_000_000, 40_000_000);
    }

    [Fact]
    public async Task The_same_bytes_are_written_every_time()
    {
        var again = Directory.CreateTempSubdirectory("stemma-demo-");
        try
        {
            await DemoData.WriteAsync(again.FullName, TestContext.Current.CancellationToken);
            foreach (var name in Files(folder.Path))
                Digest(Path.Combine(again.FullName, name)).ShouldBe(Digest(Path.Combine(folder.Path, name)), name);
        }
        finally
        {
            again.Delete(true);
        }
    }

    [Fact]
    public void Another_seed_gives_other_pixels() => Particles.Create(1).Image.Pixels.Span.SequenceEqual(Particles.Create(2).Image.Pixels.Span).ShouldBeFalse();

    [Theory]
    [InlineData("Lattice/Eve.mrc", "UInt16", "y 2048 0.02 0 nm Signal, x 2048 0.02 0 nm Signal")]
    [InlineData("Phantom/phantom.mrc", "UInt8", "z 192 500 0 nm Signal, y 192 500 0 nm Signal, x 192 500 0 nm Signal")]
    [InlineData("Spectrum image/edges.tif", "Float32", "energy 1024 0.5 250 eV Signal, y 48 2 0 nm Navigation, x 48 2 0 nm Navigation")]
    [InlineData("Particles/particles.png", "UInt8", "y 768 5 0 nm Signal, x 1024 5 0 nm Signal")]
    [InlineData("Diffraction/rings.tif", "UInt16", "ky 1024 0.02 -10.24 1/nm Signal, kx 1024 0.02 -10.24 1/nm Signal")]
    public async Task Our_readers_find_type_and_calibration(string name, string type, string axes)
    {
        await using var content = await Samples.OpenFile(Path.Combine(folder.Path, name));

        var description = content.Images.ShouldHaveSingleItem().Description;
        description.PixelType.ToString().ShouldBe(type);
        string.Join(", ", description.Axes.Select(axis => $"{axis.Name} {axis.Size} {Math.Round(axis.Scale!.Value, 6)} {Math.Round(axis.Offset ?? 0, 6)} {axis.Unit} {axis.Role}")).ShouldBe(axes);
        content.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Lattice/Eve.mrc", 300_000)]
    [InlineData("Phantom/phantom.mrc", 80_000)]
    [InlineData("Spectrum image/edges.tif", 200_000)]
    [InlineData("Particles/particles.png", 5_000)]
    [InlineData("Diffraction/rings.tif", 200_000)]
    public async Task Our_readers_find_how_it_was_recorded_and_that_this_is_simulated(string name, double volts)
    {
        await using var content = await Samples.OpenFile(Path.Combine(folder.Path, name));
        var values = content.Acquisition.Values;

        values["accelerating_voltage"].Value.GetValue<double>().ShouldBe(volts, 1e-6);
        foreach (var term in new[] { "instrument", "detector", "operator", "specimen" })
            values[term].Value.GetValue<string>().ShouldContain("simulated", Case.Insensitive);
        values["acquisition_time"].Value.GetValue<string>().ShouldStartWith("2026-01-1");
        values["acquisition_time_zone"].Value.GetValue<string>().ShouldBe("not recorded");
        // A diffraction pattern has no magnification.
        values.ContainsKey("nominal_magnification").ShouldBe(!name.StartsWith("Diffraction", StringComparison.Ordinal));
        values.ContainsKey("camera_length").ShouldBe(name.StartsWith("Diffraction", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Eves_spacings_are_found_again()
    {
        await using var content = await Samples.OpenFile(Path.Combine(folder.Path, "Lattice/Eve.mrc"));
        var scale = content.Images[0].Description.Axes[1].Scale!.Value;
        // 12 nm of the left grain, and 9 nm of the right one.
        var left = await Window(content.Images[0], 100, 700, 600);
        var right = await Window(content.Images[0], 1200, 1050, 440);

        foreach (var (window, direction) in new[] { (left, Eve.LeftDirectionDegrees), (right, Eve.RightDirectionDegrees) })
        {
            Spacing(window, scale, direction).ShouldBe(Eve.Spacing200Nanometres, 0.0005);
            Spacing(window, scale, direction + Eve.AngleDegrees).ShouldBe(Eve.Spacing111Nanometres, 0.0005);
            Spacing(window, scale, direction - Eve.AngleDegrees).ShouldBe(Eve.Spacing111Nanometres, 0.0005);
        }
    }

    [Fact]
    public async Task The_edges_stand_at_their_energies()
    {
        await using var content = await Samples.OpenFile(Path.Combine(folder.Path, "Spectrum image/edges.tif"));
        var image = content.Images[0];

        // In the middle of the large particle, on film without anything, and in the hole.
        (await Jump(image, 15, 17, SpectrumImage.IronL)).ShouldBeGreaterThan(1.3);
        (await Jump(image, 15, 17, SpectrumImage.OxygenK)).ShouldBeGreaterThan(1.3);
        (await Jump(image, 33, 2, SpectrumImage.CarbonK)).ShouldBeGreaterThan(1.2);
        (await Jump(image, 40, 2, SpectrumImage.OxygenK)).ShouldBeLessThan(1);
        (await Jump(image, 29, 29, SpectrumImage.OxygenK)).ShouldBeGreaterThan(1.2);
        (await Jump(image, 29, 29, SpectrumImage.IronL)).ShouldBeLessThan(1);
        (await Jump(image, 46, 46, SpectrumImage.CarbonK)).ShouldBeLessThan(1);
    }

    [Fact]
    public async Task The_rings_have_the_radii_of_gold()
    {
        await using var content = await Samples.OpenFile(Path.Combine(folder.Path, "Diffraction/rings.tif"));
        var pixels = await PixelDigest.Read(content.Images[0]);
        var (sums, counts) = (new double[512], new int[512]);
        for (var y = 0; y < 1024; y++)
            for (var x = 0; x < 1024; x++)
                if ((int)Math.Round(Math.Sqrt((x - 512) * (x - 512) + (y - 512) * (y - 512))) is < 512 and var r)
                {
                    sums[r] += BinaryPrimitives.ReadUInt16LittleEndian(pixels.AsSpan(2 * (y * 1024 + x)));
                    counts[r]++;
                }

        // √3, 2, √8, √11 over gold's 0.40786 nm.
        foreach (var radius in new[] { 4.2467, 4.9036, 6.9348, 8.1318 })
        {
            var near = (int)Math.Round(radius / 0.02);
            Enumerable.Range(near - 10, 21).MaxBy(r => sums[r] / counts[r]).ShouldBeInRange(near - 1, near + 1);
        }
    }

    [Fact]
    public void Pores_make_the_porosity_that_is_told()
    {
        var phantom = Phantom.Create();
        var voxels = phantom.Image.Pixels.Span;
        var pore = 0;
        var body = 0;
        for (var z = 0; z < Phantom.Size; z++)
            for (var y = 0; y < Phantom.Size; y++)
                for (var x = 0; x < Phantom.Size; x++)
                {
                    double dx = (x - 95.5) / Phantom.Body.X, dy = (y - 95.5) / Phantom.Body.Y, dz = (z - 95.5) / Phantom.Body.Z;
                    var f = dx * dx + dy * dy + dz * dz;
                    body += f <= 1 ? 1 : 0;
                    pore += f <= 0.95 && voxels[(z * Phantom.Size + y) * Phantom.Size + x] < (Phantom.Pore + Phantom.Resin) / 2 ? 1 : 0;
                }

        ((double)pore / body).ShouldBe(phantom.Porosity, 0.03 * phantom.Porosity);
    }

    [Fact]
    public void Particles_have_their_diameters_at_half_contrast()
    {
        var particles = Particles.Create();
        var pixels = particles.Image.Pixels.Span;
        foreach (var size in Particles.Sizes)
        {
            var widths = new List<double>();
            foreach (var particle in particles.All.Where(one => one.DiameterNanometres == size.DiameterNanometres))
            {
                // From outside inwards: the side turned away from the detector is dark behind its edge.
                var reach = size.DiameterNanometres / Particles.PixelSizeNanometres / 2 + 3;
                int row = (int)Math.Round(particle.Y), left = (int)(particle.X - reach), right = (int)(particle.X + reach);
                while (pixels[row * Particles.Width + left] < 100)
                    left++;
                while (pixels[row * Particles.Width + right] < 100)
                    right--;
                widths.Add((right - left + 1) * Particles.PixelSizeNanometres);
            }

            widths.Count.ShouldBe(size.Count);
            widths.Order().ElementAt(widths.Count / 2).ShouldBe(size.DiameterNanometres, 10);
        }
    }

    /// <summary>A square of pixels as numbers, its mean taken off and its rim faded out.</summary>
    private static async Task<double[,]> Window(IImageSource image, int x0, int y0, int size)
    {
        var bytes = await PixelDigest.Read(image, new Region([y0, x0], [size, size]));
        var values = new double[size, size];
        double mean = 0;
        for (var i = 0; i < size * size; i++)
            mean += BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)) / (double)(size * size);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                values[y, x] = (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * (y * size + x))) - mean) * Math.Sin(Math.PI * (x + 0.5) / size) * Math.Sin(Math.PI * (y + 0.5) / size);
        return values;
    }

    /// <summary>A naive Fourier sum along one direction, from 3.5 to 6 per nm: the spacing at its peak, which must stand out.</summary>
    private static double Spacing(double[,] window, double scale, double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var size = window.GetLength(0);
        var power = new List<(double Frequency, double Power)>();
        for (var frequency = 3.5; frequency < 6; frequency += 0.01)
        {
            // The sum over x of each row, then over y: a separable Fourier term.
            double stepX = 2 * Math.PI * frequency * cos * scale, stepY = 2 * Math.PI * frequency * sin * scale, real = 0, imaginary = 0;
            var waves = new (double Sin, double Cos)[size];
            for (var x = 0; x < size; x++)
                waves[x] = Math.SinCos(stepX * x);
            for (var y = 0; y < size; y += 1)
            {
                double rowReal = 0, rowImaginary = 0;
                for (var x = 0; x < size; x++)
                {
                    rowReal += window[y, x] * waves[x].Cos;
                    rowImaginary += window[y, x] * waves[x].Sin;
                }

                var (s, c) = Math.SinCos(stepY * y);
                real += rowReal * c - rowImaginary * s;
                imaginary += rowReal * s + rowImaginary * c;
            }

            power.Add((frequency, real * real + imaginary * imaginary));
        }

        var peak = power.MaxBy(entry => entry.Power);
        peak.Power.ShouldBeGreaterThan(100 * power.Select(entry => entry.Power).Order().ElementAt(power.Count / 2));
        return 1 / peak.Frequency;
    }

    /// <summary>Mean counts of 12 eV behind an energy over those of 12 eV before it, over 3 × 3 positions.</summary>
    private static async Task<double> Jump(IImageSource image, int x, int y, double energy)
    {
        var axis = image.Description.Axes[0];
        var channel = (int)((energy - axis.Offset!.Value) / axis.Scale!.Value);
        return await Sum(channel + 2) / await Sum(channel - 26);

        async Task<double> Sum(int from)
        {
            var bytes = await PixelDigest.Read(image, new Region([from, y - 1, x - 1], [24, 3, 3]));
            double sum = 0;
            for (var i = 0; i < bytes.Length; i += 4)
                sum += BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i));
            return sum;
        }
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
