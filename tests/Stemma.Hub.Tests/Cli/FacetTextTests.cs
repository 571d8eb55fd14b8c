using Stemma.Cli.Search;
using Stemma.Client;

namespace Stemma.Hub.Tests.Cli;

public sealed class FacetTextTests
{
    [Theory]
    [InlineData("nominal_magnification", null, 177828.0, 237137.0, "178 k× to 237 k×")]
    [InlineData("nominal_magnification", null, 17.782794, 23.713737, "17.8 × to 23.7 ×")]
    [InlineData("nominal_magnification", null, 749894.0, 1e6, "750 k× to 1 M×")]
    [InlineData("nominal_magnification", null, 50000.0, 50000.0, "50 k×")]
    [InlineData("pixel_size", "m", 1.7782794e-11, 2.3713737e-11, "17.8 pm to 23.7 pm")]
    [InlineData("accelerating_voltage", "V", 80000.0, 80000.0, "80 kV")]
    [InlineData("grains", null, 1778.2794, 2371.3737, "1.78 k to 2.37 k")]
    public void Numbers_are_told_as_people_write_them(string field, string? unit, double from, double to, string expected) =>
        FacetText.Of(new SearchFacet(field, "", "bins", unit, [], 0), new SearchFacetValue("", "", 1, from, to, false)).ShouldBe(expected);

    [Theory]
    [InlineData("moments", "2017-11", "2017-11", "Nov 2017")]
    [InlineData("values", "2017-11", "", "2017-11")]
    [InlineData("values", "tiff", "TIFF", "TIFF")]
    public void Months_have_names_and_labels_stay(string kind, string value, string label, string expected) =>
        FacetText.Of(new SearchFacet("date", "", kind, null, [], 0), new SearchFacetValue(value, label, 1, null, null, false)).ShouldBe(expected);
}
