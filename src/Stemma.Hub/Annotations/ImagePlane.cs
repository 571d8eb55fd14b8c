using System.Text.Json;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <summary>The plane of an image in which is drawn: the one its preview shows, else x and y, else kx and ky, else the last two axes.</summary>
/// <param name="Columns">Size along x, in pixels.</param>
/// <param name="Rows">Size along y, in pixels.</param>
/// <param name="Others">The other axes by name, with their sizes.</param>
internal sealed record ImagePlane(string? Title, string PixelType, long Columns, long Rows, Calibration? Calibration, IReadOnlyDictionary<string, long> Others)
{
    private sealed record Axis(string Name, long Size, double? Scale, double? Offset, string? Unit, JsonElement? Coordinates);

    private sealed record Row
    {
        public string? Title { get; init; }
        public string PixelType { get; init; } = "";
        public long[] Shape { get; init; } = [];
        public string Axes { get; init; } = "[]";
        public int? Across { get; init; }
        public int? Down { get; init; }
    }

    /// <summary>Of the image as it was read last.</summary>
    /// <returns>Null: there is no such image (any more), or it has no plane.</returns>
    public static async Task<ImagePlane?> FindAsync(NpgsqlConnection connection, Guid set, int image, CancellationToken cancellationToken)
    {
        var row = await connection.RowAsync<Row>("""
            select i.title, i.pixel_type, i.shape, i.axes::text as axes, (i.preview ->> 'horizontalAxis')::integer as across, (i.preview ->> 'verticalAxis')::integer as down
            from file_sets s join images i on i.extraction_id = s.extraction_id and i.index = @image where s.id = @set
            """, new { set, image }, cancellationToken);
        if (row is null)
            return null;
        var axes = Axes(row);
        var (across, down) = (row.Across ?? Last(axes, "x", "kx"), row.Down ?? Last(axes, "y", "ky"));
        if (across < 0 || down < 0)
            (across, down) = (axes.Count - 1, axes.Count - 2);
        if (down < 0 || across >= axes.Count || down >= axes.Count || across == down)
            return null;
        var calibration = Calibrated(axes[across]) is { } x && Calibrated(axes[down]) is { } y ? new Calibration(x, y) : null;
        var others = axes.Where((_, index) => index != across && index != down).DistinctBy(axis => axis.Name).ToDictionary(axis => axis.Name, axis => axis.Size);
        return new ImagePlane(row.Title, row.PixelType, axes[across].Size, axes[down].Size, calibration, others);
    }

    /// <exception cref="Problem">404: nothing can be drawn there.</exception>
    public static async Task<ImagePlane> RequireAsync(NpgsqlConnection connection, Guid set, int image, CancellationToken cancellationToken) =>
        await FindAsync(connection, set, image, cancellationToken) ?? throw Problem.NotFound($"image {image} with a plane to draw in, in this file set, read so far");

    /// <summary>Readers that know nothing of axes tell the shape alone.</summary>
    private static List<Axis> Axes(Row row)
    {
        var axes = JsonSerializer.Deserialize<List<Axis>>(row.Axes, JsonSerializerOptions.Web)!;
        return axes.Count == row.Shape.Length ? axes : [.. row.Shape.Select((size, index) => new Axis($"axis {index}", size, null, null, null, null))];
    }

    private static int Last(List<Axis> axes, params string[] names) =>
        names.Select(name => axes.FindLastIndex(axis => axis.Name == name)).FirstOrDefault(index => index >= 0, -1);

    private static CalibratedAxis? Calibrated(Axis axis) =>
        axis.Scale is { } scale && scale != 0 && double.IsFinite(scale) && axis.Coordinates is not { ValueKind: JsonValueKind.Array } ? new CalibratedAxis(axis.Name, scale, axis.Offset ?? 0, axis.Unit) : null;
}
