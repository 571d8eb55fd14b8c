using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Records;

namespace Stemma.Hub.Tests.Records;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Gives_the_bytes_of_the_example_in_RFC_8785()
    {
        // RFC 8785, section 3.2.2 and its result in 3.2.3.
        var node = JsonNode.Parse("""
            {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
             "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}
            """);
        Encoding.UTF8.GetString(CanonicalJson.Serialize(node)).ShouldBe(
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""");
    }

    [Theory]
    // RFC 8785, appendix B.
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Writes_numbers_as_ECMAScript_does(string bits, string expected) =>
        Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonValue.Create(BitConverter.Int64BitsToDouble(Convert.ToInt64(bits, 16))))).ShouldBe(expected);

    [Fact]
    public void Sorts_names_by_UTF_16_code_units()
    {
        var node = new JsonObject { ["\u20ac"] = 1, ["\r"] = 2, ["\ufb33"] = 3, ["1"] = 4, ["\ud83d\ude00"] = 5, ["\u0080"] = 6, ["\u00f6"] = 7 };
        Encoding.UTF8.GetString(CanonicalJson.Serialize(node)).ShouldBe("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    [Fact]
    public void Refuses_a_lone_surrogate() => Should.Throw<ArgumentException>(() => CanonicalJson.Serialize(JsonValue.Create("\ud800")));
}
