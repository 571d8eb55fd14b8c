using System.Globalization;
using Stemma.Client;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Cli.Search;

/// <summary>Values of facets as people write them: 178 k× to 237 k×, Nov 2017.</summary>
internal static class FacetText
{
    private const string Magnification = "magnification";

    public static string Of(SearchFacet facet, SearchFacetValue value)
    {
        // The hub's label of a month is the month as a query writes it.
        if (facet.Kind == "moments" && DateTime.TryParseExact(value.Value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
            return month.ToString("MMM yyyy", CultureInfo.InvariantCulture);
        return value switch
        {
            { Label.Length: > 0 } => value.Label,
            { From: { } from, To: { } to } => from == to ? Number(from, facet, 4) : $"{Number(from, facet, 3)} to {Number(to, facet, 3)}",
            _ => value.Value,
        };
    }

    /// <summary>How many times something is magnified: 20 k×.</summary>
    public static string Times(double value, int digits) => Prefixed(value, "×", digits);

    /// <param name="digits">Bounds of a histogram are steps of a logarithmic scale: of these, three say enough.</param>
    private static string Number(double value, SearchFacet facet, int digits) =>
        facet.Unit is not null ? QuantityText.Of(value, facet.Unit, digits) : facet.Field.EndsWith(Magnification, StringComparison.Ordinal) ? Times(value, digits) : Prefixed(value, "", digits);

    private static string Prefixed(double value, string unit, int digits)
    {
        var (prefix, factor) = Math.Abs(value) switch { >= 999.5e3 => ("M", 1e6), >= 999.5 => ("k", 1e3), _ => ("", 1) };
        return QuantityText.Of(value / factor, prefix + unit is { Length: > 0 } written ? written : null, digits);
    }
}
