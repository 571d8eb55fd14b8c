using System.IO.Compression;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Annotations;

public sealed class AnnotationTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_drawn_is_kept_exactly_and_survives_another_reading()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var made = await stage.AddAsync(AnnotationStage.OfEachKind());
        await stage.ReadAsync();
        var listed = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations");
        JsonNode.DeepEquals(listed["items"], made).ShouldBeTrue(listed.ToJsonString());
        var box = made[3]!;
        box["label"]!.GetValue<string>().ShouldBe("precipitate");
        AnnotationStage.Numbers(box["points"]).ShouldBe([2, 3, 12, 7]);
        ((long)box["plane"]!["z"]!).ShouldBe(3);
        made[0]!["plane"].ShouldBeNull();
        ((Guid)box["createdBy"]!["id"]!).ShouldBe(stage.Owner.Id);
        AnnotationStage.Numbers(made[1]!["points"]).ShouldBe([0.1, 0.2, 3, 4.4]);
        listed["calibration"]!.ToJsonString().ShouldBe("""{"x":{"name":"x","scale":0.5,"offset":10,"unit":"nm"},"y":{"name":"y","scale":0.25,"offset":-3,"unit":"nm"}}""");
    }

    [Fact]
    public async Task Pages_follow_the_order_of_making()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync([.. Enumerable.Range(0, 7).Select(n => AnnotationStage.New("point", [n, 0], $"{n}"))]);
        var (labels, cursor) = (new List<string>(), "");
        do
        {
            var page = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations?limit=3&cursor={cursor}");
            labels.AddRange(page["items"]!.AsArray().Select(item => (string)item!["label"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        labels.ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
    }

    [Fact]
    public async Task Lists_are_sent_compressed_to_whoever_accepts_it()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync([.. Enumerable.Range(0, 50).Select(n => AnnotationStage.New("point", [n, 0], "grain"))]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{stage.Image}/annotations") { Headers = { { "Accept-Encoding", "gzip" } } };
        using var response = await stage.Viewer.Client.SendAsync(request, Cancelled);
        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        var page = (await JsonNode.ParseAsync(plain, cancellationToken: Cancelled))!;
        page["items"]!.AsArray().Count.ShouldBe(50);
        JsonNode.DeepEquals(page, await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations")).ShouldBeTrue();
    }

    [Fact]
    public async Task Corners_of_a_box_may_come_in_any_order()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var made = await stage.AddAsync(AnnotationStage.New("box", [12, 3, 2, 7]), AnnotationStage.New("ellipse", [1, 9, 4, 2]));
        AnnotationStage.Numbers(made[0]!["points"]).ShouldBe([2, 3, 12, 7]);
        AnnotationStage.Numbers(made[1]!["points"]).ShouldBe([1, 2, 4, 9]);
    }

    [Theory]
    [InlineData("""{"kind":"line","points":[1,2,3]}""", "points of a line are 4 numbers x, y, x, y …, but are 3 here.")]
    [InlineData("""{"kind":"polygon","points":[1,2,3,4]}""", "points of a polygon are 6 to 20000 numbers")]
    [InlineData("""{"kind":"point","points":[1e300,0]}""", "one is 1E+300")]
    [InlineData("""{"kind":"point","points":[1,1],"plane":{"z":7}}""", "an index from 0 to 6 on the axis \"z\", but has 7")]
    [InlineData("""{"kind":"point","points":[1,1],"plane":{"x":1}}""", "names the axis \"x\", but beside its picture the image has only z")]
    [InlineData("""{"kind":"circle","points":[1,1]}""", "")]
    public async Task What_is_wrong_is_named(string item, string words)
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var problem = await stage.Owner.MustFailAsync(400, "invalid", "POST", $"{stage.Image}/annotations", new JsonObject { ["items"] = new JsonArray(JsonNode.Parse(item)) });
        ((string)problem["detail"]!).ShouldContain(words);
        problem = await stage.Owner.MustFailAsync(400, "invalid", "POST", $"{stage.Image}/annotations",
            new JsonObject { ["items"] = new JsonArray(AnnotationStage.New("point", [0, 0]), JsonNode.Parse(item)) });
        if (words.Length > 0)
            ((string)problem["detail"]!).ShouldStartWith("Annotation 1: ");
        (await stage.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_needs_the_version_and_the_right_to_edit()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var id = (Guid)(await stage.AddAsync(AnnotationStage.New("box", [2, 3, 12, 7], "precipitate")))[0]!["id"]!;
        var path = $"{stage.Image}/annotations/{id}";
        await stage.Viewer.MustFailAsync(403, "forbidden", "PATCH", path, new JsonObject { ["label"] = "x" }, "1");
        await stage.Owner.MustFailAsync(428, "precondition-required", "PATCH", path, new JsonObject { ["label"] = "x" });
        var changed = await stage.Owner.MustAsync("PATCH", path, new JsonObject { ["points"] = AnnotationStage.Numbers(2, 3, 13, 7), ["tags"] = new JsonArray("γ′") }, "1");
        ((long)changed["version"]!).ShouldBe(2);
        ((string)changed["label"]!).ShouldBe("precipitate");
        AnnotationStage.Numbers(changed["points"]).ShouldBe([2, 3, 13, 7]);
        await stage.Owner.MustFailAsync(412, "stale", "PATCH", path, new JsonObject { ["label"] = "x" }, "1");
        await stage.Owner.MustFailAsync(412, "stale", "DELETE", path, ifMatch: "1");
        JsonNode.DeepEquals(await stage.Viewer.MustAsync("GET", path), changed).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_removed_together_comes_back_together_as_it_was()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var made = await stage.AddAsync(AnnotationStage.OfEachKind());
        var removed = await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/remove", new JsonObject { ["ids"] = new JsonArray((Guid)made[1]!["id"]!, (Guid)made[3]!["id"]!) });
        ((int)removed["count"]!).ShouldBe(2);
        (await stage.ListAsync()).Count.ShouldBe(4);
        await stage.Owner.MustFailAsync(404, "not-found", "GET", $"{stage.Image}/annotations/{made[1]!["id"]}");
        var restore = new JsonObject { ["removalId"] = (Guid)removed["removalId"]! };
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations/restore", restore.DeepClone());
        JsonNode.DeepEquals(await stage.ListAsync(), made).ShouldBeTrue();
        await stage.Owner.MustFailAsync(404, "not-found", "POST", $"{stage.Image}/annotations/restore", restore.DeepClone());
    }

    [Fact]
    public async Task One_request_is_one_event_in_the_history_of_the_file()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var made = await stage.AddAsync(AnnotationStage.OfEachKind());
        await stage.Owner.MustAsync("PATCH", $"{stage.Image}/annotations/{made[3]!["id"]}", new JsonObject { ["note"] = "seen again" }, "1");
        await stage.Owner.MustAsync("DELETE", $"{stage.Image}/annotations/{made[3]!["id"]}", ifMatch: "2");
        await stage.AddAsync([.. Enumerable.Range(0, 150).Select(n => AnnotationStage.New("point", [n, 0]))]);
        var entries = (await stage.Owner.MustAsync("GET", $"file-sets/{stage.Set}/events"))["items"]!.AsArray();
        entries.Select(entry => (string)entry!["words"]!).Take(4).ShouldBe(
        [
            "marked 150 features in \"a.tif\"", "removed the box \"precipitate\" in \"a.tif\"", "changed the box \"precipitate\" in \"a.tif\"", "marked 6 features in \"a.tif\"",
        ]);
        var body = await stage.Stage.ScalarAsync<string>("select convert_from(body, 'UTF8') from events where type = 'annotations.added' order by object_sequence desc limit 1");
        var data = JsonNode.Parse(body)!["data"]!;
        data["annotations"].ShouldBeNull();
        ((string)data["sha256"]!).Length.ShouldBe(64);
    }

    [Fact]
    public async Task An_image_that_is_not_there_takes_no_marks()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.Owner.MustFailAsync(404, "not-found", "POST", $"file-sets/{stage.Set}/images/1/annotations",
            new JsonObject { ["items"] = new JsonArray(AnnotationStage.New("point", [0, 0])) });
        var outsider = new TestActor(stage.Stage.Stranger, stage.Stage.As(stage.Stage.Stranger));
        await outsider.MustFailAsync(404, "not-found", "GET", $"{stage.Image}/annotations");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task What_was_removed_goes_for_good_with_the_trash_unless_a_hold_binds_it(bool isHeld, int left)
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var made = await stage.AddAsync(AnnotationStage.New("point", [0, 0]), AnnotationStage.New("point", [1, 1]));
        await stage.Owner.MustAsync("DELETE", $"{stage.Image}/annotations/{made[0]!["id"]}", ifMatch: "1");
        var sweeper = stage.Stage.Hub.Services.GetRequiredService<TrashSweeper>();
        await sweeper.SweepAsync(Cancelled);
        (await stage.Stage.ScalarAsync<long>("select count(*) from annotations")).ShouldBe(2);
        await using (var connection = await stage.Stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("update annotations set removed_at = removed_at - interval '31 days' where removed_at is not null; update file_sets set legal_hold = @isHeld", new { isHeld });
        await sweeper.SweepAsync(Cancelled);
        (await stage.Stage.ScalarAsync<long>("select count(*) from annotations")).ShouldBe(left);
    }

    [Fact]
    public async Task They_go_for_good_with_their_file_set()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        await stage.AddAsync(AnnotationStage.OfEachKind());
        await stage.Owner.MustAsync("DELETE", $"file-sets/{stage.Set}", ifMatch: "*");
        await stage.Owner.MustFailAsync(404, "not-found", "GET", $"{stage.Image}/annotations");
        await using (var connection = await stage.Stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("update file_sets set trashed_at = trashed_at - interval '31 days'");
        await stage.Stage.Hub.Services.GetRequiredService<TrashSweeper>().SweepAsync(Cancelled);
        (await stage.Stage.ScalarAsync<long>("select count(*) from annotations")).ShouldBe(0);
    }

    [Fact]
    public async Task Words_can_be_changed_after_the_image_is_gone()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var id = (Guid)(await stage.AddAsync(AnnotationStage.New("point", [1, 1])))[0]!["id"]!;
        await using (var connection = await stage.Stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("delete from images");
        var changed = await stage.Owner.MustAsync("PATCH", $"{stage.Image}/annotations/{id}", new JsonObject { ["label"] = "pore" }, "1");
        ((string)changed["label"]!).ShouldBe("pore");
        await stage.Owner.MustFailAsync(404, "not-found", "PATCH", $"{stage.Image}/annotations/{id}", new JsonObject { ["plane"] = new JsonObject { ["z"] = 1 } }, "2");
    }

    [Fact]
    public async Task A_hundred_thousand_are_made_and_listed()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var items = new JsonArray([.. Enumerable.Range(0, 100_000).Select(n => AnnotationStage.New("box", [n % 317 + 0.1, n % 211, n % 317 + 7.3, n % 211 + 5], $"grain {n}"))]);
        await stage.Owner.MustAsync("POST", $"{stage.Image}/annotations", new JsonObject { ["items"] = items });
        var (count, cursor) = (0, "");
        do
        {
            var page = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations?limit=20000&cursor={cursor}");
            count += page["items"]!.AsArray().Count;
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        count.ShouldBe(100_000);
    }

    [Fact]
    public async Task Outlines_of_many_vertices_come_in_shorter_pages_and_their_event_tells_a_digest()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        double[] outline = [.. Enumerable.Range(0, 20_000).Select(n => (double)(n % 30))];
        // 120 of 160 kB each are more than 16 MiB.
        for (var request = 0; request < 4; request++)
            await stage.AddAsync([.. Enumerable.Range(0, 30).Select(n => AnnotationStage.New("polygon", outline, $"{(request * 30) + n}"))]);
        var (labels, pages, cursor) = (new List<string>(), 0, "");
        do
        {
            var page = await stage.Viewer.MustAsync("GET", $"{stage.Image}/annotations?limit=1000&cursor={cursor}");
            labels.AddRange(page["items"]!.AsArray().Select(item => (string)item!["label"]!));
            (cursor, pages) = ((string?)page["next"], pages + 1);
        }
        while (cursor is not null);
        labels.ShouldBe(Enumerable.Range(0, 120).Select(n => $"{n}"));
        pages.ShouldBe(2);
        (await stage.Viewer.Client.GetStringAsync($"{stage.Image}/annotations.geojson", Cancelled)).Split("\"Feature\"").Length.ShouldBe(121);
        (await stage.Viewer.Client.GetStringAsync($"{stage.Image}/annotations.ome.xml", Cancelled)).Split("<Polygon").Length.ShouldBe(121);
        await using var connection = await stage.Stage.Hub.Database.OpenConnectionAsync(Cancelled);
        (await connection.ExecuteScalarAsync<int>("select max(length(body)) from events where type = 'annotations.added'")).ShouldBeLessThan(10_000);
    }

    [Theory]
    [InlineData("""{"items":[{"kind":7,"points":[1,1,2,2]}]}""", "")]
    [InlineData("""{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,1],[2,2]]},"properties":{"kind":"7","points":[1,1,2,2]}}""", "/import")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]},"properties":{"plane":{"z":1,"z":1}}}""", "/import")]
    public async Task What_no_word_of_ours_says_is_no_fault_of_the_hub(string body, string path)
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await stage.Owner.Client.PostAsync($"{stage.Image}/annotations{path}", content, Cancelled);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
    }
}
