using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tests;

public sealed class VocabularyLinesTests
{
    [Theory]
    [InlineData("Accelerating voltage: 300 kV", "accelerating_voltage", 300_000)]
    [InlineData("accelerating voltage = 200000 V", "accelerating_voltage", 200_000)]
    [InlineData("Nominal magnification: 750000", "nominal_magnification", 750_000)]
    [InlineData("Exposure time: 250 ms", "exposure_time", 0.25)]
    public void A_line_called_as_a_term_is_that_term(string line, string term, double expected)
    {
        var acquisition = new Acquisition();
        VocabularyLines.Map(line, "label", acquisition);
        acquisition.Values[term].Value.GetValue<double>().ShouldBe(expected, 1e-9);
        acquisition.Values[term].Source.ShouldBe("label");
    }

    [Theory]
    [InlineData("Accelerating voltage: 300")]
    [InlineData("Accelerating voltage: 300 nm")]
    [InlineData("Accelerating voltage: high")]
    [InlineData("Pixel size: 2 nm")]
    [InlineData("Voltage: 300 kV")]
    [InlineData("Operator:")]
    [InlineData(": 3")]
    [InlineData("free text")]
    public void What_is_not_sure_is_not_mapped(string line)
    {
        var acquisition = new Acquisition();
        VocabularyLines.Map(line, "label", acquisition);
        acquisition.Values.ShouldBeEmpty();
    }

    [Fact]
    public void A_formats_own_value_stays()
    {
        var acquisition = new Acquisition();
        acquisition.Set("operator", "Eva", "header");
        VocabularyLines.Map("Operator: Adam", "label", acquisition);
        acquisition.Values["operator"].Value.GetValue<string>().ShouldBe("Eva");
    }
}
