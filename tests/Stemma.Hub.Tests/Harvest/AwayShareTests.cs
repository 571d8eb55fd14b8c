using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>A share that is not there says nothing about its files.</summary>
public sealed class AwayShareTests(TestDatabase database)
{
    [Theory]
    [InlineData("missing", "cannot be opened")]
    [InlineData("empty", "is empty, but files were seen in it before")]
    [InlineData("another", "Another folder is at")]
    public async Task An_unmounted_share_is_a_problem_of_the_source_and_loses_nothing(string how, string problem)
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/a.tif", "a");
        stage.Write("run/b.tif", "b");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/a.tif", "taken");
        await stage.UntilAsync(source, "run/b.tif", "taken");
        await stage.ScanAsync(source);

        var aside = Path.Combine(stage.Root, "aside");
        Directory.Move(stage.Share, aside);
        if (how != "missing")
            Directory.CreateDirectory(stage.Share);
        if (how == "another")
            stage.Write("NOT MOUNTED.txt", "call the administrator");
        await HarvestStage.UntilAsync(async () => ((string?)(await stage.SourceOfAsync(source))["problem"])?.Contains(problem, StringComparison.Ordinal) == true,
            async () => $"a problem; {(await stage.SourceOfAsync(source)).ToJsonString()}");
        var detail = (string?)(await stage.Administrator.MustFailAsync(409, "source-away", "POST", $"harvest-sources/{source}/scan"))["detail"];
        detail.ShouldNotBeNull().ShouldContain(stage.Share);
        var entries = (await stage.SourceOfAsync(source))["entries"]!;
        ((long)entries["taken"]!, (long)entries["gone"]!, (long)entries["growing"]!).ShouldBe((2, 0, 0));

        if (Directory.Exists(stage.Share))
            Directory.Delete(stage.Share, recursive: true);
        Directory.Move(aside, stage.Share);
        stage.Write("run/c.tif", "c");
        await stage.UntilAsync(source, "run/c.tif", "taken");
        await stage.ScanAsync(source);
        ((string?)(await stage.SourceOfAsync(source))["problem"]).ShouldBeNull();
        (await stage.FilesAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_share_that_moved_is_told_by_setting_the_folder()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/a.tif", "a");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/a.tif", "taken");
        var elsewhere = Path.Combine(stage.Root, "elsewhere");
        Directory.Move(stage.Share, elsewhere);
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "run/b.tif"), "b", TestContext.Current.CancellationToken);
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["folder"] = elsewhere });
        await stage.UntilAsync(source, "run/b.tif", "taken");
        ((string?)(await stage.EntryAsync(source, "run/a.tif"))!["state"]).ShouldBe("taken");
        (await stage.FilesAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_taken_into_the_trash_and_all_comes_in_when_it_is_restored()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var trash = (await stage.Administrator.MustAsync("DELETE", $"nodes/{stage.Project}", ifMatch: "*"))["trashId"]!;
        (await stage.Administrator.MustFailAsync(404, "not-found", "POST", "harvest-sources", new JsonObject { ["name"] = "x", ["folder"] = stage.Share, ["nodeId"] = stage.Project }))["detail"].ShouldNotBeNull();
        await stage.Administrator.MustAsync("POST", $"trash/{trash}/restore");
        var source = await stage.SourceAsync();
        trash = (await stage.Administrator.MustAsync("DELETE", $"nodes/{stage.Project}", ifMatch: "*"))["trashId"]!;
        stage.Write("run/a.tif", "a");
        await HarvestStage.UntilAsync(async () => ((string?)(await stage.SourceOfAsync(source))["problem"])?.Contains("in the trash", StringComparison.Ordinal) == true,
            async () => $"a problem; {(await stage.SourceOfAsync(source)).ToJsonString()}");
        (await stage.FilesAsync()).ShouldBeEmpty();
        await stage.Administrator.MustAsync("POST", $"trash/{trash}/restore");
        await stage.UntilAsync(source, "run/a.tif", "taken");
        await HarvestStage.UntilAsync(async () => (string?)(await stage.SourceOfAsync(source))["problem"] is null, async () => (await stage.SourceOfAsync(source)).ToJsonString());
    }
}
