using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class FileRenamingTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_gets_another_path_with_all_its_versions_and_its_set_the_name()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var first = await stage.PutAsync("run/a.dm3", [1]);
        var second = await stage.PutAsync("run/a.dm3", [1, 2]);
        var (owner, dataset, set) = (Owner(stage), (Guid)first["datasetId"]!, (Guid)first["fileSetId"]!);

        var renamed = await owner.MustAsync("PATCH", File(second), Path("day 1/Größe.tif"), "2");

        ((string)renamed["path"]!).ShouldBe("day 1/Größe.tif");
        ((string)renamed["mediaType"]!).ShouldBe("image/tiff");
        (await stage.SetsAsync(dataset)).ShouldBe(["day 1/Größe.tif = day 1/Größe.tif primary (2)"]);
        var versions = await owner.MustAsync("GET", $"{File(second)}/versions");
        versions["items"]!.AsArray().Select(file => $"{file!["path"]} {file["version"]}").ShouldBe(["day 1/Größe.tif 2", "day 1/Größe.tif 1"]);
        (await stage.ScalarAsync<long>("select count(*) from tasks where subject_id = @set", new { set })).ShouldBe(1, "reading it again is not needed");

        // What comes to the old path is another file, and what comes to the new one is the next version.
        ((int)(await stage.PutAsync("run/a.dm3", [3]))["file"]!["version"]!).ShouldBe(1);
        var next = await stage.PutAsync("day 1/Größe.tif", [4], dataset);
        ((int)next["file"]!["version"]!).ShouldBe(3);
        ((Guid)next["fileSetId"]!).ShouldBe(set);
        var told = (await owner.MustAsync("GET", $"file-sets/{set}/events"))["items"]!.AsArray().Single(entry => (string)entry!["type"]! == "file.renamed")!;
        ((string)told["words"]!).ShouldBe("renamed \"a.dm3\" to \"day 1/Größe.tif\"");
    }

    [Fact]
    public async Task Renaming_needs_edit_the_version_and_a_path_that_is_one()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var file = await stage.PutAsync("run/a.dm3", [1]);
        await stage.PutAsync("run/b.dm3", [2]);
        var owner = Owner(stage);
        using var answer = await owner.Client.GetAsync(File(file), Cancelled);
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");

        await owner.MustFailAsync(428, "precondition-required", "PATCH", File(file), Path("c.dm3"));
        await owner.MustFailAsync(412, "stale", "PATCH", File(file), Path("c.dm3"), "7");
        await new TestActor(stage.Viewer, stage.As(stage.Viewer)).MustFailAsync(403, "forbidden", "PATCH", File(file), Path("c.dm3"), "*");
        foreach (var path in new[] { "", "../c.dm3", "/c.dm3", "c\\d.dm3" })
            await owner.MustFailAsync(400, "path-refused", "PATCH", File(file), Path(path), "*");
        await owner.MustFailAsync(409, "path-taken", "PATCH", File(file), Path("b.dm3"), "*");
        await owner.MustAsync("PATCH", File(file), Path("a.dm3"), "1");
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.renamed'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("a.emi", "a_1.ser", "a.emi", "b.emi", "read-together")]
    [InlineData("s.zarr/zarr.json", "other.dm3", "s.zarr/zarr.json", "s.zarr/c", "read-together")]
    [InlineData("a.emi", "x_1.ser", "x_1.ser", "a_1.ser", "would-join")]
    [InlineData("notes.txt", "x.tif", "x.tif", "notes.tif", "would-join")]
    [InlineData("a.img", "x.dm3", "x.dm3", "jeol.asw", "would-gather")]
    [InlineData("a.img", "x.dm3", "x.dm3", "stack.zarr/c.0", "would-gather")]
    public async Task A_rename_that_would_change_what_is_read_together_is_refused(string one, string other, string from, string to, string problem)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var files = new[] { await stage.PutAsync("run/" + one, [1], query: "?levels=1"), await stage.PutAsync("run/" + other, [2], query: "?levels=1") };
        var before = await stage.SetsAsync((Guid)files[0]["datasetId"]!);
        var file = files.Single(deposited => (string)deposited["file"]!["path"]! == from);
        await Owner(stage).MustFailAsync(409, problem, "PATCH", File(file), Path(to), "*");
        (await stage.SetsAsync((Guid)file["datasetId"]!)).ShouldBe(before);
    }

    [Fact]
    public async Task Another_ending_gives_the_file_the_role_of_that_ending()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var file = await stage.PutAsync("run/a.txt", [1]);
        await Owner(stage).MustAsync("PATCH", File(file), Path("a.tif"), "*");
        (await stage.SetsAsync((Guid)file["datasetId"]!)).ShouldBe(["a.tif = a.tif primary (1)"]);
        // The two belong together by their names, as they would have from the beginning.
        await stage.PutAsync("run/a.txt", [2]);
        (await stage.SetsAsync((Guid)file["datasetId"]!)).ShouldBe(["a.tif = a.tif primary, a.txt sidecar (2)"]);
    }

    [Fact]
    public async Task In_another_folder_a_file_names_its_companions_anew()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var file = await stage.PutAsync("run/a.ome.tif", [1]);
        var (owner, set) = (Owner(stage), (Guid)file["fileSetId"]!);
        await stage.ScalarAsync<object>("update tasks set state = 'succeeded' returning 1");
        await stage.ScalarAsync<object>("update file_sets set reading = 'read' where id = @set returning 1", new { set });
        await stage.ScalarAsync<object>("insert into awaited_members (file_set_id, dataset_id, path) values (@set, @dataset, 'b.ome.tif') returning 1", new { set, dataset = (Guid)file["datasetId"]! });

        await owner.MustAsync("PATCH", File(file), Path("c.ome.tif"), "*");
        ((string)(await owner.MustAsync("GET", $"file-sets/{set}"))["reading"]!).ShouldBe("read");
        await owner.MustAsync("PATCH", File(file), Path("day/c.ome.tif"), "*");
        ((string)(await owner.MustAsync("GET", $"file-sets/{set}"))["reading"]!).ShouldBe("waiting");
        (await stage.ScalarAsync<long>("select count(*) from awaited_members")).ShouldBe(0);
    }

    [Fact]
    public async Task Deposits_and_renames_at_the_same_time_leave_one_file_at_every_path()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var dataset = Guid.Empty;
        for (byte count = 0; count < 40; count++)
        {
            // Both names make the same set, so that the deposit's plan looks as if it still held.
            var file = await stage.PutAsync($"run/{count}.tif", [count]);
            dataset = (Guid)file["datasetId"]!;
            var deposit = stage.PutAsync($"run/{count}.tif", [count, count]);
            await Task.Delay(count / 8, Cancelled);
            (await Owner(stage).SendAsync("PATCH", File(file), Path($"{count}.tiff"), "*")).Dispose();
            await deposit;
        }

        (await stage.ScalarAsync<long>("""
            select count(*) from (select path from files where dataset_id = @dataset group by path having count(*) filter (where is_current) <> 1) without_current
            """, new { dataset })).ShouldBe(0);
    }

    private static TestActor Owner(DepositStage stage) => new(stage.Owner, stage.As(stage.Owner));

    private static string File(JsonObject deposited) => $"files/{deposited["file"]!["id"]}";

    private static JsonObject Path(string path) => new() { ["path"] = path };
}
