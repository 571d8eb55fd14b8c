using System.Diagnostics;
using Stemma.Hub.Harvest;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>Nothing leads out of a share.</summary>
public sealed class ShareFolderTests : IDisposable
{
    private readonly string _outside = Directory.CreateTempSubdirectory("stemma-outside-").FullName;
    private readonly string _root = Directory.CreateTempSubdirectory("stemma-root-").FullName;

    public ShareFolderTests()
    {
        File.WriteAllText(Path.Combine(_outside, "secret"), "secret");
        Directory.CreateDirectory(Path.Combine(_root, "share/run"));
        File.WriteAllText(Path.Combine(_root, "share/run/image.tif"), "pixels");
    }

    public void Dispose()
    {
        Directory.Delete(_outside, recursive: true);
        // A name that is no text can be removed by no .NET program.
        using var removal = Process.Start("rm", ["-rf", _root]);
        removal.WaitForExit();
    }

    [Fact]
    public void Lists_files_and_folders_with_size_and_time()
    {
        var time = new DateTime(2026, 3, 14, 15, 9, 26, 535, 897, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Path.Combine(_root, "share/run/image.tif"), time);
        using var share = Open("share");
        share.List("").ShouldBe([new ShareItem("run", ShareItemKind.Folder, null, true)]);
        var file = share.List("run").ShouldHaveSingleItem();
        (file.Name, file.Kind, file.Stamp!.Value.Size, file.Stamp.Value.ModifiedAt).ShouldBe(("image.tif", ShareItemKind.File, 6L, time));
        share.Probe("run/image.tif").ShouldBe(file.Stamp);
        share.Probe("run/no.tif").ShouldBeNull();
    }

    [Fact]
    public void Lists_more_than_fits_into_one_buffer()
    {
        for (var index = 0; index < 3000; index++)
            File.WriteAllText(Path.Combine(_root, "share/run", $"a file with a rather long name {index:d5}"), "");
        using var share = Open("share");
        share.List("run").Select(item => item.Name).Distinct().Count().ShouldBe(3001);
    }

    [Fact]
    public void No_symbolic_link_is_followed()
    {
        var share = Path.Combine(_root, "share");
        File.CreateSymbolicLink(Path.Combine(share, "file"), Path.Combine(_outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(share, "folder"), _outside);
        File.CreateSymbolicLink(Path.Combine(share, "inside"), "run");
        using var opened = Open("share");
        opened.List("").Where(item => item.Kind != ShareItemKind.Other).Select(item => item.Name).ShouldBe(["run"]);
        foreach (var path in new[] { "file", "folder/secret", "inside/image.tif", "../share/run/image.tif", "run/../../share/run/image.tif", Path.Combine(_outside, "secret") })
        {
            // Out of the folder, through a link, or absolute.
            if (!path.StartsWith("run/..", StringComparison.Ordinal))
                Should.Throw<ShareException>(() => opened.OpenFile(path).Dispose(), path).IsAbsent.ShouldBeTrue(path);
            opened.Probe(path).ShouldBeNull(path);
        }
    }

    [Fact]
    public void A_folder_swapped_for_a_link_after_it_was_listed_is_not_entered()
    {
        using var share = Open("share");
        share.List("run").Count().ShouldBe(1);
        Directory.Delete(Path.Combine(_root, "share/run"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(_root, "share/run"), _outside);
        Should.Throw<ShareException>(() => share.List("run").Count());
        Should.Throw<ShareException>(() => share.OpenFile("run/secret").Dispose());
    }

    [Fact]
    public void The_way_from_the_root_to_the_share_goes_through_no_link()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link"), _outside);
        Should.Throw<SourceAwayException>(() => Open("link").Dispose()).Message.ShouldContain("symbolic link");
    }

    [Fact]
    public async Task A_pipe_in_the_share_stops_nobody()
    {
        using (var process = Process.Start("mkfifo", Path.Combine(_root, "share/run/pipe")))
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var share = Open("share");
        share.List("run").Single(item => item.Name == "pipe").Kind.ShouldBe(ShareItemKind.Other);
        using var handle = share.OpenFile("run/pipe");
        ShareCalls.Stamp(handle, "run/pipe").Kind.ShouldBe(ShareItemKind.Other);
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_told()
    {
        using (var process = Process.Start("bash", ["-c", $"touch \"$0\"/$'caf\\xe9.tif'", Path.Combine(_root, "share/run")]))
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var share = Open("share");
        share.List("run").Single(item => !item.IsNameable).Name.ShouldBe("caf\uFFFD.tif");
    }

    [Theory]
    [InlineData("/elsewhere")]
    [InlineData("relative")]
    [InlineData("ROOT/../elsewhere")]
    [InlineData("ROOT-too")]
    public void A_folder_beneath_no_root_is_refused_naming_the_roots_and_the_setting(string folder)
    {
        var options = new HubOptions { Roots = [_root] };
        var problem = Should.Throw<Problem>(() => SharePlace.Find(options, folder.Replace("ROOT", _root, StringComparison.Ordinal)));
        problem.Slug.ShouldBe("outside-roots");
        problem.Message.ShouldContain(_root);
        problem.Message.ShouldContain("STEMMA__Roots__0");
    }

    [Fact]
    public void The_innermost_root_holds_a_folder()
    {
        var options = new HubOptions { Roots = ["/mnt", "/mnt/tem/", "/"] };
        SharePlace.Find(options, "/mnt/tem/run/").ShouldBe(new SharePlace("/mnt/tem/", "run"));
        SharePlace.Find(options, "/mnt/tem").ShouldBe(new SharePlace("/mnt/tem/", ""));
        SharePlace.Find(options, "/mnt/sem/a").ShouldBe(new SharePlace("/mnt", "sem/a"));
        SharePlace.Find(options, "/srv/a").ShouldBe(new SharePlace("/", "srv/a"));
    }

    [Fact]
    public void Times_of_broken_clocks_are_kept_within_what_the_database_can_hold()
    {
        FileStamp.Time(0, 1_999).ShouldBe(DateTime.UnixEpoch.AddMicroseconds(1));
        FileStamp.Time(-1, 500_000_000).ShouldBe(DateTime.UnixEpoch.AddSeconds(-0.5));
        FileStamp.Time(long.MinValue, 0).Year.ShouldBe(1600);
        FileStamp.Time(long.MaxValue, 999_999_999).Year.ShouldBe(9999);
    }

    private ShareFolder Open(string relative) => ShareFolder.Open(new SharePlace(_root, relative));
}
