using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Queue;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Rereading;

public sealed class RereadingTests(TestDatabase database)
{
    private static readonly ReadAs Old = new("1") { Acquisition = Terms(("pixel_size", 1e-10), ("accelerating_voltage", 200_000)) };
    private static readonly ReadAs New = new("2", "3")
    {
        Step = 0.098, Pixels = "others",
        Acquisition = Terms(("pixel_size", 0.98e-10), ("detector", "Ultrascan")),
        Original = new JsonObject { ["Microscope"] = new JsonObject { ["User"] = "JLAU", ["HT"] = 200.0, ["Cs"] = 1.2 } },
    };

    private static JsonObject Terms(params (string Term, object Value)[] terms) => new(terms.Select(term => KeyValuePair.Create(term.Term, (JsonNode?)new JsonObject
    {
        ["value"] = term.Value is string text ? JsonValue.Create(text) : JsonValue.Create(Convert.ToDouble(term.Value)), ["unit"] = term.Term == "pixel_size" ? "m" : null, ["source"] = "test",
    })));

    [Fact]
    public async Task After_an_upgrade_files_are_read_again_and_the_difference_is_told()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var sets = await stage.ReadFilesAsync(3, Old);
        (await stage.ReadFilesAsync(1, Old with { ReaderVersion = "2", MappingVersion = "3" })).ShouldHaveSingleItem();
        var before = await stage.SetAsync(sets[0]);

        await stage.AnnounceAsync("2", "3");
        await stage.FeedAsync();
        var during = await stage.SetAsync(sets[0]);
        during["reading"]!.ToString().ShouldBe("read", "what is read again is shown as it was read before");
        during["task"].ShouldBeNull();
        during["extraction"]!["readerVersion"]!.GetValue<string>().ShouldBe("1");

        // Two come out differently, one as before.
        var tasks = await stage.ClaimAsync(3);
        tasks.Count.ShouldBe(3);
        tasks.ShouldAllBe(task => task.Kind == "reread");
        await stage.CompleteAsync(tasks.Single(task => task.FileSetId == sets[0]), New);
        await stage.CompleteAsync(tasks.Single(task => task.FileSetId == sets[1]), New);
        await stage.CompleteAsync(tasks.Single(task => task.FileSetId == sets[2]), Old with { ReaderVersion = "2", MappingVersion = "3" });
        var batch = await stage.FinishAsync(New);

        batch["cause"]!.ToString().ShouldBe("upgrade");
        (Number(batch, "planned"), Number(batch, "done"), Number(batch, "same"), Number(batch, "changed")).ShouldBe((3, 3, 1, 2));
        var after = await stage.SetAsync(sets[0]);
        after["extraction"]!["mappingVersion"]!.GetValue<string>().ShouldBe("3");
        after["version"]!.GetValue<long>().ShouldBeGreaterThan(before["version"]!.GetValue<long>());
        (await stage.ScalarAsync<long>("select count(*) from extractions where file_set_id = any (@sets)", new { sets })).ShouldBe(3, "what was read before is not kept twice");

        var keys = (await stage.Administrator.MustAsync("GET", $"rereadings/{batch["id"]}/keys"))["items"]!.AsArray();
        keys.Select(key => $"{key!["key"]} {key["change"]} {key["files"]} {key["before"]} → {key["after"]}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "acquisition.accelerating_voltage removed 2 200000 → ", "acquisition.detector added 2  → Ultrascan", "acquisition.pixel_size changed 2 1e-10 m → 9.8e-11 m",
            "image.pixels changed 2 6ec9c2b0 → 01db91d0", "image.x.step changed 2 0.1 nm → 0.098 nm", "image.y.step changed 2 0.1 nm → 0.098 nm", "original.Microscope.Cs added 2  → 1.2",
        ]); // 200 and 200.0 are one value.
        var files = (await stage.Administrator.MustAsync("GET", $"rereadings/{batch["id"]}/files?key=acquisition.pixel_size"))["items"]!.AsArray();
        files.Select(file => file!["fileSetId"]!.GetValue<Guid>()).Order().ShouldBe(sets.Take(2).Order());
        files[0]!["changes"]!.AsArray().ShouldHaveSingleItem()!["after"]!.GetValue<string>().ShouldBe("9.8e-11 m");
        var own = (await stage.Administrator.MustAsync("GET", $"file-sets/{sets[0]}/rereadings"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (own["before"]!["readerVersion"]!.GetValue<string>(), own["after"]!["readerVersion"]!.GetValue<string>(), own["changeCount"]!.GetValue<int>()).ShouldBe(("1", "2", 7));
        (await stage.Administrator.MustAsync("GET", $"file-sets/{sets[2]}/rereadings"))["items"]!.AsArray().ShouldBeEmpty();

        (await stage.ScalarAsync<string>("select string_agg(type, ' ' order by object_sequence) from events where object_kind = 'rereading'")).ShouldBe("rereading.started rereading.ended");
        var words = (await stage.Administrator.MustAsync("GET", $"file-sets/{sets[0]}/events"))["items"]![0]!["words"]!.GetValue<string>();
        words.ShouldBe("read \"001.dm3\" again as DigitalMicrograph 3: 7 facts came out differently");
    }

    [Fact]
    public async Task What_reads_the_same_is_not_changed_for_people()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var set = (await stage.ReadFilesAsync(1, Old)).Single();
        var before = await stage.SetAsync(set);
        await stage.AnnounceAsync("2");
        await stage.FinishAsync(Old with { ReaderVersion = "2" });
        var after = await stage.SetAsync(set);
        after["extraction"]!["readerVersion"]!.GetValue<string>().ShouldBe("2");
        (after["version"]!.ToString(), after["modifiedAt"]!.ToString()).ShouldBe((before["version"]!.ToString(), before["modifiedAt"]!.ToString()));
        (await stage.ScalarAsync<long>("select count(*) from rereading_files")).ShouldBe(0, "only its number is kept");
    }

    [Fact]
    public async Task Deposits_go_before_files_that_are_read_again()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(40, Old);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        (await stage.ScalarAsync<long>("select count(*) from tasks where kind = 'reread' and state = 'queued'")).ShouldBe(40);
        (await stage.ClaimAsync()).Count.ShouldBe(4, "few are given out at once, however many are asked for");
        var deposited = await stage.DepositAsync();
        (await stage.ClaimAsync()).ShouldHaveSingleItem().FileSetId.ShouldBe(deposited, "a deposit comes next, and alone");
        (await stage.ClaimAsync()).ShouldAllBe(task => task.Kind == "reread");
    }

    [Fact]
    public async Task A_batch_is_given_to_the_queue_in_slices()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(1, Old);
        // Many more like it.
        await stage.ScalarAsync<object?>("""
            with made as (insert into file_sets (id, dataset_id, name, grouping_key, reading)
                select gen_random_uuid(), dataset_id, n || '.dm3', n || '.dm3', 'read' from file_sets, generate_series(1001, 3500) n returning id),
            read as (insert into extractions (id, file_set_id, membership, format, format_name, reader_version, software_version, acquisition, seconds)
                select gen_random_uuid(), id, 1, 'dm3', 'DigitalMicrograph 3', '1', '0.1.0', '{}', 0.1 from made returning id, file_set_id)
            select count(*) from read
            """);
        await stage.ScalarAsync<object?>("update file_sets s set extraction_id = e.id from extractions e where e.file_set_id = s.id; select 1");
        var started = await stage.StartAsync("all");
        await stage.FeedAsync();
        (await stage.ScalarAsync<long>("select count(*) from tasks where kind = 'reread'")).ShouldBeLessThan(301);
        Number(await stage.NewestAsync(), "planned").ShouldBe(2501);
        var ended = await stage.FinishAsync(Old);
        (Number(ended, "done"), ended["id"]!.GetValue<Guid>()).ShouldBe((2501, started));
    }

    [Fact]
    public async Task Where_the_new_reader_fails_what_was_read_before_stays_and_the_failure_is_listed()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var set = (await stage.ReadFilesAsync(1, Old)).Single();
        await stage.AnnounceAsync("2");
        var batch = await stage.FinishAsync(New with { Failure = FailureKind.Damaged });
        (Number(batch, "failed"), Number(batch, "done")).ShouldBe((1, 1));
        var after = await stage.SetAsync(set);
        ((string?)after["reading"], after["extraction"]!["readerVersion"]!.GetValue<string>(), after["images"]!.AsArray().Count).ShouldBe(("read", "1", 1));
        var listed = (await stage.Administrator.MustAsync("GET", $"rereadings/{batch["id"]}/files?outcome=failed"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (listed["name"]!.GetValue<string>(), listed["note"]!.GetValue<string>(), listed["before"]!["readerVersion"]!.GetValue<string>()).ShouldBe(("001.dm3", "the reader does not like it", "1"));
        // The same readers again: nobody tries for ever.
        await stage.AnnounceAsync("2");
        (await stage.Administrator.MustAsync("GET", "rereadings"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_crashes_while_it_is_read_again_is_tried_three_times()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(1, Old);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var task = (await stage.ClaimAsync()).ShouldHaveSingleItem();
            task.Attempt.ShouldBe(attempt);
            await stage.CompleteAsync(task, New with { Failure = FailureKind.Crashed });
            await stage.FeedAsync();
            (await stage.NewestAsync())["state"]!.ToString().ShouldBe(attempt < 3 ? "running" : "ended");
            await stage.ScalarAsync<object?>("update tasks set run_after = now(); select 1");
        }
    }

    [Fact]
    public async Task What_had_no_reader_is_tried_again_when_readers_changed_and_only_then()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var (known, unknown) = (await stage.DepositAsync(), await stage.DepositAsync());
        var tasks = await stage.ClaimAsync();
        foreach (var task in tasks)
            await stage.CompleteAsync(task, new ReadAs { Failure = FailureKind.NoReader });
        (await stage.Administrator.MustAsync("GET", "readers"))["unread"]!.ToJsonString().ShouldBe("""{"noReader":2,"failed":0,"outOfDate":0}""");
        await stage.AnnounceAsync("1");
        (await stage.Administrator.MustAsync("GET", "rereadings"))["items"]!.AsArray().ShouldBeEmpty();

        await stage.AnnounceAsync("1", others: ["emd"]);
        await stage.FeedAsync();
        foreach (var task in await stage.ClaimAsync())
            await stage.CompleteAsync(task, task.FileSetId == known ? Old : new ReadAs { Failure = FailureKind.NoReader });
        var batch = await stage.FinishAsync(Old);
        (Number(batch, "newlyRead"), Number(batch, "unreadable")).ShouldBe((1, 1));
        ((string?)(await stage.SetAsync(known))["reading"], (string?)(await stage.SetAsync(unknown))["reading"]).ShouldBe(("read", "no_reader"));
        (await stage.Administrator.MustAsync("GET", "readers"))["unread"]!.ToJsonString().ShouldBe("""{"noReader":1,"failed":0,"outOfDate":0}""");
    }

    [Fact]
    public async Task An_older_worker_reads_nothing_backwards()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("2", "1", "0.2.0");
        var newest = stage.Generation;
        await stage.ReadFilesAsync(2, Old with { ReaderVersion = "2" });

        foreach (var (reader, software) in new[] { ("1", "0.1.0"), ("3", "0.1.9"), ("1", "0.2.0") })
        {
            await stage.AnnounceAsync(reader, "1", software);
            stage.Generation.ShouldBeNull($"{reader} of {software} is older");
        }

        (await stage.Administrator.MustAsync("GET", "readers"))["readers"]![0]!["readerVersion"]!.GetValue<string>().ShouldBe("2");
        (await stage.Administrator.MustAsync("GET", "rereadings"))["items"]!.AsArray().ShouldBeEmpty();
        await stage.StartAsync("all");
        await stage.FeedAsync();
        (await stage.ClaimAsync(generation: newest - 1)).ShouldBeEmpty();
        (await stage.ClaimAsync()).ShouldBeEmpty();
        (await stage.ClaimAsync(generation: newest)).Count.ShouldBe(2);
        // Ten is more than nine, and a development version comes before its release.
        await stage.AnnounceAsync("2", "1", "0.10.0-dev.2");
        stage.Generation.ShouldBe(newest, "the same readers are the same, whatever they come with");
        await stage.AnnounceAsync("1", "1", "0.10.0");
        stage.Generation!.Value.ShouldBeGreaterThan(newest!.Value);
    }

    [Fact]
    public async Task A_batch_is_paused_gone_on_with_and_cancelled()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(6, Old);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        var id = (await stage.NewestAsync())["id"];
        var running = await stage.ClaimAsync(1);
        await Change("paused");
        await stage.FeedAsync();
        (await stage.ClaimAsync()).ShouldBeEmpty();
        await stage.CompleteAsync(running.Single(), New);
        await stage.FeedAsync();
        (Number(await stage.NewestAsync(), "changed"), (string?)(await stage.NewestAsync())["state"]).ShouldBe((1, "paused"));

        await Change("running");
        await stage.FeedAsync();
        running = await stage.ClaimAsync(1);
        await Change("cancelled");
        await stage.FeedAsync();
        (await stage.ClaimAsync()).ShouldBeEmpty();
        await stage.CompleteAsync(running.Single(), New);
        await stage.FeedAsync();
        var end = await stage.NewestAsync();
        ((string?)end["state"], Number(end, "done"), Number(end, "reading")).ShouldBe(("cancelled", 2, 0));
        await stage.Administrator.MustFailAsync(409, "rereading-over", "PATCH", $"rereadings/{id}", new JsonObject { ["state"] = "running" });
        await stage.Administrator.MustFailAsync(400, "invalid", "PATCH", $"rereadings/{await stage.StartAsync()}", new JsonObject { ["state"] = "ended" });

        Task<JsonNode> Change(string state) => stage.Administrator.MustAsync("PATCH", $"rereadings/{id}", new JsonObject { ["state"] = state });
    }

    [Fact]
    public async Task A_batch_survives_a_restart()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(5, Old);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        await stage.CompleteAsync((await stage.ClaimAsync(1)).Single(), New);
        await stage.Hub.RestartAsync();
        // The hub belongs to the stage before.
        var batch = await stage.Anew().FinishAsync(New);
        (Number(batch, "done"), Number(batch, "changed")).ShouldBe((5, 5));
    }

    [Fact]
    public async Task Newer_readers_end_what_an_upgrade_before_still_had_to_do()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(3, Old);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        await stage.AnnounceAsync("3");
        var batch = await stage.FinishAsync(New with { ReaderVersion = "3" });
        Number(batch, "changed").ShouldBe(3);
        (await stage.Administrator.MustAsync("GET", "rereadings"))["items"]!.AsArray().Select(item => (string?)item!["state"]).ShouldBe(["ended", "cancelled"]);
    }

    [Fact]
    public async Task An_administrator_chooses_by_format_and_place_where_upgrades_start_nothing()
    {
        await using var stage = await RereadingStage.SetAsync(database, options => options.RereadAfterUpgrade = false);
        await stage.AnnounceAsync("1");
        var other = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Polymers"), "Day 1");
        await stage.ReadFilesAsync(2, Old);
        await stage.ReadFilesAsync(3, Old, other);
        await stage.Administrator.MustFailAsync(409, "nothing-to-read", "POST", "rereadings", new JsonObject { ["choice"] = "outdated" });
        await stage.AnnounceAsync("2");
        (await stage.Administrator.MustAsync("GET", "rereadings"))["items"]!.AsArray().ShouldBeEmpty();
        var reader = (await stage.Administrator.MustAsync("GET", "readers"))["readers"]![0]!;
        (Number(reader, "files"), Number(reader, "outOfDate")).ShouldBe((5, 5));

        await stage.Administrator.MustFailAsync(409, "nothing-to-read", "POST", "rereadings", new JsonObject { ["format"] = "tiff" });
        await stage.StartAsync(node: stage.Project);
        var first = await stage.FinishAsync(New with { MappingVersion = "1" });
        (Number(first, "planned"), Number(first, "changed")).ShouldBe((2, 2));
        await stage.StartAsync(format: "dm3");
        var second = await stage.FinishAsync(New with { MappingVersion = "1" });
        (Number(second, "planned"), Number(second, "changed")).ShouldBe((3, 3));
        (await stage.Administrator.MustAsync("GET", "readers"))["readers"]![0]!["versions"]!.ToJsonString().ShouldBe("""[{"readerVersion":"2","mappingVersion":"1","files":5}]""");
        await stage.Administrator.MustFailAsync(400, "invalid", "POST", "rereadings", new JsonObject { ["choice"] = "some" });
        await stage.Administrator.MustFailAsync(404, "not-found", "POST", "rereadings", new JsonObject { ["nodeId"] = Guid.NewGuid().ToString() });
    }

    [Fact]
    public async Task What_is_in_the_trash_is_not_counted_and_not_read_again()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var sets = await stage.ReadFilesAsync(3, Old);
        var gone = await stage.Administrator.DatasetAsync(stage.Project, "Gone");
        await stage.ReadFilesAsync(2, Old, gone);
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        await Trash($"file-sets/{sets[0]}");
        await Trash($"nodes/{gone}");
        var reader = (await stage.Administrator.MustAsync("GET", "readers"))["readers"]![0]!;
        (Number(reader, "files"), Number(reader, "outOfDate")).ShouldBe((2, 2));
        var batch = await stage.FinishAsync(New);
        (Number(batch, "overtaken"), (string)batch["state"]!).ShouldBe((1, "ended"));
        (await stage.ScalarAsync<string>("select reader_version from extractions where file_set_id = @set", new { set = sets[0] })).ShouldBe("1");
        (await stage.ScalarAsync<long>("select count(*) - max(object_sequence) from events where object_id = @set", new { set = sets[0] })).ShouldBe(0, "no number of its history is left out");

        async Task Trash(string what) => await stage.Administrator.MustAsync("DELETE", what, ifMatch: "*");
    }

    [Fact]
    public async Task A_set_that_gets_other_members_while_it_is_read_again_is_read_as_it_is_then()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var set = (await stage.ReadFilesAsync(1, Old)).Single();
        await stage.AnnounceAsync("2");
        await stage.FeedAsync();
        var task = (await stage.ClaimAsync()).Single();
        await stage.ScalarAsync<object?>("update file_sets set membership = membership + 1 where id = @set; select 1", new { set });
        await stage.CompleteAsync(task, New);
        (await stage.SetAsync(set))["extraction"]!["readerVersion"]!.GetValue<string>().ShouldBe("1");
        Number(await stage.FinishAsync(New), "overtaken").ShouldBe(1);
        (await stage.ScalarAsync<long>("select count(*) - max(object_sequence) from events where object_id = @set", new { set })).ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_who_has_one_file_read_again_sees_what_came_out_differently_and_others_see_nothing()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var set = (await stage.ReadFilesAsync(1, Old)).Single();
        await stage.Administrator.MustAsync("POST", $"file-sets/{set}/extract");
        await stage.ReadAllAsync(New);
        var told = (await stage.Administrator.MustAsync("GET", $"file-sets/{set}/rereadings"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (told["rereadingId"], Number(told, "changeCount")).ShouldBe((null, 7));

        var outsider = await stage.Hub.AccountAsync("olaf");
        await outsider.MustFailAsync(404, "not-found", "GET", $"file-sets/{set}/rereadings");
        await outsider.MustFailAsync(403, "not-an-administrator", "GET", "readers");
        await outsider.MustFailAsync(403, "not-an-administrator", "POST", "rereadings", new JsonObject());
    }

    [Fact]
    public async Task Search_follows_what_was_read_again()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        await stage.ReadFilesAsync(1, Old);
        await stage.AnnounceAsync("2");
        await stage.FinishAsync(New);
        var indexer = stage.Hub.Services.GetRequiredService<SearchIndexer>();
        do
            await indexer.TakeAsync(TestContext.Current.CancellationToken);
        while (await stage.ScalarAsync<bool>("select exists (select from search_changes)"));
        (await stage.Administrator.MustAsync("GET", "search?q=detector:Ultrascan"))["items"]!.AsArray().Count.ShouldBe(1);
        (await stage.Administrator.MustAsync("GET", "search?q=accelerating_voltage:200kV"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_difference_is_bounded_and_counts_all()
    {
        await using var stage = await RereadingStage.SetAsync(database);
        await stage.AnnounceAsync("1");
        var set = (await stage.ReadFilesAsync(1, Old)).Single();
        await stage.AnnounceAsync("2");
        var many = new JsonObject(Enumerable.Range(0, 500).Select(index => KeyValuePair.Create($"Key{index:000}", (JsonNode?)JsonValue.Create(new string('x', 5000)))));
        await stage.FinishAsync(Old with { ReaderVersion = "2", Original = many });
        var told = (await stage.Administrator.MustAsync("GET", $"file-sets/{set}/rereadings"))["items"]![0]!;
        (Number(told, "changeCount"), told["changes"]!.AsArray().Count).ShouldBe((502, 100));
        told["changes"]!.AsArray().Max(change => ((string?)change!["after"])?.Length ?? 0).ShouldBe(200);
    }

    private static long Number(JsonNode of, string member) => of[member]!.GetValue<long>();
}
