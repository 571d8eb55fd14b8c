using System.Globalization;
using Stemma.Hub.Search.Fields;

namespace Stemma.Hub.Search.Finding;

/// <summary>How a field is counted beside the results.</summary>
/// <param name="Key">SQL of a row d by which rows are grouped.</param>
internal sealed record FacetShape(SearchField Field, string Kind, string Key)
{
    /// <summary>Bins of a histogram for each decade.</summary>
    public const int BinsPerDecade = 8;

    private static readonly string[] Counted = [SearchFields.Format, SearchFields.Kind, "instrument", "detector", "operator", "specimen", "imaging_mode", "signal_type"];

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<FacetShape> All { get; } =
    [
        .. Counted.Select(name => SearchFields.Find(name)!).Select(field => new FacetShape(field, "values", $"d.{field.Column}")),
        // Microscopes have a few steps of high tension: each is counted for itself.
        new(SearchFields.Find("accelerating_voltage")!, "numbers", "d.accelerating_voltage"),
        Histogram("nominal_magnification"),
        Histogram("pixel_size"),
        new(SearchFields.Find(SearchFields.Date)!, "moments", "date_part('year', d.acquired_at) * 12 + date_part('month', d.acquired_at) - 1"),
    ];

    private static FacetShape Histogram(string name) =>
        new(SearchFields.Find(name)!, "bins", $"case when d.{name} > 0 then floor(ln(d.{name}) * {(BinsPerDecade / Math.Log(10)).ToString("R", CultureInfo.InvariantCulture)}) end");
}
