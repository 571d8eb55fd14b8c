using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>Sources as administrators keep them.</summary>
public sealed class HarvestSourceTests(TestDatabase database)
{
    [Fact]
    public async Task A_source_is_made_changed_and_removed_with_events()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var id = await stage.SourceAsync(new JsonObject { ["paused"] = true });
        var source = await stage.SourceOfAsync(id);
        ((string?)source["mode"], (int)source["levels"]!, (string?)source["dataset"], (string?)source["node"]!["name"]).ShouldBe(("copy", 1, "Files", "Facility"));
        source["exclude"]!.AsArray().Select(pattern => (string?)pattern).ShouldContain("Thumbs.db");

        var changed = await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{id}", new JsonObject { ["levels"] = 3, ["exclude"] = new JsonArray() }, ifMatch: "1");
        ((int)changed["levels"]!, changed["exclude"]!.AsArray().Count, (string?)changed["name"], (long)changed["version"]!).ShouldBe((3, 0, "Titan", 2));
        await stage.Administrator.MustFailAsync(412, "stale", "PATCH", $"harvest-sources/{id}", new JsonObject { ["levels"] = 4 }, ifMatch: "1");
        (await stage.Administrator.MustAsync("GET", "harvest-sources"))["items"]!.AsArray().ShouldHaveSingleItem();

        await stage.Administrator.MustAsync("DELETE", $"harvest-sources/{id}");
        await stage.Administrator.MustFailAsync(404, "not-found", "GET", $"harvest-sources/{id}/entries");
        (await stage.ScalarAsync<string>("select string_agg(type, ' ' order by object_sequence) from events where object_id = @id", new { id }))
            .ShouldBe("harvest-source.created harvest-source.changed harvest-source.deleted");
    }

    [Fact]
    public async Task A_folder_outside_the_roots_is_refused()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var problem = await stage.Administrator.MustFailAsync(400, "outside-roots", "POST", "harvest-sources",
            new JsonObject { ["name"] = "x", ["folder"] = "/etc", ["nodeId"] = stage.Project });
        ((string?)problem["detail"]).ShouldNotBeNull().ShouldContain(stage.Root);
        var id = await stage.SourceAsync();
        await stage.Administrator.MustFailAsync(400, "outside-roots", "PATCH", $"harvest-sources/{id}", new JsonObject { ["folder"] = $"{stage.Root}/../x" });
    }

    [Theory]
    [InlineData("levels", 17)]
    [InlineData("stableSeconds", -1)]
    [InlineData("pollSeconds", 0)]
    [InlineData("dataset", "a/b")]
    [InlineData("name", " ")]
    public async Task What_makes_no_sense_is_refused(string member, object value)
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var body = new JsonObject { ["name"] = "x", ["folder"] = stage.Share, ["nodeId"] = stage.Project };
        body[member] = value is int number ? number : (string)value;
        using var answer = await stage.Administrator.SendAsync("POST", "harvest-sources", body);
        ((int)answer.StatusCode).ShouldBe(400);
        (await stage.ScalarAsync<long>("select count(*) from harvest_sources")).ShouldBe(0);
    }

    [Fact]
    public async Task A_paused_source_takes_nothing_until_it_goes_on()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/a.tif", "a");
        var source = await stage.SourceAsync(new JsonObject { ["paused"] = true });
        await stage.Administrator.MustFailAsync(409, "harvest-paused", "POST", $"harvest-sources/{source}/scan");
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        (await stage.FilesAsync()).ShouldBeEmpty();
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["paused"] = false });
        await stage.UntilAsync(source, "run/a.tif", "taken");
    }

    [Fact]
    public async Task A_scan_answers_what_it_saw()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("keep.tif", "keep");
        var source = await stage.SourceAsync(new JsonObject { ["pollSeconds"] = 3600, ["exclude"] = new JsonArray() });
        await stage.UntilAsync(source, "keep.tif", "taken");
        stage.Write("a/1.tif", "1");
        stage.Write("a/b/2.tif", "2");
        File.Delete(Path.Combine(stage.Share, "keep.tif"));
        Directory.CreateDirectory(Path.Combine(stage.Root, "outside"));
        File.CreateSymbolicLink(Path.Combine(stage.Share, "out"), Path.Combine(stage.Root, "outside"));
        await Task.Delay(1000, TestContext.Current.CancellationToken); // Whether a hint came first or not, the sums are the same.
        var answer = await stage.ScanAsync(source);
        ((long)answer["scan"]!["files"]!, (long)answer["scan"]!["folders"]!).ShouldBe((2, 3));
        ((long)answer["entries"]!["gone"]!).ShouldBe(1);
        await stage.UntilAsync(source, "a/b/2.tif", "taken");
    }

    [Fact]
    public async Task Hints_of_the_kernel_make_it_faster_than_polling()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/first.tif", "first");
        var source = await stage.SourceAsync(new JsonObject { ["pollSeconds"] = 3600 });
        await stage.UntilAsync(source, "run/first.tif", "taken");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        stage.Write("run/second.tif", "second");
        await stage.UntilAsync(source, "run/second.tif", "taken");
        stage.Write("other/deep/third.tif", "third");
        await stage.UntilAsync(source, "other/deep/third.tif", "taken");
        File.Move(Path.Combine(stage.Share, "run/second.tif"), Path.Combine(stage.Share, "run/renamed.tif"));
        await stage.UntilAsync(source, "run/second.tif", "moved");
    }

    [Fact]
    public async Task Entries_come_by_page_and_state()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        for (var index = 0; index < 5; index++)
            stage.Write($"run/{index}.tif", $"{index}");
        var source = await stage.SourceAsync();
        await HarvestStage.UntilAsync(async () => (long)(await stage.SourceOfAsync(source))["entries"]!["taken"]! == 5, async () => (await stage.SourceOfAsync(source)).ToJsonString());
        var paths = new List<string?>();
        for (string? next = ""; next is not null;)
        {
            var page = await stage.Administrator.MustAsync("GET", $"harvest-sources/{source}/entries?state=taken&limit=2&cursor={next}");
            paths.AddRange(page["items"]!.AsArray().Select(entry => (string?)entry!["path"]));
            next = (string?)page["next"];
        }

        paths.ShouldBe(["run/0.tif", "run/1.tif", "run/2.tif", "run/3.tif", "run/4.tif"]);
        (await stage.Administrator.MustAsync("GET", $"harvest-sources/{source}/entries?state=failed"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_administrators_may()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var person = await stage.Hub.AccountAsync("peter");
        using var answer = await person.SendAsync("GET", "harvest-sources");
        ((int)answer.StatusCode).ShouldBe(403);
    }
}
