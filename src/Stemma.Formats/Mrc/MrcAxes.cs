using Stemma.Imaging;

namespace Stemma.Formats.Mrc;

/// <summary>Names and calibrates the axes. Pixels keep the file's order (sections, rows, columns); which of X, Y, Z these are is said by mapc, mapr, maps.</summary>
internal static class MrcAxes
{
    private const double NanometresPerAngstrom = 0.1;
    private static readonly string[] Names = ["x", "y", "z"];

    /// <summary>Axes in array order, slowest first. A single section has no axis of its own.</summary>
    public static IReadOnlyList<Axis> From(MrcHeader header, List<string> warnings)
    {
        var order = header.AxisOrder;
        if (!MrcHeader.IsAxisOrder(order[0], order[1], order[2]))
            warnings.Add($"mapc, mapr, maps are {order[0]}, {order[1]}, {order[2]}, which is no order of axes: taken as 1, 2, 3.");
        if (!MrcHeader.IsAxisOrder(order[0], order[1], order[2]) || order[0] == 0)
            order = [1, 2, 3];
        if (header.CellLengths.Any(length => length < 0))
            warnings.Add("The pixel size in the header is negative, as some cameras write it; its magnitude is used.");

        var isVolume = header.Ispg >= 1;
        var axes = new List<Axis>();
        if (header.Ispg is >= 401 and <= 630 && header.Sampling[2] > 0 && header.Nz % header.Sampling[2] == 0 && header.Nz > header.Sampling[2])
        {
            axes.Add(new Axis("volume", header.Nz / header.Sampling[2], AxisRole.Navigation));
            axes.Add(Calibrated(header, order, 2, header.Sampling[2], AxisRole.Signal));
        }
        else if (header.Nz > 1)
        {
            axes.Add(Calibrated(header, order, 2, header.Nz, isVolume ? AxisRole.Signal : AxisRole.Navigation));
        }

        axes.Add(Calibrated(header, order, 1, header.Ny, AxisRole.Signal));
        axes.Add(Calibrated(header, order, 0, header.Nx, AxisRole.Signal));
        return axes;
    }

    /// <param name="place">0 columns, 1 rows, 2 sections.</param>
    private static Axis Calibrated(MrcHeader header, IReadOnlyList<int> order, int place, long size, AxisRole role)
    {
        var dimension = order[place] - 1;
        var axis = new Axis(Names[dimension], size, role);
        double cell = Math.Abs(header.CellLengths[dimension]), intervals = header.Sampling[dimension];
        if (!(intervals >= 1) || !(cell > 0) || !double.IsFinite(cell))
            return axis;
        // Stacks of images have a spacing of sections only where it was really written.
        if (place == 2 && header.Ispg < 1 && header.Sampling[dimension] != header.Nz)
            return axis;
        var scale = cell / intervals * NanometresPerAngstrom;
        // MRC places a volume by `origin`, CCP4 by the number of its first column, row and section.
        double origin = header.Origin[dimension];
        var offset = header.Origin.Any(value => value != 0) || header.Ispg < 1 ? origin * NanometresPerAngstrom : header.Start[place] * scale;
        return axis with { Scale = scale, Offset = double.IsFinite(offset) ? offset : null, Unit = "nm" };
    }
}
