using Stemma.Hub.Deposits;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Deposits;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("a.tif")]
    [InlineData("a/b/c.tif")]
    [InlineData(".zgroup")]
    [InlineData("..a/...")]
    [InlineData("name with  spaces/ü%2F?.dm3")]
    [InlineData("e\u0301/\u00e9")] // Not normalized: two different names.
    [InlineData("\ud83d\ude00.png")]
    public void Takes_a_path_as_it_was_sent(string path) => RelativePath.Parse(path).ToString().ShouldBe(path);

    [Theory]
    [InlineData("", "Segment 1", "empty")]
    [InlineData("/a", "Segment 1", "empty")]
    [InlineData("a/", "Segment 2", "empty")]
    [InlineData("a//b", "Segment 2", "empty")]
    [InlineData("a/../b", "Segment 2", "\"..\"")]
    [InlineData("./a", "Segment 1", "\".\"")]
    [InlineData("a\\b.tif", "Segment 1", "backslash")]
    [InlineData("a/b\nc", "Segment 2", "\\u000a")]
    [InlineData("a/b\0", "Segment 2", "control")]
    public void Refuses_what_is_no_name_and_says_which_segment(string path, string segment, string why)
    {
        var problem = Should.Throw<Problem>(() => RelativePath.Parse(path));
        problem.Status.ShouldBe(400);
        problem.Slug.ShouldBe("path-refused");
        problem.Message.ShouldContain(segment);
        problem.Message.ShouldContain(why);
    }

    [Fact]
    public void Refuses_a_lone_surrogate() => Should.Throw<Problem>(() => RelativePath.Parse("a/\ud800")).Message.ShouldContain("Unicode");

    [Fact]
    public void Refuses_paths_and_names_that_are_too_long_with_the_limit()
    {
        Should.Throw<Problem>(() => RelativePath.Parse(string.Join('/', Enumerable.Repeat(new string('a', 200), 25)))).Message.ShouldContain("4096");
        Should.Throw<Problem>(() => RelativePath.Parse("a/" + new string('b', 256))).Message.ShouldContain("255");
        RelativePath.Parse(new string('b', 255)).Name.Length.ShouldBe(255);
    }
}
