using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>Shares change while we look the other way: renames, touches, new contents, late and lost files, restarts.</summary>
public sealed class ChangingShareTests(TestDatabase database)
{
    [Fact]
    public async Task A_renamed_file_is_the_same_and_not_taken_again()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync();
        var taken = await stage.UntilAsync(source, "run/image.tif", "taken");
        Directory.CreateDirectory(Path.Combine(stage.Share, "sorted"));
        File.Move(path, Path.Combine(stage.Share, "sorted/best image.tif"));
        var moved = await stage.UntilAsync(source, "sorted/best image.tif", "taken");
        ((string?)moved["fileId"]).ShouldBe((string?)taken["fileId"]);
        ((string?)(await stage.EntryAsync(source, "run/image.tif"))!["movedTo"]).ShouldBe("sorted/best image.tif");
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6"]);
        var body = JsonNode.Parse(await stage.ScalarAsync<byte[]>("select body from events where type = 'harvest.moved'"))!;
        ((string?)body["data"]!["from"], (string?)body["data"]!["to"]).ShouldBe(("run/image.tif", "sorted/best image.tif"));
        ((string?)body["object"]!["id"]).ShouldBe((string?)taken["fileId"]);
    }

    [Fact]
    public async Task A_renamed_folder_is_the_same_and_comes_back()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        for (var index = 0; index < 5; index++)
            stage.Write($"run/deep/{index}.tif", $"image {index}");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/deep/4.tif", "taken");
        await CountAsync("taken", 5);
        Directory.Move(Path.Combine(stage.Share, "run"), Path.Combine(stage.Share, "walk"));
        await CountAsync("moved", 5);
        await CountAsync("taken", 5);
        Directory.Move(Path.Combine(stage.Share, "walk"), Path.Combine(stage.Share, "run"));
        await CountAsync("unchanged", 5);
        await CountAsync("taken", 0);
        (await stage.FilesAsync()).Length.ShouldBe(5);

        Task CountAsync(string state, int count) => HarvestStage.UntilAsync(
            async () => (int)(await stage.SourceOfAsync(source))["entries"]![state]! == count, async () => $"{count} {state}; {(await stage.SourceOfAsync(source)).ToJsonString()}");
    }

    [Fact]
    public async Task A_copy_is_another_file()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/dark.tif", "dark");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/dark.tif", "taken");
        Directory.CreateDirectory(Path.Combine(stage.Share, "walk"));
        File.Copy(path, Path.Combine(stage.Share, "walk/dark.tif"));
        File.SetLastWriteTimeUtc(Path.Combine(stage.Share, "walk/dark.tif"), File.GetLastWriteTimeUtc(path));
        await stage.UntilAsync(source, "walk/dark.tif", "taken");
        (await stage.FilesAsync()).ShouldBe(["run: dark.tif v1 4", "walk: dark.tif v1 4"]);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(1);
    }

    [Fact]
    public async Task Equal_bytes_after_a_lost_file_are_another_file_where_their_time_differs()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("keep.tif", "keep");
        var path = stage.Write("first.zarr/0/0", "zeros");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "first.zarr/0/0", "taken");
        File.Delete(path);
        await stage.UntilAsync(source, "first.zarr/0/0", "gone");
        stage.Write("second.zarr/0/0", "zeros", DateTime.UtcNow.AddMinutes(1));
        await stage.UntilAsync(source, "second.zarr/0/0", "taken");
        (await stage.FilesAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_touched_file_is_unchanged()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/image.tif", "taken");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(1));
        await stage.UntilAsync(source, "run/image.tif", "unchanged");
        await stage.ScanAsync(source);
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6"]);
    }

    [Fact]
    public async Task Other_bytes_under_the_same_path_are_a_new_version()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync();
        var first = await stage.UntilAsync(source, "run/image.tif", "taken");
        stage.Write("run/image.tif", "better pixels");
        await HarvestStage.UntilAsync(async () => (await stage.FilesAsync()).Length == 2, async () => (await stage.SourceOfAsync(source)).ToJsonString());
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6", "run: image.tif v2 13"]);
        var second = await stage.UntilAsync(source, "run/image.tif", "taken");
        ((string?)second["fileId"]).ShouldNotBe((string?)first["fileId"]);
    }

    [Theory]
    [InlineData("touched")]
    [InlineData("renamed")]
    [InlineData("away and back")]
    public async Task What_the_hub_removed_for_good_is_taken_anew(string what)
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/image.tif", "pixels");
        stage.Write("run/keep.tif", "keep");
        var source = await stage.SourceAsync();
        var first = await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.UntilAsync(source, "run/keep.tif", "taken");
        var set = await stage.ScalarAsync<Guid>("select file_set_id from files where path = 'image.tif'");
        await stage.Administrator.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        await stage.ScalarAsync<object?>("update file_sets set trashed_at = now() - interval '10 years' where id = @set", new { set });
        (await stage.Hub.Services.GetRequiredService<FileSetPurge>().PurgeDueAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        var name = what == "renamed" ? "run/other.tif" : "run/image.tif";
        var modified = File.GetLastWriteTimeUtc(path);
        if (what == "touched")
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(1));
        else if (what == "renamed")
            File.Move(path, Path.Combine(stage.Share, name));
        else
        {
            File.Delete(path);
            await stage.UntilAsync(source, name, "gone");
            stage.Write(name, "pixels", modified);
        }

        await HarvestStage.UntilAsync(() => stage.ScalarAsync<bool>("select exists (select from files where path = @name and is_current and blob_sha256 is not null)", new { name = Path.GetFileName(name) }),
            async () => $"its bytes; there is {(await stage.EntryAsync(source, name))?.ToJsonString()}");
        ((string?)(await stage.UntilAsync(source, name, "taken"))["fileId"]).ShouldNotBe((string?)first["fileId"]);
    }

    [Fact]
    public async Task Other_bytes_of_a_file_that_was_renamed_in_the_hub_are_its_new_version()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync();
        var first = await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.Administrator.MustAsync("PATCH", $"files/{first["fileId"]}", new JsonObject { ["path"] = "better name.tif" }, ifMatch: "*");
        stage.Write("run/image.tif", "better pixels");
        await HarvestStage.UntilAsync(async () => (await stage.FilesAsync()).Length == 2, async () => (await stage.SourceOfAsync(source)).ToJsonString());
        (await stage.FilesAsync()).ShouldBe(["run: better name.tif v1 6", "run: better name.tif v2 13"]);
    }

    [Fact]
    public async Task What_was_taken_stays_when_the_file_goes_and_late_files_come_in()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/keep.tif", "keep");
        var path = stage.Write("run/lost.tif", "lost");
        var modified = File.GetLastWriteTimeUtc(path);
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/lost.tif", "taken");
        await stage.UntilAsync(source, "run/keep.tif", "taken");
        File.Delete(path);
        await stage.UntilAsync(source, "run/lost.tif", "gone");
        (await stage.FilesAsync()).ShouldBe(["run: keep.tif v1 4", "run: lost.tif v1 4"]);

        stage.Write("run/late.tif", "written long ago", new DateTime(2019, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await stage.UntilAsync(source, "run/late.tif", "taken");
        stage.Write("run/lost.tif", "lost", modified);
        await stage.UntilAsync(source, "run/lost.tif", "taken");
        (await stage.FilesAsync()).Length.ShouldBe(3);
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.deposited'")).ShouldBe(3);
    }

    [Fact]
    public async Task A_file_that_goes_before_it_was_taken_is_said()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/keep.tif", "keep");
        var path = stage.Write("run/brief.tif", "brief");
        var source = await stage.SourceAsync(stableSeconds: 3600);
        await stage.UntilAsync(source, "run/brief.tif", "growing");
        File.Delete(path);
        ((string?)(await stage.UntilAsync(source, "run/brief.tif", "gone"))["problem"]).ShouldBe("It went away before it was taken.");
    }

    [Fact]
    public async Task A_restart_in_the_middle_takes_nothing_twice()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        for (var index = 0; index < 200; index++)
            stage.Write($"run/{index:d3}.tif", $"image {index}");
        await File.WriteAllBytesAsync(Path.Combine(stage.Share, "run/large.mrc"), DepositStage.Bytes("large", 64 << 20), TestContext.Current.CancellationToken);
        var source = await stage.SourceAsync();
        for (var round = 1; round <= 3; round++)
        {
            await HarvestStage.UntilAsync(async () => (await stage.FilesAsync()).Length >= Math.Min(201, 40 * round), async () => (await stage.SourceOfAsync(source)).ToJsonString());
            await stage.RestartAsync(() => stage.Write($"run/while it was away {round}.tif", $"late {round}"));
        }

        await HarvestStage.UntilAsync(async () => (long)(await stage.SourceOfAsync(source))["entries"]!["taken"]! == 204, async () => (await stage.SourceOfAsync(source)).ToJsonString());
        await stage.ScanAsync(source);
        var files = await stage.FilesAsync();
        files.Length.ShouldBe(204);
        files.ShouldAllBe(file => file.Contains(" v1 ", StringComparison.Ordinal));
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.deposited'")).ShouldBe(204);
        Directory.EnumerateFileSystemEntries(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_note_lost_in_a_crash_takes_nothing_twice()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync();
        var before = await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.ScalarAsync<object?>("update harvest_entries set state = 'growing', sha256 = null, file_id = null, taken_at = null");
        await stage.ScanAsync(source);
        var after = await stage.UntilAsync(source, "run/image.tif", "taken");
        ((string?)after["fileId"]).ShouldBe((string?)before["fileId"]);
        (await stage.FilesAsync()).ShouldBe(["run: image.tif v1 6"]);
    }

    [Fact]
    public async Task A_file_rewritten_again_and_again_is_never_recorded_half()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        const int length = 16 << 20;
        var path = Path.Combine(stage.Share, "frames.raw");
        await File.WriteAllBytesAsync(path, new byte[length], TestContext.Current.CancellationToken);
        var source = await stage.SourceAsync();
        for (byte round = 1; round <= 40; round++)
        {
            var bytes = new byte[length];
            Array.Fill(bytes, round);
            await using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                await writer.WriteAsync(bytes, TestContext.Current.CancellationToken);
            await Task.Delay(round * 7 % 60, TestContext.Current.CancellationToken);
        }

        await stage.ScanAsync(source);
        await HarvestStage.UntilAsync(() => stage.ScalarAsync<bool>("select coalesce((select state = 'taken' and modified_at = @modified from harvest_entries), false)", new { modified = File.GetLastWriteTimeUtc(path) }),
            async () => (await stage.SourceOfAsync(source)).ToJsonString());
        var blobs = Directory.GetFiles(stage.Hub.Options.BlobFolder, "*", SearchOption.AllDirectories);
        blobs.ShouldNotBeEmpty();
        foreach (var blob in blobs)
        {
            var bytes = await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken);
            bytes.Length.ShouldBe(length);
            bytes.AsSpan().IndexOfAnyExcept(bytes[0]).ShouldBe(-1, "two rewrites are mixed in one version");
        }
    }

    [Fact]
    public async Task A_clock_set_back_while_the_hub_was_away_delays_nothing()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels");
        var source = await stage.SourceAsync(stableSeconds: 2);
        await stage.UntilAsync(source, "run/image.tif", "growing");
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["paused"] = true });
        await stage.ScalarAsync<object?>("update harvest_entries set changed_at = now() + interval '2 hours'");
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["paused"] = false });
        await stage.UntilAsync(source, "run/image.tif", "taken");
    }
}
