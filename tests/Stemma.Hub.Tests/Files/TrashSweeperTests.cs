using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Queue;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class TrashSweeperTests(TestDatabase database)
{
    private const string Content = "select (select count(*) from extractions) + (select count(*) from images) + (select count(*) from artifacts) + (select count(*) from files where blob_sha256 is not null or is_current)";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_set_becomes_a_tombstone_that_tells_its_story_and_cannot_be_put_back()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var deposited = await stage.PutAsync("d/a.tif", [1, 2, 3]);
        var (set, dataset) = ((Guid)deposited["fileSetId"]!, (Guid)deposited["datasetId"]!);
        await stage.PutAsync("d/kept.tif", [4]);
        await ReadAsync(stage, set);
        var running = (await stage.Hub.Services.GetRequiredService<TaskQueue>().ClaimAsync(new ClaimRequest("w", ["extract"], 9), Cancelled)).Single(task => task.FileSetId == set);
        var trashed = await owner.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        await AgeAsync(stage, days: 31);
        await SweepAsync(stage);

        (await owner.MustAsync("GET", "trash"))["items"]!.AsArray().ShouldBeEmpty();
        var gone = await owner.MustFailAsync(410, "purged", "POST", $"trash/{trashed["trashId"]}/restore");
        ((string)gone["detail"]!).ShouldContain("\"a.tif\" was in the trash");
        (await stage.ScalarAsync<string>("select name || ' ' || (purged_at is not null) || ' ' || (extraction_id is null) from file_sets where id = @set", new { set })).ShouldBe("a.tif true true");
        (await stage.ScalarAsync<string>("select path || ' ' || size || ' ' || encode(sha256, 'hex') || ' ' || (blob_sha256 is null) from files where file_set_id = @set", new { set }))
            .ShouldBe($"a.tif 3 {Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))} true");
        (await stage.ScalarAsync<long>(Content)).ShouldBe(1); // kept.tif
        (await stage.ScalarAsync<string>("select state from tasks where id = @Id", new { running.Id })).ShouldBe("cancelled");
        (await stage.ScalarAsync<long>("select count(*) from clearings")).ShouldBe(0);

        var history = await owner.MustAsync("GET", $"nodes/{dataset}/events");
        ((string)history["items"]![0]!["type"]!).ShouldBe("file-set.purged");
        ((string)history["items"]![0]!["words"]!).ShouldStartWith("removed \"a.tif\" for good (1 file), since it was thrown away on ");
        history["items"]!.AsArray().Select(entry => (string)entry!["type"]!).ShouldContain("file.deposited");
        // The path is free.
        await stage.PutAsync("d/a.tif", [1, 2, 3]);
    }

    [Fact]
    public async Task Until_the_grace_period_ends_everything_can_be_put_back_and_the_list_says_when_it_goes()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var set = (Guid)(await stage.PutAsync("d/a.tif", [1]))["fileSetId"]!;
        var other = (Guid)(await stage.PutAsync("e/b.tif", [2]))["datasetId"]!;
        await owner.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        await owner.MustAsync("DELETE", $"nodes/{other}", ifMatch: "*");
        await AgeAsync(stage, days: 29);
        await SweepAsync(stage);
        var items = (await owner.MustAsync("GET", "trash"))["items"]!.AsArray();
        items.Count.ShouldBe(2);
        foreach (var item in items)
        {
            Time(item!["purgesAt"]).ShouldBe(Time(item["trashedAt"]).AddDays(stage.Hub.Options.TrashDays));
            await owner.MustAsync("POST", $"trash/{item["trashId"]}/restore");
        }

        (await stage.ScalarAsync<long>("select count(*) from files where blob_sha256 is not null and is_current")).ShouldBe(2);
    }

    [Fact]
    public async Task A_project_goes_with_all_that_was_in_it_also_when_the_hub_is_killed_in_between()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var deposited = await stage.PutAsync("2026/d/a.tif", [1], query: "?levels=2");
        var (set, dataset) = ((Guid)deposited["fileSetId"]!, (Guid)deposited["datasetId"]!);
        await ReadAsync(stage, set);
        await using (var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("""
                with sets as (insert into file_sets (id, dataset_id, name, grouping_key, size) select gen_random_uuid(), @dataset, n || '.tif', n || '.tif', 5 from generate_series(1, 250) n returning id, name)
                insert into files (id, file_set_id, dataset_id, path, size, sha256, blob_sha256, deposited_by, deposited_via)
                select gen_random_uuid(), id, @dataset, name, 1, b.sha256, b.sha256, @Owner, 'upload' from sets, blobs b;
                update nodes set description = 'secret', tags = '{secret}';
                insert into samples (id, project_id, name, description) values (gen_random_uuid(), @Project, 'S1', 'secret');
                """, new { dataset, stage.Owner, stage.Project });
        var early = await owner.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        var trashed = await owner.MustAsync("DELETE", $"nodes/{stage.Project}", ifMatch: "*");
        await AgeAsync(stage, days: 31);

        // Decided, and killed after the first piece.
        (await stage.Hub.Services.GetRequiredService<NodePurge>().PurgeDueAsync(Cancelled)).ShouldBe(1);
        (await stage.Hub.Services.GetRequiredService<PurgedContent>().ClearNextAsync(Cancelled)).ShouldBeTrue();
        (await stage.ScalarAsync<long>("select count(*) from files where blob_sha256 is not null")).ShouldBe(151);
        await owner.MustFailAsync(410, "purged", "POST", $"trash/{trashed["trashId"]}/restore");
        await stage.Hub.RestartAsync();
        // The restarted hub sweeps by itself, too: whoever comes first.
        do
            await SweepAsync(stage);
        while (await stage.ScalarAsync<long>("select count(*) from clearings") > 0);

        (await stage.ScalarAsync<long>(Content)).ShouldBe(0);
        (await stage.ScalarAsync<long>("select count(*) from file_sets where purged_at is null")).ShouldBe(0);
        (await stage.ScalarAsync<string>("select string_agg(name, ' ' order by name) from nodes where purged_at is not null")).ShouldBe("2026 Additive manufacturing d");
        (await stage.ScalarAsync<long>("select (select count(*) from nodes where description <> '' or tags <> '{}') + (select count(*) from samples where description <> '')")).ShouldBe(0);
        (await stage.ScalarAsync<string>("select string_agg(type, ' ' order by type) from events where type like '%purged'")).ShouldBe("file-set.purged node.purged");
        (await stage.ScalarAsync<string>("select convert_from(body, 'utf8')::jsonb -> 'data' ->> 'fileSets' from events where type = 'node.purged'")).ShouldBe("250");
        (await stage.ScalarAsync<long>("select count(*) from event_objects o join events e on e.id = o.event_id where e.type = 'node.purged'")).ShouldBe(3);
        using var again = stage.As(stage.Owner);
        (await again.PostAsync($"trash/{early["trashId"]}/restore", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData("legalHold", "true")]
    [InlineData("retainUntil", "\"2199-12-31T00:00:00Z\"")]
    public async Task What_is_bound_from_above_stays_until_the_duty_ends(string duty, string value)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var set = (Guid)(await stage.PutAsync("d/a.tif", [1]))["fileSetId"]!;
        var other = (Guid)(await stage.PutAsync("e/b.tif", [2]))["datasetId"]!;
        await owner.MustAsync("DELETE", $"file-sets/{set}", ifMatch: "*");
        await owner.MustAsync("DELETE", $"nodes/{other}", ifMatch: "*");
        await AgeAsync(stage, days: 31);
        await owner.MustAsync("PATCH", $"nodes/{stage.Project}", new JsonObject { [duty] = JsonNode.Parse(value) }, "*");
        await SweepAsync(stage);
        var items = (await owner.MustAsync("GET", "trash"))["items"]!.AsArray();
        items.Count.ShouldBe(2);
        foreach (var item in items)
            if (duty == "legalHold")
                item!["purgesAt"].ShouldBeNull();
            else
                Time(item!["purgesAt"]).Year.ShouldBe(2199);

        await owner.MustAsync("PATCH", $"nodes/{stage.Project}", new JsonObject { ["legalHold"] = false, ["retainUntil"] = null }, "*");
        await SweepAsync(stage);
        (await owner.MustAsync("GET", "trash"))["items"]!.AsArray().ShouldBeEmpty();
        (await stage.ScalarAsync<long>("select count(*) from files where blob_sha256 is not null")).ShouldBe(0);
    }

    [Theory]
    [InlineData("update file_sets set legal_hold = true returning 1")]
    [InlineData("update file_sets set retain_until = now() + interval '1 day' returning 1")]
    public async Task What_is_bound_within_keeps_all_that_was_thrown_away_with_it(string bind)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        var dataset = (Guid)(await stage.PutAsync("d/a.tif", [1]))["datasetId"]!;
        await owner.MustAsync("DELETE", $"nodes/{dataset}", ifMatch: "*");
        await AgeAsync(stage, days: 31);
        await stage.ScalarAsync<int>(bind);
        await SweepAsync(stage);
        (await owner.MustAsync("GET", "trash"))["items"]!.AsArray().Count.ShouldBe(1);
        await stage.ScalarAsync<int>("update file_sets set legal_hold = false, retain_until = null returning 1");
        await SweepAsync(stage);
        (await owner.MustAsync("GET", "trash"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_hubs_end_each_thing_once()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        for (var number = 0; number < 6; number++)
        {
            var deposited = await stage.PutAsync($"d{number}/a.tif", [(byte)number]);
            await owner.MustAsync("DELETE", number % 2 == 0 ? $"file-sets/{deposited["fileSetId"]}" : $"nodes/{deposited["datasetId"]}", ifMatch: "*");
        }

        await AgeAsync(stage, days: 31);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SweepAsync(stage), Cancelled)));
        (await stage.ScalarAsync<string>("select string_agg(type || ' ' || count, ', ' order by type) from (select type, count(*) from events where type like '%purged' group by type) t"))
            .ShouldBe("file-set.purged 3, node.purged 3");
        (await stage.ScalarAsync<long>(Content)).ShouldBe(0);
    }

    private static Task SweepAsync(DepositStage stage) => stage.Hub.Services.GetRequiredService<TrashSweeper>().SweepAsync(Cancelled);

    private static DateTimeOffset Time(JsonNode? node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);

    private static Task AgeAsync(DepositStage stage, int days) => stage.ScalarAsync<object>("""
        with nodes_aged as (update nodes set trashed_at = trashed_at - make_interval(days => @days) where trashed_at is not null),
        sets_aged as (update file_sets set trashed_at = trashed_at - make_interval(days => @days) where trashed_at is not null) select 1
        """, new { days });

    /// <summary>As a worker would have read it.</summary>
    private static async Task ReadAsync(DepositStage stage, Guid set)
    {
        await using var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync("""
            insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds) values (@extraction, @set, 1, 'tiff', 'TIFF', '1', '1', '{}', 0.1);
            insert into images (id, extraction_id, file_set_id, index, shape, pixel_type, axes) values (gen_random_uuid(), @extraction, @set, 0, '{4,5}', 'uint8', '[]');
            insert into artifacts (extraction_id, name, media_type, sha256, size) values (@extraction, 'thumbnail-0', 'image/jpeg', sha256('x'), 300);
            update file_sets set extraction_id = @extraction, reading = 'read' where id = @set;
            """, new { set, extraction = Guid.CreateVersion7() });
    }
}
