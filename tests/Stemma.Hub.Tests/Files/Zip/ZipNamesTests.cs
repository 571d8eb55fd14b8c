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
    public void As_many_files_of_one_name_as_an_archive_holds_do_not_each_try_all_numbers()
    {
        // Trying all from the first on would be 20 billion names.
        var names = new ZipNames();
        var last = "";
        for (var file = 0; file < 200_000; file++)
            last = names.Give(file % 2 == 0 ? "d/a:.tif" : "d/A?.tif");
        last.ShouldBe("d/A_ (200000).tif");
    }

    [Fact]
    public void Numbers_go_around_names_that_have_one_already()
    {
        var names = new ZipNames();
        new[] { "a (2).tif", "a.tif", "a.tif", "a (3).tif", "a.tif" }.Select(names.Give).ShouldBe(["a (2).tif", "a.tif", "a (3).tif", "a (3) (2).tif", "a (4).tif"]);
    }

    [Fact]
    public void Nothing_leads_out_of_the_folder_that_one_unpacks_into()
    {
        foreach (var path in new[] { "../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\Windows\\x" })
            new ZipNames().Give(path).Split('/').ShouldAllBe(segment => segment.Length > 0 && segment != ".." && segment != "." && !segment.Contains(':') && !segment.Contains('\\'));
    }
}
