using Npgsql;
using Stemma.Hub.Search.Fields;

namespace Stemma.Hub.Search.Finding;

/// <summary>How a field is counted beside the results.</summary>
/// <param name="KeyOf">Reads the field's column of a row and says as what it is counted; NaN: not at all.</param>
internal sealed record FacetShape(SearchField Field, string Kind, Func<NpgsqlDataReader, int, double> KeyOf)
{
    /// <summary>Bins of a histogram for each decade.</summary>
    public const int BinsPerDecade = 8;

    private static readonly string[] Counted = [SearchFields.Format, SearchFields.Kind, "instrument", "detector", "operator", "specimen", "imaging_mode", "signal_type"];

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<FacetShape> All { get; } =
    [
        .. Counted.Select(name => SearchFields.Find(name)!).Select(field => new FacetShape(field, "values", (row, column) => row.GetInt32(column))),
        // Microscopes have a few steps of high tension: each is counted for itself.
        new(SearchFields.Find("accelerating_voltage")!, "numbers", (row, column) => row.GetDouble(column)),
        Histogram("nominal_magnification"),
        Histogram("pixel_size"),
        new(SearchFields.Find(SearchFields.Date)!, "moments", (row, column) => MonthOf(row.GetDateTime(column))),
    ];

    private static FacetShape Histogram(string name) => new(SearchFields.Find(name)!, "bins", (row, column) => row.GetDouble(column) is > 0 and var number ? Math.Floor(Math.Log10(number) * BinsPerDecade) : double.NaN);

    private static int MonthOf(DateTime moment) => (moment.Year * 12) + moment.Month - 1;
}
