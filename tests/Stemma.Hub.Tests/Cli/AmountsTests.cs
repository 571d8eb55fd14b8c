using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Terminal;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Hub.Tests.Cli;

public sealed class AmountsTests
{
    [Theory]
    [InlineData(2.13e-11, "m", "21.3 pm")]
    [InlineData(0.0213, "nm", "21.3 pm")]
    [InlineData(200_000, "V", "200 kV")]
    [InlineData(1500, "µm", "1.5 mm")]
    [InlineData(2e9, "1/m", "2 1/nm")]
    [InlineData(0.25, "1/nm", "250 1/µm")]
    [InlineData(-0.002, "eV", "-2 meV")]
    [InlineData(12.5, "%", "12.5 %")]
    [InlineData(0, "m", "0 m")]
    [InlineData(3, null, "3")]
    public void Quantities_have_the_prefix_a_person_would_choose(double value, string? unit, string expected) => QuantityText.Of(value, unit).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(4_200_000_000, "4.2 GB")]
    [InlineData(999_600, "1.0 MB")]
    public void Sizes_are_short(long bytes, string expected) => Amounts.Bytes(bytes).ShouldBe(expected);

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10)]
    [InlineData("1.5m", 90)]
    [InlineData("7", 7)]
    public void Times_are_understood(string text, double seconds) => ShortTime.Parse("--stable", text).TotalSeconds.ShouldBe(seconds, 1e-9);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("10 days")]
    public void Other_words_are_refused(string text) => Should.Throw<CommandException>(() => ShortTime.Parse("--stable", text)).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_token_is_offered_only_to_the_hub_that_gave_it()
    {
        var settings = new Settings("http://a.example", "stm_a");
        HubArguments.Resolve(null, null, settings).ShouldBe((new Uri("http://a.example"), "stm_a", null));
        HubArguments.Resolve("a.example", null, settings).Token.ShouldBe("stm_a");
        Should.Throw<CommandException>(() => HubArguments.Resolve("http://b.example", null, settings)).ExitCode.ShouldBe(ExitCode.NoPermission);
    }
}
