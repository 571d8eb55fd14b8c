using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class LinkedFileTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_linked_file_is_read_in_place_until_it_is_taken_in()
    {
        using var share = new Share();
        await using var stage = await DepositStage.SetAsync(database, options => options.Roots = [share.Root]);
        var administrator = await stage.Hub.AccountAsync("ada", administrator: true);
        var bytes = DepositStage.Bytes("linked", 5000);
        share.Write("scope/run/a.dm3", bytes);
        var deposited = await administrator.MustAsync("POST", $"nodes/{stage.Project}/linked-files", new JsonObject { ["folder"] = Path.Combine(share.Root, "scope"), ["path"] = "run/a.dm3" });
        var id = (Guid)deposited["file"]!["id"]!;
        ((string)deposited["file"]!["storage"]!).ShouldBe("linked");
        ((string)deposited["file"]!["path"]!).ShouldBe("a.dm3");
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(0);

        using var viewer = stage.As(stage.Viewer);
        (await viewer.GetByteArrayAsync($"files/{id}/content", Cancelled)).ShouldBe(bytes);
        using var part = await viewer.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"files/{id}/content") { Headers = { Range = new RangeHeaderValue(10, 19) } }, Cancelled);
        (await part.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBe(bytes[10..20]);

        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var taken = await owner.MustAsync("POST", $"files/{id}/take-in");
        ((string)taken["storage"]!).ShouldBe("stored");
        await owner.MustAsync("POST", $"files/{id}/take-in");
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.taken-in'")).ShouldBe(1);
        share.Delete("scope/run/a.dm3");
        (await viewer.GetByteArrayAsync($"files/{id}/content", Cancelled)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_linked_file_that_changed_is_not_passed_off_as_what_was_linked()
    {
        using var share = new Share();
        await using var stage = await DepositStage.SetAsync(database, options => options.Roots = [share.Root]);
        var administrator = await stage.Hub.AccountAsync("ada", administrator: true);
        share.Write("a.dm3", [1, 2, 3]);
        var id = (Guid)(await administrator.MustAsync("POST", $"nodes/{stage.Project}/linked-files", new JsonObject { ["folder"] = share.Root, ["path"] = "a.dm3" }))["file"]!["id"]!;
        share.Write("a.dm3", [1, 2, 4, 5]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        await owner.MustFailAsync(410, "linked-file-gone", "GET", $"files/{id}/content");
        await owner.MustFailAsync(410, "linked-file-gone", "POST", $"files/{id}/take-in");
        share.Delete("a.dm3");
        await owner.MustFailAsync(410, "linked-file-gone", "GET", $"files/{id}/content");
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(0);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_outside_the_roots_is_linked_and_only_administrators_link()
    {
        using var share = new Share();
        using var other = new Share();
        await using var stage = await DepositStage.SetAsync(database, options => options.Roots = [share.Root]);
        var administrator = await stage.Hub.AccountAsync("ada", administrator: true);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        other.Write("secret.txt", [1]);
        share.Write("a.dm3", [1]);
        File.CreateSymbolicLink(Path.Combine(share.Root, "link.txt"), Path.Combine(other.Root, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(share.Root, "folder"), other.Root);
        var address = $"nodes/{stage.Project}/linked-files";
        await owner.MustFailAsync(403, "not-an-administrator", "POST", address, new JsonObject { ["folder"] = share.Root, ["path"] = "a.dm3" });
        await administrator.MustFailAsync(400, "outside-roots", "POST", address, new JsonObject { ["folder"] = other.Root, ["path"] = "secret.txt" });
        await administrator.MustFailAsync(400, "path-refused", "POST", address, new JsonObject { ["folder"] = share.Root, ["path"] = $"../{Path.GetFileName(other.Root)}/secret.txt" });
        await administrator.MustFailAsync(410, "linked-file-gone", "POST", address, new JsonObject { ["folder"] = share.Root, ["path"] = "link.txt" });
        await administrator.MustFailAsync(410, "linked-file-gone", "POST", address, new JsonObject { ["folder"] = share.Root, ["path"] = "folder/secret.txt" });
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
    }

    /// <summary>A folder outside the hub.</summary>
    private sealed class Share : IDisposable
    {
        public string Root { get; } = Directory.CreateTempSubdirectory("stemma-share-").FullName;

        public void Write(string path, byte[] bytes)
        {
            var full = Path.Combine(Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, bytes);
        }

        public void Delete(string path) => File.Delete(Path.Combine(Root, path));

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
