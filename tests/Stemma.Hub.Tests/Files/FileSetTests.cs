using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class FileSetTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sets_are_listed_by_name_or_age_page_by_page_without_gaps()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var dataset = await stage.PutAllAsync(Enumerable.Range(0, 7).Select(number => $"f{(number * 3) % 7}.dm3"));
        await stage.PutAsync("other/x.dm3", [1]);
        using var viewer = stage.As(stage.Viewer);
        (await NamesAsync(viewer, $"nodes/{dataset}/file-sets?limit=3")).ShouldBe([.. Enumerable.Range(0, 7).Select(number => $"f{number}.dm3")]);
        (await NamesAsync(viewer, $"nodes/{dataset}/file-sets?limit=2&sort=-created")).ShouldBe(["f4.dm3", "f1.dm3", "f5.dm3", "f2.dm3", "f6.dm3", "f3.dm3", "f0.dm3"]);
        (await NamesAsync(viewer, $"nodes/{stage.Project}/file-sets")).ShouldBeEmpty();
        (await NamesAsync(viewer, $"nodes/{stage.Project}/file-sets?recursive=true&limit=3")).Length.ShouldBe(8);
        using var stranger = stage.As(stage.Stranger);
        (await stranger.GetAsync($"nodes/{dataset}/file-sets", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.GetAsync($"nodes/{dataset}/file-sets?sort=size", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_set_tells_its_files_path_and_what_the_caller_may_do()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var deposited = await stage.PutAsync("run/a.tif", [1, 2]);
        await stage.PutAsync("run/a.txt", [3]);
        using var viewer = stage.As(stage.Viewer);
        using var answer = await viewer.GetAsync($"file-sets/{deposited["fileSetId"]}", Cancelled);
        var set = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        answer.Headers.ETag!.Tag.ShouldBe($"\"{set["version"]}\"");
        ((string)set["name"]!).ShouldBe("a.tif");
        ((string)set["reading"]!).ShouldBe("waiting");
        ((int)set["fileCount"]!).ShouldBe(2);
        ((string)set["task"]!["state"]!).ShouldBe("queued");
        set["files"]!.AsArray().Select(file => $"{file!["path"]} {file["role"]}").ShouldBe(["a.tif primary", "a.txt sidecar"]);
        set["path"]!.AsArray().Select(node => (string)node!["name"]!).ShouldBe(["Additive manufacturing", "run"]);
        set["capabilities"]!.AsArray().Select(word => (string)word!).ShouldBe(["see", "download"]);
        set["image"].ShouldBeNull();
        set["summary"].ShouldBeNull();
    }

    [Fact]
    public async Task Tags_need_edit_and_terms_need_manage_and_both_need_the_version()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var id = (Guid)(await stage.PutAsync("run/a.tif", [1]))["fileSetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var viewer = new TestActor(stage.Viewer, stage.As(stage.Viewer));
        await owner.MustFailAsync(428, "precondition-required", "PATCH", $"file-sets/{id}", new JsonObject { ["tags"] = new JsonArray("x") });
        await owner.MustFailAsync(412, "stale", "PATCH", $"file-sets/{id}", new JsonObject { ["tags"] = new JsonArray("x") }, "99");
        await viewer.MustFailAsync(403, "forbidden", "PATCH", $"file-sets/{id}", new JsonObject { ["tags"] = new JsonArray("x") }, "*");
        var changed = await owner.MustAsync("PATCH", $"file-sets/{id}", new JsonObject { ["tags"] = new JsonArray("grain", "EBSD"), ["licence"] = "CC-BY-4.0" }, "1");
        ((int)changed["version"]!).ShouldBe(2);
        ((string)changed["effective"]!["licence"]!["value"]!).ShouldBe("CC-BY-4.0");
        (await stage.ScalarAsync<string>("select convert_from(body, 'UTF8') from events where type = 'file-set.changed'")).ShouldContain("EBSD");
    }

    [Fact]
    public async Task A_set_thrown_away_frees_its_paths_and_comes_back_as_it_was()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var first = await stage.PutAsync("run/a.tif", [1]);
        await stage.PutAsync("run/a.tif", [1, 2]);
        await stage.PutAsync("run/a.txt", [3]);
        var id = (Guid)first["fileSetId"]!;
        var dataset = (Guid)first["datasetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var trashId = (Guid)(await owner.MustAsync("DELETE", $"file-sets/{id}", ifMatch: "*"))["trashId"]!;
        (await stage.SetsAsync(dataset)).ShouldBeEmpty();
        await owner.MustFailAsync(404, "not-found", "GET", $"file-sets/{id}");
        await owner.MustFailAsync(404, "not-found", "GET", $"files/{first["file"]!["id"]}/content");

        var other = await stage.PutAsync("run/a.tif", [9]);
        ((int)other["file"]!["version"]!).ShouldBe(1);
        await owner.MustFailAsync(409, "path-taken", "POST", $"trash/{trashId}/restore");
        await owner.MustAsync("DELETE", $"file-sets/{other["fileSetId"]}", ifMatch: "*");
        await owner.MustAsync("POST", $"trash/{trashId}/restore");
        (await stage.SetsAsync(dataset)).ShouldBe(["a.tif = a.tif primary, a.txt sidecar (3)"]);
        (await stage.ScalarAsync<string>("select string_agg(path || version || is_current, ' ' order by path, version) from files where file_set_id = @id", new { id })).ShouldBe("a.tif1false a.tif2true a.txt1true");
        (await stage.ScalarAsync<string>("select string_agg(type, ' ' order by object_sequence) from events where object_id = @id", new { id })).ShouldBe("file-set.trashed file-set.restored");
        (await stage.ScalarAsync<long>("select count(*) from tasks where subject_id = @id and state = 'queued'", new { id })).ShouldBe(1);
    }

    [Fact]
    public async Task What_must_be_kept_cannot_be_thrown_away()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var id = (Guid)(await stage.PutAsync("run/a.tif", [1]))["fileSetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        await owner.MustAsync("PATCH", $"file-sets/{id}", new JsonObject { ["retainUntil"] = "2999-01-01T00:00:00Z" }, "*");
        await owner.MustFailAsync(409, "must-be-kept", "DELETE", $"file-sets/{id}", ifMatch: "*");
        await owner.MustAsync("PATCH", $"file-sets/{id}", new JsonObject { ["legalHold"] = true }, "*");
        await owner.MustFailAsync(409, "legal-hold", "DELETE", $"file-sets/{id}", ifMatch: "*");
    }

    [Fact]
    public async Task A_set_does_not_move_out_of_a_held_dataset()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var deposited = await stage.PutAsync("held/a.tif", [1]);
        var target = (Guid)(await stage.PutAsync("free/b.tif", [2]))["datasetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        await owner.MustAsync("PATCH", $"nodes/{deposited["datasetId"]}", new JsonObject { ["legalHold"] = true }, "*");
        await owner.MustFailAsync(409, "legal-hold", "POST", $"file-sets/{deposited["fileSetId"]}/move", new JsonObject { ["datasetId"] = target }, "*");
        await owner.MustAsync("PATCH", $"nodes/{deposited["datasetId"]}", new JsonObject { ["legalHold"] = false }, "*");
        await owner.MustAsync("POST", $"file-sets/{deposited["fileSetId"]}/move", new JsonObject { ["datasetId"] = target }, "*");
    }

    [Fact]
    public async Task A_set_moves_with_all_its_versions_unless_the_path_is_taken()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var first = await stage.PutAsync("from/a.dm3", [1]);
        await stage.PutAsync("from/a.dm3", [2]);
        var target = (Guid)(await stage.PutAsync("to/b.dm3", [3]))["datasetId"]!;
        var id = (Guid)first["fileSetId"]!;
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        await owner.MustAsync("POST", $"file-sets/{id}/move", new JsonObject { ["datasetId"] = target }, "*");
        (await stage.SetsAsync(target)).ShouldBe(["a.dm3 = a.dm3 primary (1)", "b.dm3 = b.dm3 primary (1)"]);
        (await stage.ScalarAsync<long>("select count(*) from files where dataset_id = @target", new { target })).ShouldBe(3);
        (await stage.ScalarAsync<string>("select convert_from(body, 'UTF8') from events where type = 'file-set.moved'")).ShouldContain("\"name\":\"to\"");

        var again = await stage.PutAsync("from/a.dm3", [4]);
        await owner.MustFailAsync(409, "path-taken", "POST", $"file-sets/{again["fileSetId"]}/move", new JsonObject { ["datasetId"] = target }, "*");
        await owner.MustFailAsync(409, "not-a-dataset", "POST", $"file-sets/{again["fileSetId"]}/move", new JsonObject { ["datasetId"] = stage.Project }, "*");
    }

    [Fact]
    public async Task The_manifest_has_every_file_with_its_place()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("c/d/x/1.dm3", [1], query: "?levels=2");
        await stage.PutAsync("c/d/2.dm3", [2], query: "?levels=2");
        await stage.PutAsync("e/3.dm3", [3]);
        await stage.PutAsync("e/3.dm3", [3, 3]);
        using var viewer = stage.As(stage.Viewer);
        List<string> lines = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonNode.Parse(await viewer.GetStringAsync($"nodes/{stage.Project}/files?limit=1&cursor={cursor}", Cancelled))!;
            lines.AddRange(page["items"]!.AsArray().Select(item => $"{item!["path"]} {item["size"]}"));
            cursor = (string?)page["next"];
        }

        lines.ShouldBe(["c/d/2.dm3 1", "c/d/x/1.dm3 1", "e/3.dm3 2"]);
    }

    [Fact]
    public async Task Bytes_come_whole_or_in_ranges_and_are_never_shown_as_ours()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var bytes = DepositStage.Bytes("range", 100_000);
        var file = (await stage.PutAsync("d/Größe & <b>.html", bytes))["file"]!;
        using var viewer = stage.As(stage.Viewer);
        var address = $"files/{file["id"]}/content";
        using var whole = await viewer.GetAsync(address, Cancelled);
        (await whole.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBe(bytes);
        whole.Headers.ETag!.Tag.ShouldBe($"\"{file["sha256"]}\"");
        whole.Headers.GetValues("Repr-Digest").Single().ShouldBe($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
        whole.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        whole.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        whole.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("Größe & <b>.html");

        using var part = await viewer.SendAsync(Request(address, new RangeHeaderValue(99_990, null)), Cancelled);
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBe(bytes[99_990..]);
        using var suffix = await viewer.SendAsync(Request(address, new RangeHeaderValue(null, 5)), Cancelled);
        (await suffix.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBe(bytes[^5..]);
        using var beyond = await viewer.SendAsync(Request(address, new RangeHeaderValue(100_000, null)), Cancelled);
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        var other = Request(address, new RangeHeaderValue(0, 9));
        other.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"another\""));
        using var changed = await viewer.SendAsync(other, Cancelled);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var head = await viewer.SendAsync(new HttpRequestMessage(HttpMethod.Head, address), Cancelled);
        head.Content.Headers.ContentLength.ShouldBe(100_000);

        using var guest = stage.As(stage.Guest);
        (await guest.GetAsync(address, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var stranger = stage.As(stage.Stranger);
        (await stranger.GetAsync(address, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Earlier_versions_are_listed_and_can_be_downloaded()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var first = (await stage.PutAsync("d/a.dm3", [1]))["file"]!;
        var second = (await stage.PutAsync("d/a.dm3", [2, 2]))["file"]!;
        using var viewer = stage.As(stage.Viewer);
        var versions = JsonNode.Parse(await viewer.GetStringAsync($"files/{second["id"]}/versions", Cancelled))!["items"]!.AsArray();
        versions.Select(file => $"{file!["version"]} {file["isCurrent"]}").ShouldBe(["2 true", "1 false"]);
        (await viewer.GetByteArrayAsync($"files/{first["id"]}/content", Cancelled)).ShouldBe([1]);
    }

    [Fact]
    public async Task Under_embargo_only_those_who_may_edit_can_download()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var deposited = await stage.PutAsync("d/a.dm3", [1]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var viewer = new TestActor(stage.Viewer, stage.As(stage.Viewer));
        await owner.MustAsync("PATCH", $"file-sets/{deposited["fileSetId"]}", new JsonObject { ["embargoUntil"] = "2999-01-01T00:00:00Z" }, "*");
        await viewer.MustFailAsync(403, "embargoed", "GET", $"files/{deposited["file"]!["id"]}/content");
        (await owner.Client.GetByteArrayAsync($"files/{deposited["file"]!["id"]}/content", Cancelled)).ShouldBe([1]);
        await viewer.MustAsync("GET", $"files/{deposited["file"]!["id"]}");
    }

    [Fact]
    public async Task A_lost_picture_is_made_again()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var id = (Guid)(await stage.PutAsync("d/a.tif", [1]))["fileSetId"]!;
        var picture = DepositStage.Bytes("picture");
        var digest = SHA256.HashData(picture);
        await using (var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("""
                update tasks set state = 'succeeded';
                insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds) values (@extraction, @id, 1, 'tiff', 'TIFF', '1', '1', '{}', 0.1);
                insert into images (id, extraction_id, file_set_id, index, shape, pixel_type, axes) values (gen_random_uuid(), @extraction, @id, 0, '{4,5}', 'uint8', '[]');
                insert into artifacts (extraction_id, name, media_type, sha256, size) values (@extraction, 'thumbnail-0', 'image/jpeg', @digest, 300);
                update file_sets set extraction_id = @extraction, reading = 'read' where id = @id;
                """, new { id, extraction = Guid.CreateVersion7(), digest });
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var address = (string)(await owner.MustAsync("GET", $"file-sets/{id}"))["thumbnail"]!;
        await owner.MustFailAsync(404, "being-rebuilt", "GET", address);
        (await stage.ScalarAsync<long>("select count(*) from tasks where state = 'queued'")).ShouldBe(1);

        var hex = Convert.ToHexStringLower(digest);
        Directory.CreateDirectory(Path.Combine(stage.Hub.Options.ArtifactFolder, hex[..3]));
        await File.WriteAllBytesAsync(Path.Combine(stage.Hub.Options.ArtifactFolder, hex[..3], hex), picture, Cancelled);
        using var answer = await owner.SendAsync("GET", address);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await answer.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBe(picture);
        await owner.MustFailAsync(404, "not-found", "GET", $"file-sets/{id}/metadata");
    }

    [Fact]
    public async Task A_set_is_read_again_on_request()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var id = (Guid)(await stage.PutAsync("d/a.tif", [1]))["fileSetId"]!;
        await stage.ScalarAsync<object>("update tasks set state = 'failed' returning 1");
        using var client = stage.As(stage.Owner);
        (await client.PostAsync($"file-sets/{id}/extract", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsync($"file-sets/{id}/extract", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await stage.ScalarAsync<long>("select count(*) from tasks where state = 'queued'")).ShouldBe(1);
        using var viewer = stage.As(stage.Viewer);
        (await viewer.PostAsync($"file-sets/{id}/extract", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static HttpRequestMessage Request(string address, RangeHeaderValue range) => new(HttpMethod.Get, address) { Headers = { Range = range } };

    private static async Task<string[]> NamesAsync(HttpClient client, string address)
    {
        List<string> names = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonNode.Parse(await client.GetStringAsync($"{address}{(address.Contains('?') ? '&' : '?')}cursor={cursor}", Cancelled))!;
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            cursor = (string?)page["next"];
        }

        return [.. names];
    }
}
