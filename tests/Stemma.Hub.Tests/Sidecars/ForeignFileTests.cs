using Stemma.Hub.Harvest;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Sidecars;

/// <summary>Nothing of anybody's is touched, nothing outside the share is reached, and a share that refuses is told of and tried again.</summary>
public sealed class ForeignFileTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_somebody_made_under_the_name_stays(bool beginsAsOurs)
    {
        await using var stage = await SidecarStage.SetAsync(database, kept: false);
        await stage.FileAsync("a.abc");
        var theirs = beginsAsOurs ? SidecarStage.Marked("with my own words") : "my notes"u8.ToArray();
        await File.WriteAllBytesAsync(stage.At("a.abc.stemma.txt"), theirs, Cancelled);
        await stage.SwitchAsync(true);
        await stage.UntilStatusAsync(status => (long)status["failed"]! == 1 && ((string)status["problems"]![0]!["problem"]!).Contains("stays as it is", StringComparison.Ordinal));
        (await File.ReadAllBytesAsync(stage.At("a.abc.stemma.txt"), Cancelled)).ShouldBe(theirs);
        await stage.SwitchAsync(false);
        await stage.SettledAsync();
        (await File.ReadAllBytesAsync(stage.At("a.abc.stemma.txt"), Cancelled)).ShouldBe(theirs);
        stage.Names().ShouldBe(["a.abc", "a.abc.stemma.txt"]);
    }

    [Fact]
    public async Task A_text_that_somebody_edited_is_theirs_from_then_on()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("a.abc");
        await stage.UntilTextAsync("a.abc", text => text is not null);
        await stage.UntilStatusAsync(status => (long)status["written"]! == 1);
        await File.AppendAllTextAsync(stage.At("a.abc.stemma.txt"), "and what I saw\r\n", Cancelled);
        await stage.TagAsync(set, "new");
        await stage.UntilStatusAsync(status => (long)status["failed"]! == 1);
        stage.TextOf("a.abc")!.ShouldEndWith("and what I saw\r\n");
        await stage.Ada.MustAsync("DELETE", $"file-sets/{set}", null, "*");
        await stage.SettledAsync();
        stage.TextOf("a.abc")!.ShouldEndWith("and what I saw\r\n");
        (await stage.Harvest.ScalarAsync<long>("select count(*) from sidecars")).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_text_or_of_its_folder_leads_nowhere()
    {
        await using var stage = await SidecarStage.SetAsync(database, kept: false);
        await stage.FileAsync("run/a.abc");
        await stage.FileAsync("b.abc");
        await stage.Ada.MustAsync("PATCH", $"harvest-sources/{stage.Source}", new System.Text.Json.Nodes.JsonObject { ["paused"] = true });
        var outside = Directory.CreateTempSubdirectory("stemma-outside-").FullName;
        try
        {
            // The folder is a link to one with the same file in it; the text's name is a link to a file of ours to be overwritten.
            File.Copy(stage.At("run/a.abc"), Path.Combine(outside, "a.abc"));
            File.SetLastWriteTimeUtc(Path.Combine(outside, "a.abc"), File.GetLastWriteTimeUtc(stage.At("run/a.abc")));
            await File.WriteAllBytesAsync(Path.Combine(outside, "victim"), SidecarStage.Marked("victim"), Cancelled);
            Directory.Delete(stage.At("run"), recursive: true);
            Directory.CreateSymbolicLink(stage.At("run"), outside);
            File.CreateSymbolicLink(stage.At("b.abc.stemma.txt"), Path.Combine(outside, "victim"));
            await stage.SwitchAsync(true);
            await stage.UntilStatusAsync(status => (long)status["failed"]! == 2);
            Directory.EnumerateFiles(outside).Select(Path.GetFileName).Order().ShouldBe(["a.abc", "victim"]);
            (await File.ReadAllBytesAsync(Path.Combine(outside, "victim"), Cancelled)).ShouldBe(SidecarStage.Marked("victim"));
            new FileInfo(stage.At("b.abc.stemma.txt")).LinkTarget.ShouldNotBeNull();
            await stage.SwitchAsync(false);
            await stage.SettledAsync();
            Directory.EnumerateFiles(outside).Select(Path.GetFileName).Order().ShouldBe(["a.abc", "victim"]);
            new FileInfo(stage.At("b.abc.stemma.txt")).LinkTarget.ShouldNotBeNull();
        }
        finally
        {
            Directory.Delete(stage.At("run"));
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public async Task A_share_that_cannot_be_written_to_is_told_of_and_tried_again_later()
    {
        await using var stage = await SidecarStage.SetAsync(database, kept: false);
        await stage.FileAsync("a.abc");
        var set = await stage.FileAsync("b.abc");
        var file = await stage.Harvest.ScalarAsync<Guid>("select id from files where file_set_id = @set", new { set });
        // A refusal that root meets too: the name under which the text is written first is a folder.
        var inTheWay = Directory.CreateDirectory(stage.At($".stemma-{file:n}.stemma.txt")).FullName;
        await stage.SwitchAsync(true);
        await stage.UntilStatusAsync(status => (long)status["failed"]! == 1 && (long)status["written"]! == 1);
        var problem = (await stage.StatusAsync())["problems"]![0]!;
        ((string)problem["name"]!).ShouldBe("b.abc");
        ((string)problem["problem"]!).ShouldStartWith("The share refuses: ");
        ((DateTime)problem["retryAt"]!).ShouldBeGreaterThan(DateTime.UtcNow.AddSeconds(30));
        stage.TextOf("a.abc").ShouldNotBeNull();
        Directory.Delete(inTheWay);
        await stage.RunAsync("update sidecars set retry_at = now()");
        await stage.UntilTextAsync("b.abc", text => text is not null);
        await stage.UntilStatusAsync(status => (long)status["failed"]! == 0 && (long)status["written"]! == 2);
    }

    [Fact]
    public async Task Nothing_is_written_into_the_empty_folder_of_a_share_that_is_not_mounted()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("a.abc");
        await stage.UntilTextAsync("a.abc", text => text is not null);
        await stage.UntilStatusAsync(status => (long)status["written"]! == 1);
        await stage.Ada.MustAsync("PATCH", $"harvest-sources/{stage.Source}", new System.Text.Json.Nodes.JsonObject { ["paused"] = true });
        var aside = stage.Harvest.Share + "-unmounted";
        Directory.Move(stage.Harvest.Share, aside);
        Directory.CreateDirectory(stage.Harvest.Share);
        await stage.TagAsync(set, "meanwhile");
        await stage.UntilStatusAsync(status => (long)status["failed"]! == 1);
        stage.Names().ShouldBeEmpty();
        await stage.SwitchAsync(false);
        await stage.SettledAsync();
        (await stage.Harvest.ScalarAsync<long>("select count(*) from sidecars where state = 'failed' and retry_at is not null")).ShouldBe(1);

        // It is back, with the text that is ours to remove.
        Directory.Delete(stage.Harvest.Share);
        Directory.Move(aside, stage.Harvest.Share);
        stage.TextOf("a.abc").ShouldNotBeNull();
        await stage.RunAsync("update sidecars set retry_at = now()");
        await stage.UntilTextAsync("a.abc", text => text is null);
    }

    [Fact]
    public async Task What_a_hub_left_behind_in_the_middle_is_known_as_ours()
    {
        await using var stage = await SidecarStage.SetAsync(database);
        var set = await stage.FileAsync("a.abc");
        await stage.UntilStatusAsync(status => (long)status["written"]! == 1);
        // Written and renamed, and the hub ended before it noted that; a temporary file is left as well.
        var file = await stage.Harvest.ScalarAsync<Guid>("select id from files where file_set_id = @set", new { set });
        await File.WriteAllTextAsync(stage.At($".stemma-{file:n}.stemma.txt"), "half", Cancelled);
        await stage.RunAsync("update sidecars set writing_sha256 = sha256, sha256 = null, state = 'failed', problem = 'It is being written.'");
        await stage.TagAsync(set, "after");
        await stage.UntilTextAsync("a.abc", text => text!.Contains("Tags: after", StringComparison.Ordinal));
        await stage.UntilStatusAsync(status => (long)status["written"]! == 1);
        stage.Names().ShouldBe(["a.abc", "a.abc.stemma.txt"]);
    }

    [Fact]
    public void Taking_a_text_away_that_is_not_ours_is_refused_at_the_share_itself()
    {
        var root = Directory.CreateTempSubdirectory("stemma-root-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(root, "a.stemma.txt"), SidecarStage.Marked("theirs"));
            using var share = ShareFolder.Open(new SharePlace(root, ""));
            Should.Throw<ForeignTextException>(() => new ShareText(share, "a.stemma.txt").Remove([new byte[32]]));
            Should.Throw<ShareException>(() => new ShareText(share, "../a.stemma.txt").Remove([new byte[32]]));
            File.Exists(Path.Combine(root, "a.stemma.txt")).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
