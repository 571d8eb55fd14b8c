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
        if (value.Label.Length > 0)
            return value.Label;
        if (value is { From: { } from, To: { } to })
            return from == to ? Number(from, facet, 4) : $"{Number(from, facet, 3)} to {Number(to, facet, 3)}";
        return facet.Kind == "moments" && DateTime.TryParseExact(value.Value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month.ToString("MMM yyyy", CultureInfo.InvariantCulture)
            : value.Value;
    }

    /// <param name="digits">Bounds of a histogram are steps of a logarithmic scale: of these, three say enough.</param>
    private static string Number(double value, SearchFacet facet, int digits)
    {
        if (facet.Unit is not null)
            return QuantityText.Of(value, facet.Unit, digits);
        var (prefix, factor) = Math.Abs(value) switch { >= 999.5e3 => ("M", 1e6), >= 999.5 => ("k", 1e3), _ => ("", 1) };
        var unit = prefix + (facet.Field.EndsWith(Magnification, StringComparison.Ordinal) ? "×" : "");
        return QuantityText.Of(value / factor, unit.Length > 0 ? unit : null, digits);
    }
}
