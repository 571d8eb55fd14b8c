using Stemma.Hub.Harvest;

namespace Stemma.Hub.Tests.Harvest;

public sealed class NameFilterTests
{
    private static readonly NameFilter Default = new([], NameFilter.DefaultExclude);

    [Theory]
    [InlineData("a.dm4")]
    [InlineData("2026/run 1/Ångström.tif")]
    [InlineData("stack.zarr/.zgroup")]
    [InlineData("stack.zarr/0/.zarray")]
    [InlineData("stack.zarr/0/0.0.0")]
    [InlineData("template.tmpl")]
    public void Takes_what_instruments_write(string path) => Default.TakesFile(path).ShouldBeTrue();

    [Theory]
    [InlineData("~$notes.docx")]
    [InlineData("run/image.tif.part")]
    [InlineData("run/IMAGE.TMP")]
    [InlineData("Thumbs.db")]
    [InlineData("run/thumbs.DB")]
    [InlineData("run/.DS_Store")]
    [InlineData(".hidden")]
    public void Leaves_hidden_and_temporary_names(string path) => Default.TakesFile(path).ShouldBeFalse();

    [Theory]
    [InlineData(".git", false)]
    [InlineData("a/$Recycle.Bin", false)]
    [InlineData("a/recycle", true)]
    public void Enters_no_hidden_folder(string path, bool enters) => Default.EntersFolder(path).ShouldBe(enters);

    [Theory]
    [InlineData("*.tif", "a/b.tif", true)]
    [InlineData("*.tif", "a/b.TIF", true)]
    [InlineData("*.tif", "a.tif/b", false)]
    [InlineData("raw/*", "raw/a.tif", true)]
    [InlineData("raw/*", "raw/a/b.tif", false)]
    [InlineData("raw/**", "raw/a/b.tif", true)]
    [InlineData("raw/**", "x/raw/a.tif", false)]
    [InlineData("**/raw/**", "raw/a.tif", true)]
    [InlineData("**/raw/**", "x/y/raw/a.tif", true)]
    [InlineData("/a.tif", "a.tif", true)]
    [InlineData("/a.tif", "b/a.tif", false)]
    [InlineData("a?.tif", "ab.tif", true)]
    [InlineData("a?.tif", "a.tif", false)]
    [InlineData("a[1].tif", "a[1].tif", true)]
    [InlineData("a[1].tif", "a1.tif", false)]
    [InlineData("*.tif", "line\nbreak.tif", true)]
    public void Includes_by_glob(string pattern, string path, bool takes) => new NameFilter([pattern], []).TakesFile(path).ShouldBe(takes);

    [Fact]
    public void The_last_exclusion_that_fits_decides()
    {
        var filter = new NameFilter([], ["*.txt", "!readme.txt", "old/readme.txt"]);
        filter.TakesFile("notes.txt").ShouldBeFalse();
        filter.TakesFile("a/readme.txt").ShouldBeTrue();
        filter.TakesFile("old/readme.txt").ShouldBeFalse();
    }

    [Fact]
    public void A_pattern_made_to_be_slow_is_not() =>
        new NameFilter([string.Concat(Enumerable.Repeat("*a", 200)) + "b"], []).TakesFile(new string('a', 255)).ShouldBeFalse();
}
