using Stemma.Formats.Mrc;
using Stemma.Formats.Png;
using Stemma.Formats.Tiff;
using Stemma.Imaging.Demo;

namespace Stemma.Formats.Demo;

/// <summary>The files that a new hub shows: computed images of which every number is known.</summary>
public static class DemoData
{
    /// <summary>
    /// Writes some 28 MB into a folder: one sub-folder per dataset, and <c>README.md</c> with the true numbers. The same bytes every time;
    /// files of the same names are replaced.
    /// </summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var phantom = Task.Run(() => Phantom.Create(), cancellationToken);
        var particles = Task.Run(() => Particles.Create(), cancellationToken);
        await Task.WhenAll(
            WriteFileAsync(folder, "Lattice/Eve.mrc", async stream =>
            {
                var eve = await Task.Run(() => Eve.Create(), cancellationToken).ConfigureAwait(false);
                await MrcWriter.WriteAsync(stream, eve.Description, eve.Pixels, ["Stemma demo: Eve, a computed lattice image of two gold grains", .. DemoFacts.Eve.Lines], cancellationToken).ConfigureAwait(false);
            }),
            WriteFileAsync(folder, "Phantom/phantom.mrc", async stream =>
            {
                var image = (await phantom.ConfigureAwait(false)).Image;
                await MrcWriter.WriteAsync(stream, image.Description, image.Pixels, ["Stemma demo: a computed phantom with inclusions, pores and fibres", .. DemoFacts.Phantom.Lines], cancellationToken).ConfigureAwait(false);
            }),
            WriteFileAsync(folder, "Spectrum image/edges.tif", stream => WriteTiffAsync(stream, () => SpectrumImage.Create(), DemoFacts.SpectrumImage, cancellationToken)),
            WriteFileAsync(folder, "Particles/particles.png", async stream =>
            {
                var image = (await particles.ConfigureAwait(false)).Image;
                var metadata = new PngMetadata(
                    Particles.PixelSizeNanometres * 1e-9,
                    [("Software", "Stemma"), ("Description", $"Stemma demo: computed particles, pixel size {Particles.PixelSizeNanometres} nm"), .. DemoFacts.Particles.Pairs]);
                var png = PngWriter.Encode(Particles.Width, Particles.Height, 1, 8, image.Pixels.Span, metadata);
                await stream.WriteAsync(png, cancellationToken).ConfigureAwait(false);
            }),
            WriteFileAsync(folder, "Diffraction/rings.tif", stream => WriteTiffAsync(stream, () => DiffractionRings.Create(), DemoFacts.Rings, cancellationToken))).ConfigureAwait(false);
        var readme = DemoReadme.Text(await phantom.ConfigureAwait(false));
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), readme, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteTiffAsync(Stream stream, Func<DemoImage> create, DemoFacts facts, CancellationToken cancellationToken)
    {
        var image = await Task.Run(create, cancellationToken).ConfigureAwait(false);
        await ImageJTiffWriter.WriteAsync(stream, image.Description, image.Pixels, string.Join('\n', facts.Lines), cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteFileAsync(string folder, string name, Func<Stream, Task> write)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var stream = File.Create(path);
        await using (stream.ConfigureAwait(false))
            await write(stream).ConfigureAwait(false);
    }
}
