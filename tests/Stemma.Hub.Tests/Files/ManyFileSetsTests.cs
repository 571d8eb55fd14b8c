using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

/// <summary>Tagging, throwing away and putting back many at once: each is done or refused by itself.</summary>
public sealed class ManyFileSetsTests(TestDatabase database)
{
    private static JsonObject Sets(params JsonObject[] sets) => new() { ["fileSets"] = new JsonArray([.. sets]) };

    private static JsonObject Set(JsonObject deposited, int? version = null, params string[] tags) =>
        new() { ["id"] = (Guid)deposited["fileSetId"]!, ["version"] = version, ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) };

    private static Guid Id(JsonObject deposited) => (Guid)deposited["fileSetId"]!;

    [Fact]
    public async Task Tags_each_that_may_be_and_tells_why_the_others_stay()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var (a, b, c) = (await stage.PutAsync("d/a.dm3", [1]), await stage.PutAsync("d/b.dm3", [2]), await stage.PutAsync("d/c.dm3", [3]));
        await owner.MustAsync("PATCH", $"file-sets/{Id(a)}", new JsonObject { ["tags"] = new JsonArray("old") }, "*");
        var nobody = Guid.CreateVersion7();
        var answer = await owner.MustAsync("POST", "file-sets/tag", Sets(Set(c, null, "kept \"well\"", "{x}"), Set(a, 1, "new"), Set(b), new JsonObject { ["id"] = nobody, ["tags"] = new JsonArray() }));
        answer["changed"]!.AsArray().Select(one => ((Guid)one!["id"]!, (int)one["version"]!)).ShouldBe([(Id(c), 2), (Id(b), 1)]);
        answer["refused"]!.AsArray().Select(one => ((Guid)one!["id"]!, (string)one["type"]!)).ShouldBe([(Id(a), "urn:stemma:problem:stale"), (nobody, "urn:stemma:problem:not-found")], ignoreOrder: true);
        (await owner.MustAsync("GET", $"file-sets/{Id(c)}"))["tags"]!.ToJsonString().ShouldBe("""["kept \u0022well\u0022","{x}"]""");
        (await owner.MustAsync("GET", $"file-sets/{Id(a)}"))["tags"]!.ToJsonString().ShouldBe("""["old"]""");
        // One event for each that changed: a's first change, and c's.
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file-set.changed'")).ShouldBe(2);
        (await stage.ScalarAsync<long>("select count(*) from event_objects o join events e on e.id = o.event_id where e.type = 'file-set.changed' and o.object_id = @set", new { set = Id(c) })).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var viewer = new TestActor(stage.Viewer, stage.As(stage.Viewer));
        var a = await stage.PutAsync("d/a.dm3", [1]);
        await viewer.MustFailAsync(403, "forbidden", "POST", "file-sets/tag", Sets(Set(a, null, "mine")));
        await viewer.MustFailAsync(403, "forbidden", "POST", "file-sets/trash", Sets(new JsonObject { ["id"] = Id(a) }));
        (await stage.ScalarAsync<long>("select count(*) from file_sets where trashed_at is null and tags = '{}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Throws_away_what_nothing_keeps_and_puts_it_back()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var (a, b, c) = (await stage.PutAsync("d/a.dm3", [1]), await stage.PutAsync("e/b.dm3", [2]), await stage.PutAsync("d/c.dm3", [3]));
        await owner.MustAsync("PATCH", $"file-sets/{Id(c)}", new JsonObject { ["legalHold"] = true }, "*");
        JsonObject All() => Sets([.. new[] { a, b, c }.Select(one => new JsonObject { ["id"] = Id(one) })]);
        var gone = await owner.MustAsync("POST", "file-sets/trash", All());
        gone["trashed"]!.AsArray().Select(one => (Guid)one!["id"]!).ShouldBe([Id(a), Id(b)]);
        gone["refused"]!.AsArray().Single()!["id"]!.GetValue<Guid>().ShouldBe(Id(c));
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file-set.trashed'")).ShouldBe(2);

        // Another file took the place of one meanwhile.
        await stage.PutAsync("e/b.dm3", [4]);
        var back = await owner.MustAsync("POST", "trash/restore", new JsonObject { ["trashIds"] = new JsonArray([.. gone["trashed"]!.AsArray().Select(one => (JsonNode)(Guid)one!["trashId"]!)]) });
        back["restored"]!.AsArray().Single()!["id"]!.GetValue<Guid>().ShouldBe(Id(a));
        var refused = back["refused"]!.AsArray().Single()!;
        refused["id"]!.GetValue<Guid>().ShouldBe((Guid)gone["trashed"]![1]!["trashId"]!);
        ((string)refused["type"]!).ShouldBe("urn:stemma:problem:path-taken");
        (await stage.SetsAsync((Guid)a["datasetId"]!)).ShouldBe(["a.dm3 = a.dm3 primary (1)", "c.dm3 = c.dm3 primary (1)"]);
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file-set.restored'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_names_each_once_and_no_more_than_a_thousand()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var a = await stage.PutAsync("d/a.dm3", [1]);
        ((string)(await owner.MustFailAsync(400, "invalid", "POST", "file-sets/tag", Sets(Set(a, null, "x"), Set(a, null, "y"))))["detail"]!).ShouldContain("twice");
        var many = Sets([.. Enumerable.Range(0, 1001).Select(_ => new JsonObject { ["id"] = Guid.CreateVersion7() })]);
        ((string)(await owner.MustFailAsync(400, "invalid", "POST", "file-sets/trash", many))["detail"]!).ShouldContain("1 to 1000 file sets, but names 1001");
    }
}
