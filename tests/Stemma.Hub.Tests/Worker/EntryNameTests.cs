using Stemma.Worker.Unpacking;

namespace Stemma.Hub.Tests.Worker;

public sealed class EntryNameTests
{
    [Theory]
    [InlineData("a.tif", "a.tif")]
    [InlineData("a/b c/ü.tif", "a/b c/ü.tif")]
    [InlineData("a\\b\\c.tif", "a/b/c.tif")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData("ab:c", "ab:c")]
    public void Relative_paths_are_taken(string name, string expected)
    {
        EntryName.WhyNot(name, 0, out var path).ShouldBeNull();
        path.ShouldBe(expected);
    }

    [Theory]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("\\\\server\\share", "absolute")]
    [InlineData("C:\\a.tif", "drive letter")]
    [InlineData("c:a.tif", "drive letter")]
    [InlineData("../a", "..")]
    [InlineData("a\\..\\..\\b", "..")]
    [InlineData("a/./b", "'.'")]
    [InlineData("a//b", "empty name")]
    [InlineData("", "no name")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\0b", "control character")]
    [InlineData("a\ufffdb", "not valid text")]
    public void Other_names_are_refused_with_the_reason(string name, string reason) => EntryName.WhyNot(name, 0, out _).ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void Long_names_are_refused_with_their_length()
    {
        EntryName.WhyNot(new string('a', 256), 0, out _).ShouldNotBeNull().ShouldContain("256");
        EntryName.WhyNot(string.Join('/', Enumerable.Repeat("abcdefghi", 500)), 0, out _).ShouldNotBeNull().ShouldContain("4999");
    }

    [Theory]
    [InlineData(0xA1FF, "symbolic link")]
    [InlineData(0x11B6, "device, pipe or socket")]
    [InlineData(0x61B6, "device, pipe or socket")]
    public void What_is_no_file_is_refused(int mode, string reason) => EntryName.WhyNot("a", mode << 16, out _).ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void Check_sums_agree_with_the_published_one()
    {
        // Catalogue of parametrised CRC algorithms, CRC-32/ISO-HDLC: check value of "123456789".
        var crc = new Crc32();
        crc.Append("123456789"u8[..2]);
        crc.Append("123456789"u8[2..]);
        crc.Value.ShouldBe(0xCBF43926);
    }
}
