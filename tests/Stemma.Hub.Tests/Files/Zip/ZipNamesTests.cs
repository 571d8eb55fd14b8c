using Stemma.Hub.Files.Zip;

namespace Stemma.Hub.Tests.Files.Zip;

public sealed class ZipNamesTests
{
    [Theory]
    [InlineData("Größe & <b>.tif", "Größe & _b_.tif")]
    [InlineData("a\\..\\b", "a_.._b")]
    [InlineData("..", ".._")]
    [InlineData(".", "._")]
    [InlineData("", "_")]
    [InlineData("ends with dot.", "ends with dot._")]
    [InlineData("con.tif", "_con.tif")]
    [InlineData("console.tif", "console.tif")]
    [InlineData("tab\there", "tab_here")]
    [InlineData("whole 😀", "whole 😀")]
    public void Segments_are_made_safe_and_else_kept(string segment, string safe) => ZipNames.Safe(segment).ShouldBe(safe);

    [Fact]
    public void Half_a_character_is_replaced() => ZipNames.Safe("half \ud83d").ShouldBe("half \ufffd"); // No attribute holds one.

    [Fact]
    public void No_name_is_given_twice_not_even_in_another_case()
    {
        var names = new ZipNames();
        new[] { "d/a.tif", "d/A.tif", "d/a.tif", "d.x/b", "d.x/b" }.Select(names.Give).ShouldBe(["d/a.tif", "d/A (2).tif", "d/a (3).tif", "d.x/b", "d.x/b (2)"]);
    }

    [Fact]
    public void Nothing_leads_out_of_the_folder_that_one_unpacks_into()
    {
        foreach (var path in new[] { "../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\Windows\\x" })
            new ZipNames().Give(path).Split('/').ShouldAllBe(segment => segment.Length > 0 && segment != ".." && segment != "." && !segment.Contains(':') && !segment.Contains('\\'));
    }
}
