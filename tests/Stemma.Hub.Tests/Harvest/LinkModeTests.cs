using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Harvest;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>Files that stay on the share: known by digest, and watched.</summary>
public sealed class LinkModeTests(TestDatabase database)
{
    [Fact]
    public async Task A_linked_file_leaves_its_bytes_where_they_are()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 present"]);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(0);
        Directory.EnumerateFiles(stage.Hub.Options.BlobFolder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await stage.ScalarAsync<string>("select root || ' ' || path from linked_files")).ShouldBe($"{stage.Root} microscope/run/image.tif");
    }

    [Fact]
    public async Task A_linked_file_that_changes_is_a_new_version_and_the_old_one_is_said_to_be_changed()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        stage.Write("run/image.tif", "better pixels");
        await HarvestStage.UntilAsync(async () => (await stage.FilesAsync()).Length == 2, async () => string.Join(", ", await stage.FilesAsync()));
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 changed", "run: image.tif v2 13 present"]);
        (await stage.ScalarAsync<string>("select state_note from linked_files where state = 'changed'")).ShouldBe("It has 13 bytes, and had 6 when it was linked.");
    }

    [Fact]
    public async Task A_linked_file_that_goes_is_missing_until_it_is_back()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/keep.tif", "keep");
        var path = stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.UntilAsync(source, "run/keep.tif", "taken");
        var aside = Path.Combine(stage.Root, "aside.tif");
        File.Move(path, aside);
        await UntilStateAsync(stage, "image.tif", "missing");
        File.Move(aside, path);
        await UntilStateAsync(stage, "image.tif", "present");
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 present", "run: keep.tif v1 4 present"]);
    }

    [Fact]
    public async Task A_link_follows_a_rename_and_a_touch()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        var renamed = Path.Combine(stage.Share, "run/renamed.tif");
        File.Move(path, renamed);
        await stage.UntilAsync(source, "run/renamed.tif", "taken");
        (await stage.ScalarAsync<string>("select path from linked_files")).ShouldBe("microscope/run/renamed.tif");
        File.SetLastWriteTimeUtc(renamed, DateTime.UtcNow.AddHours(1));
        await stage.UntilAsync(source, "run/renamed.tif", "unchanged");
        await Watch(stage).CheckAsync(stage.Root, "", TestContext.Current.CancellationToken);
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 present"]);
    }

    [Fact]
    public async Task Links_beneath_what_is_no_root_any_more_are_not_looked_at()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["paused"] = true });
        stage.Hub.Options.Roots = [];
        await Watch(stage).CheckAsync(stage.Root, "", TestContext.Current.CancellationToken);
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 missing"]);
        stage.Hub.Options.Roots = [stage.Root];
        await Watch(stage).CheckAsync(stage.Root, "", TestContext.Current.CancellationToken);
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6 present"]);
    }

    [Fact]
    public async Task A_linked_file_can_be_downloaded_until_it_changes_and_its_bytes_are_kept_once_they_are_uploaded()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/image.tif", "pixels");
        var source = await LinkAsync(stage);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["paused"] = true });
        var content = $"files/{await stage.ScalarAsync<Guid>("select id from files")}/content";
        (await stage.Administrator.Client.GetStringAsync(content, TestContext.Current.CancellationToken)).ShouldBe("pixels");
        await File.WriteAllTextAsync(path, "other pixels", TestContext.Current.CancellationToken);
        await stage.Administrator.MustFailAsync(410, "linked-file-gone", "GET", content);
        File.Delete(path);
        File.CreateSymbolicLink(path, "/etc/hostname");
        await stage.Administrator.MustFailAsync(410, "linked-file-gone", "GET", content);

        using var bytes = new ByteArrayContent("pixels"u8.ToArray());
        using var answer = await stage.Administrator.Client.PutAsync($"nodes/{stage.Project}/files/run/image.tif?unpack=true", bytes, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((string?)JsonNode.Parse(text)!["file"]!["storage"]).ShouldBe("stored", text);
        (await stage.Administrator.Client.GetStringAsync(content, TestContext.Current.CancellationToken)).ShouldBe("pixels");
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.taken-in'")).ShouldBe(1);
        (await stage.ScalarAsync<long>("select count(*) from tasks where kind = 'unpack'")).ShouldBe(1);
    }

    private static Task<Guid> LinkAsync(HarvestStage stage) => stage.SourceAsync(new JsonObject { ["mode"] = "link" });

    private static LinkWatch Watch(HarvestStage stage) => stage.Hub.Services.GetRequiredService<LinkWatch>();

    private static Task UntilStateAsync(HarvestStage stage, string name, string state) => HarvestStage.UntilAsync(
        async () => (await stage.FilesAsync()).Any(file => file.Contains(name, StringComparison.Ordinal) && file.EndsWith(state, StringComparison.Ordinal)),
        async () => $"{name} to be {state}: {string.Join(", ", await stage.FilesAsync())}");
}
