using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Tests.Harvest;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Sidecars;

/// <summary>Texts on a real folder follow what the catalog says.</summary>
public sealed class KeepingTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_stands_beside_a_linked_file_and_follows_its_tags_and_fields()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        await stage.Ada.MakeAsync($"nodes/{stage.Project}/field-templates", new JsonObject
        {
            ["name"] = "Sample", ["appliesTo"] = new JsonArray("fileSet"), ["fields"] = new JsonArray(new JsonObject { ["name"] = "Thickness", ["type"] = "number", ["unit"] = "nm", ["choices"] = new JsonArray() }),
        });
        var set = await stage.FileAsync("run/Größe.abc");
        await stage.UntilTextAsync("run/Größe.abc", text => text is not null);
        var bytes = await File.ReadAllBytesAsync(stage.At("run/Größe.abc.stemma.txt"), Cancelled);
        bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble).ShouldBeTrue();
        var text = stage.TextOf("run/Größe.abc")!;
        text.Split("\r\n")[0].ShouldBe(SidecarMark.FirstLine);
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain('\n');
        text.ShouldContain("\r\nName: Größe.abc\r\n");
        text.ShouldContain("\r\nPath in Stemma: Facility / run / Größe.abc\r\n");
        text.ShouldContain($"\r\nPage: {new Uri(stage.Harvest.Hub.Address, "/").ToString().TrimEnd('/')}/file-sets/{set}\r\n");
        text.ShouldContain("\r\nOwner: Ada\r\n");

        await stage.TagAsync(set, "precipitates", "γ′");
        await stage.UntilTextAsync("run/Größe.abc", now => now!.Contains("Tags: precipitates, γ′", StringComparison.Ordinal));
        await stage.Ada.MustAsync("PATCH", $"file-sets/{set}/fields", new JsonObject { ["values"] = new JsonObject { ["Thickness"] = "0.2 µm" } }, "*");
        await stage.UntilTextAsync("run/Größe.abc", now => now!.Contains("Thickness: 0.2 µm", StringComparison.Ordinal));
        await stage.Ada.MustAsync("PATCH", $"nodes/{stage.Project}", new JsonObject { ["description"] = "Second campaign" }, "*");
        await stage.UntilTextAsync("run/Größe.abc", now => now!.Contains("Second campaign", StringComparison.Ordinal));
        var status = await stage.StatusAsync();
        ((long)status["linked"]!, (long)status["written"]!, (long)status["failed"]!).ShouldBe((1, 1, 0));
        stage.Names().ShouldBe(["run/Größe.abc", "run/Größe.abc.stemma.txt"]);
    }

    [Fact]
    public async Task What_the_catalog_did_not_change_is_not_written_again()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("a.abc");
        await stage.UntilTextAsync("a.abc", text => text is not null);
        await stage.UntilStatusAsync(status => (long)status["written"]! == 1);
        var longAgo = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(stage.At("a.abc.stemma.txt"), longAgo);
        await stage.TagAsync(set, "x");
        await stage.TagAsync(set);
        await stage.RunAsync("insert into sidecar_changes (object_id, is_node) values (@Project, true)", new { stage.Project });
        await stage.SettledAsync();
        await stage.TagAsync(set, "y");
        await stage.UntilTextAsync("a.abc", text => text!.Contains("Tags: y", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(stage.At("a.abc.stemma.txt"), longAgo);
        await stage.RunAsync("insert into sidecar_changes (object_id, is_node) values (@Project, true), (@set, false)", new { stage.Project, set });
        await stage.SettledAsync();
        File.GetLastWriteTimeUtc(stage.At("a.abc.stemma.txt")).ShouldBe(longAgo);
    }

    [Fact]
    public async Task A_text_goes_when_its_file_is_thrown_away_and_comes_back_with_it()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("run/a.abc");
        await stage.FileAsync("run/b.abc");
        await stage.UntilStatusAsync(status => (long)status["written"]! == 2);
        var trash = (Guid)(await stage.Ada.MustAsync("DELETE", $"file-sets/{set}", null, "*"))["trashId"]!;
        await stage.UntilTextAsync("run/a.abc", text => text is null);
        stage.TextOf("run/b.abc").ShouldNotBeNull();
        await stage.Ada.MustAsync("POST", $"trash/{trash}/restore");
        await stage.UntilTextAsync("run/a.abc", text => text is not null);

        // With all that they lie in.
        var dataset = await stage.Harvest.ScalarAsync<Guid>("select dataset_id from file_sets where id = @set", new { set });
        await stage.Ada.MustAsync("DELETE", $"nodes/{dataset}", null, "*");
        await stage.UntilTextAsync("run/a.abc", text => text is null);
        await stage.UntilTextAsync("run/b.abc", text => text is null);
        (await stage.Harvest.ScalarAsync<long>("select count(*) from sidecars")).ShouldBe(0);
        stage.Names().ShouldBe(["run/a.abc", "run/b.abc"]);
    }

    [Fact]
    public async Task Turning_the_switch_off_removes_the_texts_and_each_turn_is_recorded()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        await stage.FileAsync("a.abc");
        await stage.UntilTextAsync("a.abc", text => text is not null);
        var version = (string)(await stage.StatusAsync())["version"]!.ToString();
        await stage.Ada.MustFailAsync(412, "stale", "PUT", $"nodes/{stage.Project}/sidecars", new JsonObject { ["kept"] = false }, "77");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/sidecars", new JsonObject { ["kept"] = false }, version);
        await stage.UntilTextAsync("a.abc", text => text is null);
        (await stage.Harvest.ScalarAsync<long>("select count(*) from events where type = 'sidecars.switched'")).ShouldBe(2);
        (await stage.Harvest.ScalarAsync<long>("select count(*) from sidecars")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_leave_at_the_source_nothing_is_written_and_taking_it_back_removes_what_was()
    {
        await using var stage = await SidecarStage.SetAsync(database, sidecars: false);
        await stage.FileAsync("a.abc");
        await stage.UntilStatusAsync(status => (long)status["withheld"]! == 1);
        ((string)(await stage.StatusAsync())["problems"]![0]!["problem"]!).ShouldContain("administrator can allow");
        stage.TextOf("a.abc").ShouldBeNull();
        await stage.Ada.MustAsync("PATCH", $"harvest-sources/{stage.Source}", new JsonObject { ["sidecars"] = true });
        await stage.UntilTextAsync("a.abc", text => text is not null);
        await stage.Ada.MustAsync("PATCH", $"harvest-sources/{stage.Source}", new JsonObject { ["sidecars"] = false });
        await stage.UntilTextAsync("a.abc", text => text is null);
        stage.Names().ShouldBe(["a.abc"]);
    }

    [Fact]
    public async Task Under_an_embargo_nothing_is_told_on_the_share()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("a.abc");
        await stage.UntilTextAsync("a.abc", text => text is not null);
        await stage.Ada.MustAsync("PATCH", $"nodes/{stage.Project}", new JsonObject { ["embargoUntil"] = "2999-01-01T00:00:00Z" }, "*");
        await stage.UntilTextAsync("a.abc", text => text is null);
        await stage.UntilStatusAsync(status => ((string)status["problems"]![0]!["problem"]!).Contains("embargo until 2999-01-01", StringComparison.Ordinal));
        await stage.Ada.MustAsync("PATCH", $"file-sets/{set}", new JsonObject { ["embargoUntil"] = "2020-01-01T00:00:00Z" }, "*");
        await stage.UntilTextAsync("a.abc", text => text is not null);
    }

    [Fact]
    public async Task A_text_follows_its_file_on_the_share_and_its_new_version()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        await stage.FileAsync("run/a.abc");
        await stage.UntilTextAsync("run/a.abc", text => text is not null);
        File.Move(stage.At("run/a.abc"), stage.At("run/renamed.abc"));
        await stage.UntilTextAsync("run/renamed.abc", text => text is not null);
        await stage.UntilTextAsync("run/a.abc", text => text is null);

        stage.Harvest.Write("run/renamed.abc", "better pixels");
        await HarvestStage.UntilAsync(async () => await stage.Harvest.ScalarAsync<long>("select count(*) from files") == 2, () => Task.FromResult("the second version"));
        // It waits to be read, and nobody reads here.
        await stage.RunAsync("update file_sets set reading = 'no_reader'");
        await HarvestStage.UntilAsync(async () => await stage.Harvest.ScalarAsync<long>("select count(*) from sidecars t join files f on f.id = t.file_id where f.is_current and t.state = 'written'") == 1, async () => (await stage.StatusAsync()).ToJsonString());
        stage.Names().ShouldBe(["run/renamed.abc", "run/renamed.abc.stemma.txt"]);
    }

    [Fact]
    public async Task No_harvest_takes_a_text_of_ours_and_every_harvest_takes_a_text_of_somebody()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        await stage.FileAsync("run/a.abc");
        await stage.UntilTextAsync("run/a.abc", text => text is not null);
        await File.WriteAllBytesAsync(stage.At("run/of another hub.abc.stemma.txt"), SidecarStage.Marked("anything"), Cancelled);
        stage.Harvest.Write("run/mine.stemma.txt", "My own notes");
        // Another source, with another project, that takes everything.
        var copies = await stage.Ada.ProjectAsync("Copies");
        var other = await stage.Harvest.SourceAsync(new JsonObject { ["name"] = "All", ["nodeId"] = copies, ["exclude"] = new JsonArray() });
        foreach (var source in new[] { stage.Source, other })
        {
            await stage.Harvest.UntilAsync(source, "run/mine.stemma.txt", "taken");
            await stage.Harvest.UntilAsync(source, "run/a.abc", "taken");
            await stage.Harvest.UntilAsync(source, "run/a.abc.stemma.txt", "sidecar");
            await stage.Harvest.UntilAsync(source, "run/of another hub.abc.stemma.txt", "sidecar");
        }

        (await stage.Harvest.ScalarAsync<long>("select count(*) from files where path like '%abc.stemma.txt'")).ShouldBe(0);
        (await stage.Harvest.ScalarAsync<long>("select count(*) from files where path like '%mine.stemma.txt'")).ShouldBe(2);
    }
}
