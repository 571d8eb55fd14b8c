using System.Globalization;
using Stemma.Imaging.Demo;

namespace Stemma.Formats.Demo;

/// <summary>Explains the demo files, with the numbers that went into them.</summary>
internal static class DemoReadme
{
    public static string Text(Phantom phantom) => FormattableString.Invariant($"""
        # Demo data

        These images were computed by Stemma, not recorded: every number below is exact, so that whatever is measured in them can be checked.
        Instrument, voltage, magnification, detector, operator, date and specimen in the files are made up, and say so: "simulated".
        They are free for any use (CC0).

        ## Lattice/Eve.mrc

        Eve, a high-resolution lattice image: two gold grains along ⟨110⟩ with a tilt boundary between them, an amorphous rim and vacuum at the right.
        {Eve.Size} × {Eve.Size} pixels of {Eve.PixelSizeNanometres} nm, 16 bit.

        | planes | spacing (nm) | frequency (1/nm) | directions of their normals (left grain; right grain) |
        |---|---|---|---|
        | {"{"}111{"}"} | {Eve.Spacing111Nanometres} | {1 / Eve.Spacing111Nanometres:F3} | {Directions(Eve.LeftDirectionDegrees)}; {Directions(Eve.RightDirectionDegrees)} |
        | {"{"}200{"}"} | {Eve.Spacing200Nanometres} | {1 / Eve.Spacing200Nanometres:F3} | {Eve.LeftDirectionDegrees}°; {Eve.RightDirectionDegrees}° |

        Angles are counted from the direction of columns (x) towards that of rows (y, downwards). The grains are turned by {Eve.RightDirectionDegrees - Eve.LeftDirectionDegrees:F1}° against each other.

        ## Phantom/phantom.mrc

        A volume as of computed tomography, {Phantom.Size} × {Phantom.Size} × {Phantom.Size} voxels of {Phantom.VoxelSizeMicrometres} µm, 8 bit: a body of resin with inclusions, pores and glass fibres, none touching another.

        | part | grey value | number | size |
        |---|---|---|---|
        | air around | {Phantom.Air} | | |
        | body, an ellipsoid | {Phantom.Resin} | 1 | half axes {Phantom.Body.X * Phantom.VoxelSizeMicrometres} × {Phantom.Body.Y * Phantom.VoxelSizeMicrometres} × {Phantom.Body.Z * Phantom.VoxelSizeMicrometres} µm |
        | inclusions, ellipsoids | {Phantom.Inclusion} | {phantom.Inclusions.Count} | diameters {Diameters(phantom.Inclusions)} µm, {Phantom.Flattening} of it along z |
        | pores, balls | {Phantom.Pore} | {phantom.Pores.Count} | diameters {Diameters(phantom.Pores)} µm; porosity of the body {phantom.Porosity:P2} |
        | fibres | {Phantom.Glass} | {phantom.Fibres.Count} | diameter {2 * phantom.Fibres[0].Radius * Phantom.VoxelSizeMicrometres} µm |

        Noise has a standard deviation of 2.5 grey values.

        ## Spectrum image/edges.tif

        Electron energy loss at {SpectrumImage.Size} × {SpectrumImage.Size} positions, {SpectrumImage.StepNanometres} nm apart; {SpectrumImage.Channels} channels of {SpectrumImage.ChannelElectronvolts} eV from {SpectrumImage.OffsetElectronvolts} eV on, 32-bit floats, written by ImageJ's rules with energy as slices.
        The background falls as energy to the power of −{SpectrumImage.BackgroundExponent}.

        | edge | onset (eV) | where |
        |---|---|---|
        | C-K | {SpectrumImage.CarbonK} | the film, everywhere but in the hole at the lower right |
        | O-K | {SpectrumImage.OxygenK} | the band across the lower right, and the particles |
        | Fe-L₂,₃ | {SpectrumImage.IronL} | {SpectrumImage.IronOxide.Count} particles at (x, y) = {string.Join(", ", SpectrumImage.IronOxide.Select(p => FormattableString.Invariant($"({p.X}, {p.Y})")))}, radius {string.Join(", ", SpectrumImage.IronOxide.Select(p => p.Radius.ToString(CultureInfo.InvariantCulture)))} positions |

        ## Particles/particles.png

        Balls on a substrate as secondary electrons show them: {Particles.Width} × {Particles.Height} pixels of {Particles.PixelSizeNanometres} nm, 8 bit. None touches another or the edge of the image.

        | diameter (nm) | number |
        |---|---|
        {string.Join("\n", Particles.Sizes.Select(size => FormattableString.Invariant($"| {size.DiameterNanometres} | {size.Count} |")))}

        ## Diffraction/rings.tif

        Electron diffraction of many small gold crystals (a = {DiffractionRings.LatticeNanometres} nm): {DiffractionRings.Size} × {DiffractionRings.Size} pixels of {DiffractionRings.PixelPerNanometre} 1/nm, 16 bit, the direct beam at pixel ({DiffractionRings.Centre}, {DiffractionRings.Centre}) under the beam stop.

        | ring | spacing (nm) | radius (1/nm) | radius (pixels) |
        |---|---|---|---|
        {Rings()}

        """);

    private static string Directions(double degrees) => FormattableString.Invariant($"{degrees - Eve.AngleDegrees:F1}° and {degrees + Eve.AngleDegrees:F1}°");

    private static string Diameters(IReadOnlyList<Ball> balls) => FormattableString.Invariant(
        $"{2 * balls.Min(ball => ball.Radius) * Phantom.VoxelSizeMicrometres:F1} to {2 * balls.Max(ball => ball.Radius) * Phantom.VoxelSizeMicrometres:F1}");

    private static string Rings() => string.Join("\n", DiffractionRings.Rings.Select(
        ring => FormattableString.Invariant($"| {ring.Name} | {ring.SpacingNanometres:F4} | {ring.RadiusPerNanometre:F3} | {ring.RadiusPerNanometre / DiffractionRings.PixelPerNanometre:F1} |")));
}
