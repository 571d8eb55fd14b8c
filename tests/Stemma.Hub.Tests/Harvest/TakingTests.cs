using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Harvest;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Harvest;

/// <summary>Files that appear are taken: when they rest, once, by the path rule, and without touching the share.</summary>
public sealed class TakingTests(TestDatabase database)
{
    [Fact]
    public async Task A_file_at_rest_is_taken_once()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run 1/image.tif", "pixels");
        var source = await stage.SourceAsync();
        var entry = await stage.UntilAsync(source, "run 1/image.tif", "taken");
        ((string?)entry["sha256"]).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("pixels"))));
        entry["fileId"].ShouldNotBeNull();
        for (var scan = 0; scan < 3; scan++)
            ((long)(await stage.ScanAsync(source))["scan"]!["changed"]!).ShouldBe(0);
        (await stage.FilesAsync()).ShouldBe(["run 1: image.tif v1 6"]);
        (await stage.ScalarAsync<string>("select deposited_via from files")).ShouldBe("harvest");
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.deposited'")).ShouldBe(1);
    }

    [Fact]
    public async Task Folders_become_collections_and_datasets_by_the_rule_of_all_deposits()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("loose.tif", "1");
        stage.Write("2026/run/a.tif", "22");
        stage.Write("2026/run/deep/b.tif", "333");
        await stage.SourceAsync(new JsonObject { ["levels"] = 2, ["dataset"] = "Unsorted" });
        await HarvestStage.UntilAsync(async () => (await stage.FilesAsync()).Length == 3, async () => $"three files; there are {string.Join(", ", await stage.FilesAsync())}");
        (await stage.FilesAsync()).ShouldBe(["Unsorted: loose.tif v1 1", "run: a.tif v1 2", "run: deep/b.tif v1 3"]);
        (await stage.ScalarAsync<string>("select p.name from nodes n join nodes p on p.id = n.parent_id where n.name = 'run'")).ShouldBe("2026");
    }

    [Fact]
    public async Task A_growing_file_waits_until_it_rests()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/movie.mrc", "");
        var source = await stage.SourceAsync(stableSeconds: 2);
        for (var step = 0; step < 16; step++)
        {
            await File.AppendAllTextAsync(path, "frame ", TestContext.Current.CancellationToken);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            (await stage.FilesAsync()).ShouldBeEmpty();
        }

        ((string?)(await stage.EntryAsync(source, "run/movie.mrc"))?["state"]).ShouldBe("growing");
        await stage.UntilAsync(source, "run/movie.mrc", "taken");
        (await stage.FilesAsync()).ShouldBe(["run: movie.mrc v1 96"]);
    }

    [Fact]
    public async Task A_file_that_a_program_still_writes_waits_though_it_rests()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        var path = stage.Write("run/movie.mrc", "first");
        Guid source;
        await using (var writer = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            using (var reading = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
                if (!ShareCalls.IsBeingWritten(reading))
                    Assert.Skip("The file system of the temporary folder does not tell who writes.");
            source = await stage.SourceAsync();
            await HarvestStage.UntilAsync(async () => (string?)(await stage.EntryAsync(source, "run/movie.mrc"))?["problem"] == "A program still has it open for writing.",
                async () => (await stage.SourceOfAsync(source)).ToJsonString());
            (await stage.FilesAsync()).ShouldBeEmpty();
            writer.Write(" second"u8);
        }

        await stage.UntilAsync(source, "run/movie.mrc", "taken");
        (await stage.FilesAsync()).ShouldBe(["run: movie.mrc v1 12"]);
    }

    [Theory]
    [InlineData("1601-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2098-03-14T15:09:26Z")]
    public async Task A_share_with_a_wrong_clock_is_harvested_as_any(string time)
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Write("run/image.tif", "pixels", DateTime.Parse(time, styles: System.Globalization.DateTimeStyles.AdjustToUniversal));
        var source = await stage.SourceAsync(stableSeconds: 1);
        await stage.UntilAsync(source, "run/image.tif", "taken");
        await stage.ScanAsync(source);
        (await stage.FilesAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Hidden_and_temporary_names_are_left_and_patterns_choose()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        foreach (var path in new[] { "a/x.tif", "a/~$x.docx", "a/x.tif.part", "a/Thumbs.db", ".trash/x.tif", "a/notes.txt", "b/old/y.tif", "b/y.tif" })
            stage.Write(path, path);
        var source = await stage.SourceAsync(new JsonObject { ["include"] = new JsonArray("*.tif") });
        await stage.Administrator.MustAsync("PATCH", $"harvest-sources/{source}", new JsonObject { ["exclude"] = new JsonArray("old", ".*") });
        await stage.UntilAsync(source, "b/y.tif", "taken");
        await stage.UntilAsync(source, "a/x.tif", "taken");
        await stage.ScanAsync(source);
        (await stage.FilesAsync()).Where(file => !file.Contains("old", StringComparison.Ordinal)).ShouldBe(["a: x.tif v1 7", "b: y.tif v1 7"]);
    }

    [Fact]
    public async Task A_thousand_small_files_are_taken_in_one_go()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        for (var index = 0; index < 1000; index++)
            stage.Write($"run {index % 7}/{index:d4}.tif", $"image {index}");
        var source = await stage.SourceAsync();
        JsonNode state = null!;
        await HarvestStage.UntilAsync(async () => (long)(state = await stage.SourceOfAsync(source))["entries"]!["taken"]! == 1000, () => Task.FromResult($"1000 files; {state.ToJsonString()}"));
        (await stage.ScalarAsync<long>("select count(distinct sha256) from files where version = 1 and is_current")).ShouldBe(1000);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(1000);
        (await stage.ScalarAsync<long>("select count(*) from nodes where kind = 'dataset'")).ShouldBe(7);
        ((string?)state["problem"]).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_written_to_the_share()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        foreach (var path in new[] { "loose.tif", "run/a.tif", "run/deep/b.tif", "run/deep/~$c.doc" })
            // A read would set an access time older than the last change anew.
            File.SetLastAccessTimeUtc(stage.Write(path, path), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        // Named one by one: a walk through all folders would follow links out of the share.
        string[] folders = [stage.Share, Path.Combine(stage.Share, "run"), Path.Combine(stage.Share, "run/deep")];
        SetModes("555");
        var before = Listing();
        var source = await stage.SourceAsync();
        await stage.UntilAsync(source, "run/deep/b.tif", "taken");
        await stage.ScanAsync(source);
        await stage.UntilAsync(source, "loose.tif", "taken");
        Listing().ShouldBe(before);
        SetModes("755");

        void SetModes(string octal)
        {
            foreach (var folder in folders)
                File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32(octal, 8));
        }

        string[] Listing() => [.. new DirectoryInfo(stage.Root).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(item => $"{item.FullName} {item.UnixFileMode} {item.LastWriteTimeUtc:O} {(item is FileInfo file ? $"{file.Length} {file.LastAccessTimeUtc:O}" : "")}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task What_cannot_be_taken_is_said_and_tried_again()
    {
        await using var stage = await HarvestStage.SetAsync(database);
        stage.Hub.Options.MaxFileBytes = 5;
        stage.Write("run/large.tif", "more than five");
        stage.Write("run/small.tif", "five!");
        var source = await stage.SourceAsync();
        var failed = await stage.UntilAsync(source, "run/large.tif", "failed");
        ((string?)failed["problem"]).ShouldNotBeNull().ShouldContain("5 bytes");
        failed["retryAt"].ShouldNotBeNull();
        await stage.UntilAsync(source, "run/small.tif", "taken");
        (await stage.Administrator.MustAsync("GET", $"harvest-sources/{source}/entries?state=failed"))["items"]!.AsArray().Count.ShouldBe(1);
        stage.Hub.Options.MaxFileBytes = 1000;
        await stage.UntilAsync(source, "run/large.tif", "taken");
    }
}
