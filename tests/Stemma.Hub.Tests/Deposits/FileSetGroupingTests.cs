using Stemma.Hub.Deposits;

namespace Stemma.Hub.Tests.Deposits;

public sealed class FileSetGroupingTests
{
    [Theory]
    [InlineData("a/scan.emi", "a/scan_1.ser", "a/scan_12.ser")]
    [InlineData("vol.nhdr", "vol.raw")]
    [InlineData("map.rpl", "map.raw")]
    [InlineData("brain.hdr", "brain.img")]
    [InlineData("frames.mib", "frames.hdr")]
    [InlineData("grain_01.tif", "grain_01.txt")]
    [InlineData("Grain_01.TIF", "Grain_01.hdr")]
    [InlineData("tilt.mrc", "tilt.mrc.mdoc")]
    [InlineData("tilt.st", "tilt.st.mdoc")]
    [InlineData("x/a.ome.zarr/.zattrs", "x/a.ome.zarr/0/0/0", "x/a.ome.zarr/zarr.json", "x/a.ome.zarr/notes.txt")]
    public void Files_read_together_have_one_key(params string[] paths) => paths.Select(path => FileSetGrouping.Of(path).OwnKey).Distinct().Count().ShouldBe(1);

    [Theory]
    [InlineData("a/scan.emi", "b/scan_1.ser")]
    [InlineData("one.dm3", "one.dm4")]
    [InlineData("one.tif", "two.tif")]
    [InlineData("one.tif", "one.jpg")]
    [InlineData("a.mrc", "a.mdoc")]
    [InlineData("a.zarr", "a.zarr/0")]
    [InlineData("scan_1", "scan_2")]
    public void Other_files_stand_alone(string one, string other) => FileSetGrouping.Of(one).OwnKey.ShouldNotBe(FileSetGrouping.Of(other).OwnKey);

    [Theory]
    [InlineData("scan.emi", "primary")]
    [InlineData("scan_1.ser", "part")]
    [InlineData("a.hdr", "sidecar")]
    [InlineData("a.img", "primary")]
    [InlineData("a.mrc.mdoc", "sidecar")]
    [InlineData("a.zarr/zarr.json", "primary")]
    [InlineData("a.zarr/0/zarr.json", "part")]
    [InlineData("readme", "primary")]
    public void Roles_are_told_by_names(string path, string role) => FileSetGrouping.Of(path).Role.ShouldBe(role);

    [Fact]
    public void A_chunk_looks_for_the_topmost_tree_first()
    {
        FileSetGrouping.Of("a/b/0/1").Keys.ShouldBe(["zarr:", "zarr:a", "zarr:a/b", "zarr:a/b/0", "file:a/b/0/1"]);
        FileSetGrouping.Of("a/b/notes.txt").Keys.ShouldBe(["stem:a/b/notes"]);
        FileSetGrouping.Of("p/w.zarr/0/0").Keys.ShouldBe(["zarr:", "zarr:p", "zarr:p/w.zarr"]);
    }

    [Fact]
    public void A_mark_gathers_its_folder()
    {
        var grouping = FileSetGrouping.Of("a/b/.zgroup");
        grouping.Gathers!.Path.ShouldBe("a/b");
        grouping.OwnKey.ShouldBe("zarr:a/b");
        grouping.Gathers.Holds("a/b/0/0.0").ShouldBeTrue();
        grouping.Gathers.Holds("a/b/c/0/0").ShouldBeTrue();
        grouping.Gathers.Holds("a/b/notes.txt").ShouldBeFalse();
        grouping.Gathers.Holds("a/bc/0").ShouldBeFalse();
        FileSetGrouping.Of("1/1.ASW").Gathers!.Holds("1/Sample/00_View002/View002_0000000.img").ShouldBeTrue();
    }
}
