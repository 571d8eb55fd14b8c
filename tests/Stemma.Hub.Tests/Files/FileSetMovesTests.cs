using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class FileSetMovesTests(TestDatabase database)
{
    private static JsonObject Move(Guid dataset, params JsonObject[] deposited) => new()
    {
        ["datasetId"] = dataset,
        ["fileSets"] = new JsonArray([.. deposited.Select(one => new JsonObject { ["id"] = (Guid)one["fileSetId"]! })]),
    };

    [Fact]
    public async Task Many_sets_of_several_datasets_move_together_each_with_its_event()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("from/a.dm3", [1]);
        await stage.PutAsync("from/a.dm3", [1, 1]);
        var b = await stage.PutAsync("other/b.dm3", [2]);
        var c = await stage.PutAsync("to/c.dm3", [3]);
        var target = (Guid)c["datasetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var moved = await owner.MustAsync("POST", "file-sets/move", Move(target, a, b, c));
        // What was there already has not moved.
        moved["fileSets"]!.AsArray().Select(one => (Guid)one!["fromDatasetId"]!).ShouldBe([(Guid)a["datasetId"]!, (Guid)b["datasetId"]!], ignoreOrder: true);
        (await stage.SetsAsync(target)).ShouldBe(["a.dm3 = a.dm3 primary (2)", "b.dm3 = b.dm3 primary (1)", "c.dm3 = c.dm3 primary (1)"]);
        (await stage.ScalarAsync<long>("select count(*) from files where dataset_id = @target", new { target })).ShouldBe(4);
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file-set.moved'")).ShouldBe(2);
        var version = (int)(await owner.MustAsync("GET", $"file-sets/{a["fileSetId"]}"))["version"]!;
        moved["fileSets"]!.AsArray().Select(one => (int)one!["version"]!).ShouldContain(version);
    }

    [Fact]
    public async Task One_taken_path_keeps_all_where_they_are()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("from/a.dm3", [1]);
        var b = await stage.PutAsync("from/b.dm3", [2]);
        var c = await stage.PutAsync("from/c.dm3", [2]);
        var target = (Guid)(await stage.PutAsync("to/b.dm3", [3]))["datasetId"]!;
        await stage.PutAsync("to/c.dm3", [3]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var problem = await owner.MustFailAsync(409, "path-taken", "POST", "file-sets/move", Move(target, a, b, c));
        ((string)problem["detail"]!).ShouldContain("b.dm3, c.dm3");
        (await stage.SetsAsync((Guid)a["datasetId"]!)).Length.ShouldBe(3);
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file-set.moved'")).ShouldBe(0);
    }

    [Fact]
    public async Task Two_that_want_the_same_path_do_not_move()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("one/a.dm3", [1]);
        var b = await stage.PutAsync("two/a.dm3", [2]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var target = await owner.DatasetAsync(stage.Project, "to");
        var problem = await owner.MustFailAsync(409, "path-taken", "POST", "file-sets/move", Move(target, a, b));
        ((string)problem["detail"]!).ShouldContain("More than one of them has a.dm3");
    }

    [Fact]
    public async Task A_hold_or_a_version_that_is_not_the_last_keeps_all_where_they_are()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("free/a.dm3", [1]);
        var b = await stage.PutAsync("held/b.dm3", [2]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var target = await owner.DatasetAsync(stage.Project, "to");
        await owner.MustAsync("PATCH", $"nodes/{b["datasetId"]}", new JsonObject { ["legalHold"] = true }, "*");
        await owner.MustFailAsync(409, "legal-hold", "POST", "file-sets/move", Move(target, a, b));
        var stale = new JsonObject { ["datasetId"] = target, ["fileSets"] = new JsonArray(new JsonObject { ["id"] = (Guid)a["fileSetId"]!, ["version"] = 7 }) };
        await owner.MustFailAsync(412, "stale", "POST", "file-sets/move", stale);
        (await stage.SetsAsync(target)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_set_needs_edit_and_the_target_add()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("from/a.dm3", [1]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var viewer = new TestActor(stage.Viewer, stage.As(stage.Viewer));
        var stranger = new TestActor(stage.Stranger, stage.As(stage.Stranger));
        var theirs = await stranger.DatasetAsync(await stranger.ProjectAsync("Theirs"), "to");
        await viewer.MustFailAsync(403, "forbidden", "POST", "file-sets/move", Move(await owner.DatasetAsync(stage.Project, "to"), a));
        await stranger.MustFailAsync(404, "not-found", "POST", "file-sets/move", Move(theirs, a));
        await owner.MustFailAsync(404, "not-found", "POST", "file-sets/move", Move(theirs, a));
        await owner.MustFailAsync(400, "invalid", "POST", "file-sets/move", Move(theirs));
        await owner.MustFailAsync(409, "not-a-dataset", "POST", "file-sets/move", Move(stage.Project, a));
    }
}
