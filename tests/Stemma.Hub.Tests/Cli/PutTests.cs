using Stemma.Cli.CommandLine;
using Stemma.Cli.Get;
using Stemma.Cli.Harvest;
using Stemma.Cli.Put;
using Stemma.Client;
using Stemma.Hub.Tests.Client;

namespace Stemma.Hub.Tests.Cli;

public sealed class PutTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-put-");
    private FakeHub _hub = null!;
    private StemmaClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _client = new StemmaClient(_hub.Address, "stm_test");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_keeps_its_name_and_structure_and_is_sent_once()
    {
        Write("day/a.tif", "a");
        Write("day/deep/er/b.tif", "b");
        Write("loose.txt", "c");
        string[] paths = [Path.Combine(_folder.FullName, "day"), Path.Combine(_folder.FullName, "loose.txt")];

        (await PutAsync(paths)).ShouldBe(0);
        _hub.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["Files/loose.txt", "day/a.tif", "day/deep/er/b.tif"]);
        _hub.Received = 0;
        (await PutAsync(paths)).ShouldBe(0);
        _hub.Received.ShouldBe(0, "everything is there already");

        Write("day/a.tif", "A");
        (await PutAsync(paths)).ShouldBe(0);
        _hub.Received.ShouldBe(1, "only what changed is sent");
    }

    [Fact]
    public async Task Missing_files_fail_and_the_others_are_sent()
    {
        Write("day/a.tif", "a");

        (await PutAsync([Path.Combine(_folder.FullName, "day"), Path.Combine(_folder.FullName, "no such")])).ShouldBe(1);

        _hub.Files.Keys.ShouldBe(["day/a.tif"]);
    }

    [Fact]
    public void Links_are_followed_within_the_folder_only_and_pipes_are_not_opened()
    {
        Write("outside.txt", "secret");
        Write("day/a.tif", "a");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "day/inside"), "a.tif");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "day/out"), Path.Combine(_folder.FullName, "outside.txt"));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "day/loop"), Path.Combine(_folder.FullName, "day"));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "day/broken"), "nothing");
        System.Diagnostics.Process.Start("mkfifo", Path.Combine(_folder.FullName, "day/pipe")).WaitForExit();

        var found = SourceFiles.Find([Path.Combine(_folder.FullName, "day")], Token);

        found.Files.Select(file => file.Path).ShouldBe(["day/a.tif", "day/inside"]);
        found.Unreadable.Select(file => file.Path).Order().ShouldBe(["day/broken", "day/loop", "day/out", "day/pipe"]);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_the_way_to_see_what_is_there()
    {
        Write("day/a.tif", "a");
        await PutAsync([Path.Combine(_folder.FullName, "day")]);

        (await Should.ThrowAsync<CommandException>(() => Wanted.FindAsync(_client, "P/day/b.tif", Token))).Message.ShouldEndWith("stemma ls \"P\"");
    }

    [Fact]
    public async Task What_was_put_is_got_back_and_nothing_different_is_overwritten()
    {
        Write("day/a.tif", "a");
        Write("day/sub/b.tif", "b");
        await PutAsync([Path.Combine(_folder.FullName, "day")]);
        var wanted = await Wanted.FindAsync(_client, "P/day", Token);
        var output = Path.Combine(_folder.FullName, "back");

        (await new GetRun(_client, wanted, force: false, json: true).RunAsync(output, Token)).ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(output, "sub/b.tif"), Token)).ShouldBe("b");

        await File.WriteAllTextAsync(Path.Combine(output, "a.tif"), "mine", Token);
        (await new GetRun(_client, wanted, force: false, json: true).RunAsync(output, Token)).ShouldBe(1);
        (await File.ReadAllTextAsync(Path.Combine(output, "a.tif"), Token)).ShouldBe("mine");
        (await new GetRun(_client, wanted, force: true, json: true).RunAsync(output, Token)).ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(output, "a.tif"), Token)).ShouldBe("a");
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("/etc/a")]
    [InlineData("a//b")]
    [InlineData("a/../../b")]
    public void A_hub_cannot_make_us_write_elsewhere(string path) => SafePath.Below("/somewhere", path).ShouldBeNull();

    [Fact]
    public async Task A_harvest_takes_nothing_twice_and_knows_renamed_files()
    {
        Write("watched/day/a.tif", "some bytes");
        Write("watched/day/b.tif", "other bytes");
        (await HarvestAsync()).ShouldBe(0);
        _hub.Files.Keys.Order().ShouldBe(["day/a.tif", "day/b.tif"]);

        _hub.Received = 0;
        (await HarvestAsync()).ShouldBe(0);
        File.Move(Path.Combine(_folder.FullName, "watched/day/a.tif"), Path.Combine(_folder.FullName, "watched/day/renamed.tif"));
        (await HarvestAsync()).ShouldBe(0);
        _hub.Received.ShouldBe(0);

        Write("watched/day/b.tif", "bytes that grew");
        (await HarvestAsync()).ShouldBe(0);
        _hub.Received.ShouldBe(1);
        Directory.GetFiles(Path.Combine(_folder.FullName, "watched"), "*", SearchOption.AllDirectories).Length.ShouldBe(2, "nothing is written to the watched folder");
    }

    [Fact]
    public async Task A_harvest_leaves_files_that_still_grow()
    {
        Write("watched/day/a.tif", "beginning");
        var stable = new StableFiles(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var first = DateTime.UtcNow;
        stable.See("a", 10, first).ShouldBeFalse();
        await Task.Delay(150, Token);
        stable.See("a", 11, first).ShouldBeFalse("it grew");
        await Task.Delay(150, Token);
        stable.See("a", 11, first).ShouldBeTrue();
    }

    private async Task<int> PutAsync(string[] paths)
    {
        var node = await _client.Nodes.GetAsync(_hub.Node, Token);
        using var run = new PutRun(_client, node, SourceFiles.Find(paths, Token), new PutOptions(null, null, 4, false, true));
        return await run.RunAsync(Token);
    }

    private async Task<int> HarvestAsync()
    {
        using var journal = HarvestJournal.Open(Path.Combine(_folder.FullName, "journal.jsonl"));
        var options = new HarvestOptions(null, null, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1), Once: true, Json: true);
        return await new HarvestRun(_client, _hub.Node, Path.Combine(_folder.FullName, "watched"), journal, options).RunAsync(Token);
    }

    private void Write(string path, string text)
    {
        path = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
