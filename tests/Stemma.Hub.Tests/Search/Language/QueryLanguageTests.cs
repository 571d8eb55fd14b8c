using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Tests.Search.Language;

public sealed class QueryLanguageTests
{
    private static Query Parse(string text) => QueryParser.TryParse(text, out var query, out var error) ? query : throw new InvalidOperationException($"{text}: {error.Message}");

    /// <summary>Pieces of the language in any order: most make no query. Those that do print to the same query, and all errors point into the text.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_can_be_read_prints_back_to_itself(int seed)
    {
        var random = new Random(seed);
        string[] pieces =
        [
            "gold", "precip*", "\"a phrase\"", "\"with \\\" quote\"", "voltage:", ">=200kV", "<", "=", "1..5", "..", "10ms..", "\"a.\"..b", "a.", ".b", ",", "(", ")", "-", "--", " OR ", " NOT ", "OR", " ", " ", " ", "original.A.b:1",
            "original.\"A b.c\":x", "\"my field\":", "*", "é", "\\", ":", "\"", "x", "..5", "tag:a,b", "é*", "\ud83d\ude00", "NOT", "=5", "original.", "original.tif", "a:b", "\ud83d", "fo*o",
        ];
        var understood = 0;
        for (var number = 0; number < 20_000; number++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            for (var caret = 0; caret <= text.Length; caret++)
            {
                var typing = Completion.At(text, caret);
                (typing.Start >= 0 && typing.Start <= caret && typing.End >= caret && typing.End <= text.Length).ShouldBeTrue($"{text} at {caret}: {typing}");
            }

            if (!QueryParser.TryParse(text, out var query, out var error))
            {
                (error.Position >= 0 && error.Length >= 0 && error.Position + error.Length <= text.Length).ShouldBeTrue($"{text}: {error}");
                continue;
            }

            understood++;
            var printed = query.Print();
            QueryParser.TryParse(printed, out var again, out var problem).ShouldBeTrue($"{text} printed as {printed}: {problem?.Message}");
            again!.Equals(query).ShouldBeTrue($"{text} printed as {printed}");
            again.Print().ShouldBe(printed);
        }

        understood.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData("fo*o", 2, 1, "end of a word")]
    [InlineData("name:a*b", 6, 1, "end of a word")]
    [InlineData("voltage:>=1..5", 8, 5, "a bound and a range")]
    [InlineData("voltage:1..2..3", 12, 2, "a third")]
    [InlineData("original.\"Microscope Info.Voltage\"", 0, 34, "colon")]
    public void What_cannot_be_read_is_told_with_its_place(string text, int position, int length, string expected)
    {
        QueryParser.TryParse(text, out _, out var error).ShouldBeFalse();
        error!.Message.ShouldContain(expected);
        (error.Position, error.Length).ShouldBe((position, length));
    }

    [Fact]
    public void Half_a_character_is_told_with_its_place()
    {
        QueryParser.TryParse("\ud83d\ude00 a\ud83d b", out _, out var error).ShouldBeFalse();
        error!.Message.ShouldContain("Half a character");
        error.Position.ShouldBe(4);
    }

    [Fact]
    public void A_file_may_be_called_original() => Parse("original.tif").ShouldBe(new Text(new Word("original.tif", default)));

    [Theory]
    [InlineData("instrument:\"Tec|nai gold", "instrument:\"X\" gold")]
    [InlineData("instrument:\"Tec|nai Osiris\" gold", "instrument:\"X\" gold")]
    [InlineData("instrument:\"Tec| tag:\"x y\"", "instrument:\"X\" tag:\"x y\"")]
    [InlineData("instrument:Tec|nai gold", "instrument:\"X\" gold")]
    public void A_completion_replaces_what_is_typed_and_no_more(string text, string expected)
    {
        var caret = text.IndexOf('|', StringComparison.Ordinal);
        text = text.Remove(caret, 1);
        var typing = Completion.At(text, caret);
        (text[..typing.Start] + "\"X\"" + text[typing.End..]).ShouldBe(expected);
    }

    [Theory]
    [InlineData("200kV", "V", 200_000)]
    [InlineData("0.1nm", "m", 1e-10)]
    [InlineData("2Å", "m", 2e-10)]
    [InlineData("5μm", "m", 5e-6)]
    [InlineData("1e-5Pa", "Pa", 1e-5)]
    [InlineData("20°C", "K", 293.15)]
    [InlineData("40e/Å²", "1/m²", 4e21)]
    [InlineData("90°", "rad", Math.PI / 2)]
    [InlineData("50k", null, 50_000)]
    [InlineData("1GiB", "B", 1 << 30)]
    [InlineData("-3 µm", "m", -3e-6)]
    [InlineData("0", "m", 0)]
    public void A_number_is_read_in_the_unit_of_its_field(string text, string? unit, double expected)
    {
        Quantity.TryParse(text, unit, out var value, out _, out var problem).ShouldBeTrue(problem);
        value.ShouldBe(expected, (Math.Abs(expected) * 1e-12) + double.Epsilon);
    }

    [Theory]
    [InlineData("200", "V", "200kV")]
    [InlineData("200nm", "V", "length")]
    [InlineData("10A", "m", "current")]
    [InlineData("50,000", null, "comma")]
    [InlineData("fast", "s", "10ms")]
    [InlineData("0", "K", "100K")]
    public void What_is_no_such_number_is_told(string text, string? unit, string word)
    {
        Quantity.TryParse(text, unit, out _, out _, out var problem).ShouldBeFalse();
        problem.ShouldContain(word);
    }

    [Fact]
    public void A_number_stands_for_what_rounds_to_it()
    {
        var bounds = Bounds.OfNumber(new Word("0.10nm", default), "m");
        bounds.From!.Value.ShouldBe(0.095e-9, 1e-15);
        bounds.To!.Value.ShouldBe(0.105e-9, 1e-15);
        Bounds.OfNumber(new Word("0", default), "m").ShouldBe(new Bounds<double>(0, true, 0, true));
        Bounds.OfNumber(new Hub.Search.Language.Range("10", "20kV", default), "V").From!.Value.ShouldBe(10_000, 1);
    }

    [Fact]
    public void A_click_on_a_facet_edits_the_query()
    {
        Parse("gold instrument:titan").With("instrument", new Phrase("Osiris", default)).Print().ShouldBe("gold instrument:\"Osiris\"");
        Parse("gold").With("tag", new Phrase("a", default), new Phrase("b", default)).Print().ShouldBe("gold tag:\"a\",\"b\"");
        Parse("gold tag:a").Without("tag").ShouldBe(Parse("gold"));
        Parse("tag:a").Without("tag").Print().ShouldBe("");
    }
}
