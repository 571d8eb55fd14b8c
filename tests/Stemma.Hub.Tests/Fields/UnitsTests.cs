using Stemma.Hub.Fields;

namespace Stemma.Hub.Tests.Fields;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0.2, "µm", "nm", 200)]
    [InlineData(25, "°C", "K", 298.15)]
    [InlineData(0, "K", "°C", -273.15)]
    [InlineData(90, "min", "h", 1.5)]
    [InlineData(1013.25, "mbar", "Pa", 101325)]
    [InlineData(180, "°", "rad", 3.14159265358979)]
    [InlineData(5, "mg", "kg", 5e-6)]
    public void Values_convert_within_their_quantity(double value, string from, string to, double expected)
    {
        var (source, target) = (Units.Find(from)!, Units.Find(to)!);
        source.Quantity.ShouldBe(target.Quantity);
        target.From(value, source).ShouldBe(expected);
    }

    [Theory]
    [InlineData("um")]
    [InlineData("\u03BCm")]
    [InlineData(" µm ")]
    public void The_signs_of_keyboards_are_understood(string symbol) => Units.Find(symbol)!.Symbol.ShouldBe("µm");

    [Fact]
    public void Upper_and_lower_case_are_different_units() => (Units.Find("MPa"), Units.Find("mPa")).ShouldBe((Units.All.Single(unit => unit.Symbol == "MPa"), null));
}
