using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Storage;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

/// <summary>Several files in one request come to the same as as many requests: each is deposited or refused by itself.</summary>
public sealed class TogetherTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_several_folders_come_to_what_as_many_requests_come_to()
    {
        string[] paths = ["a/1.dm3", "a/2.dm3", "b/pair.tif", "b/pair.txt", "b/scan.emi", "b/scan_1.ser", "b/scan_2.ser", "b/tree.zarr/zarr.json", "b/tree.zarr/c/0/0", "b/tree.zarr/c/0/1", "loose.mrc"];
        await using var together = await DepositStage.SetAsync(database);
        var outcomes = await TogetherRequest.SendAsync(together, TogetherRequest.Body([.. paths.Select(path => (path, DepositStage.Bytes(path)))]));
        outcomes.Select(outcome => (string)outcome!["path"]!).ShouldBe(paths);
        outcomes.ShouldAllBe(outcome => outcome!["problem"] == null && !(bool)outcome["deposited"]!["alreadyThere"]!);

        await using var apart = await DepositStage.SetAsync(database);
        foreach (var path in paths)
            await apart.PutAsync(path, DepositStage.Bytes(path));
        (await StateAsync(together)).ShouldBe(await StateAsync(apart));
    }

    /// <summary>Names that depend on each other in every way, in any order, with other bytes at the same path and the same bytes at others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_sent_together_comes_to_what_as_many_requests_come_to(int seed)
    {
        string[] names = ["a.tif", "a.txt", "a.hdr", "scan.emi", "scan_1.ser", "scan_2.ser", "tree.zarr/zarr.json", "tree.zarr/c/0", "tree.zarr/tree.zarr/c/1", "b.nhdr", "b.raw", "b.mrc", "b.mrc.mdoc",
            "Session.asw", "sub/View000.img", "sub/a.tif", "sub/Session.asw", "sub/deep/x.img", "sub/a.txt",
            "plain/.zgroup", "plain/0.0", "plain/c", "plain/sub/.zarray", "plain/sub/0", "plain/note.txt"];
        var random = new Random(seed);
        var files = Enumerable.Range(0, 80).Select(_ => ($"{"de"[random.Next(2)]}/{names[random.Next(names.Length)]}", new[] { (byte)random.Next(4) })).ToArray();
        await using var together = await DepositStage.SetAsync(database);
        List<string> told = [];
        foreach (var lot in files.Chunk(20))
            told.AddRange((await TogetherRequest.SendAsync(together, TogetherRequest.Body(lot))).Select(outcome => Told(outcome!["deposited"]!)));
        await using var apart = await DepositStage.SetAsync(database);
        List<string> toldApart = [];
        using (var client = apart.As(apart.Owner))
            foreach (var (path, bytes) in files)
            {
                using var answer = await client.PutAsync(DepositStage.FilesOf(apart.Project, path), new ByteArrayContent(bytes), Cancelled);
                toldApart.Add(Told(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!));
            }

        told.ShouldBe(toldApart);
        (await StateAsync(together)).ShouldBe(await StateAsync(apart));

        static string Told(JsonNode deposited) => $"{deposited["file"]!["path"]} {deposited["file"]!["version"]} {deposited["file"]!["role"]} {deposited["alreadyThere"]}";
    }

    [Fact]
    public async Task The_answer_says_of_each_file_what_asking_for_it_says()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(("d/a.dm3", [1]), ("d/b.dm3", [2, 3]), ("d/c.dm3", [])));
        using var client = stage.As(stage.Owner);
        foreach (var outcome in outcomes)
        {
            var told = outcome!["deposited"]!["file"]!;
            JsonNode.Parse(await client.GetStringAsync($"files/{told["id"]}", Cancelled))!.ToJsonString().ShouldBe(told.ToJsonString());
        }

        (await client.GetByteArrayAsync($"files/{outcomes[1]!["deposited"]!["file"]!["id"]}/content", Cancelled)).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task One_bad_file_does_not_keep_the_others_away()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var digest = Convert.ToHexStringLower(SHA256.HashData([7]));
        var manifest = TogetherRequest.Manifest(("d/a.dm3", 1, digest), ("d/../b.dm3", 1, digest), ("d/c.dm3", 1, Convert.ToHexStringLower(SHA256.HashData([8]))), ("d/e.dm3", 1, digest));
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(manifest, [7, 7, 7, 7]));
        outcomes.Select(outcome => (string?)outcome!["problem"]?["type"]).ShouldBe([null, "urn:stemma:problem:path-refused", "urn:stemma:problem:digest-mismatch", null]);
        (await stage.ScalarAsync<string>("select string_agg(path, ' ' order by path) from files")).ShouldBe("a.dm3 e.dm3");
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_bytes_change_nothing_other_bytes_are_a_new_version_and_a_path_named_twice_has_both()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/same.dm3", [1]);
        await stage.PutAsync("d/other.dm3", [2]);
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(
            ("d/same.dm3", [1]), ("d/other.dm3", [3]), ("d/new.dm3", [4]), ("d/twice.dm3", [5]), ("d/twice.dm3", [6]), ("d/copy.dm3", [4])));
        outcomes.Select(outcome => $"{outcome!["deposited"]!["file"]!["path"]} {outcome["deposited"]!["file"]!["version"]} {outcome["deposited"]!["alreadyThere"]}").ShouldBe(
            ["same.dm3 1 true", "other.dm3 2 false", "new.dm3 1 false", "twice.dm3 1 false", "twice.dm3 2 false", "copy.dm3 1 false"]);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(6);
        (await stage.ScalarAsync<long>("select count(*) from files f where not exists (select from events e where e.object_id = f.id and e.object_sequence = 1 and e.type = 'file.deposited')")).ShouldBe(0);
    }

    [Fact]
    public async Task Many_senders_of_the_same_files_lose_nothing_and_make_nothing_twice()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var files = Enumerable.Range(0, 30).Select(number => ($"d/{number}.tif", DepositStage.Bytes($"{number % 20}"))).Append(("d/3.txt", [1])).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(sender =>
        {
            var own = files.ToArray();
            new Random(sender).Shuffle(own);
            return TogetherRequest.SendAsync(stage, TogetherRequest.Body(own));
        }));
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(31);
        (await stage.ScalarAsync<long>("select count(*) from file_sets")).ShouldBe(30);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(21);
        (await stage.ScalarAsync<long>("select count(*) from tasks where kind = 'extract'")).ShouldBe(30);
    }

    [Fact]
    public async Task What_may_not_go_there_is_refused_before_its_bytes_are_read()
    {
        await using var stage = await DepositStage.SetAsync(database);
        foreach (var (account, status) in new[] { (stage.Viewer, HttpStatusCode.Forbidden), (stage.Stranger, HttpStatusCode.NotFound) })
        {
            using var client = stage.As(account);
            using var answer = await client.PostAsync($"nodes/{stage.Project}/files", TogetherRequest.Body(("d/a.dm3", [1])), Cancelled);
            answer.StatusCode.ShouldBe(status);
        }

        (await stage.ScalarAsync<long>("select count(*) from nodes")).ShouldBe(1);
    }

    [Theory]
    [InlineData("", "", "first line")]
    [InlineData("not json", "", "no JSON")]
    [InlineData("""{"files":[]}""", "", "names no files")]
    [InlineData("""{"files":[null]}""", "", "File 1")]
    [InlineData("""{"files":[{"path":"a","size":-1,"sha256":"00"}]}""", "", "File 1")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":"00"}]}""", "x", "64 hexadecimal")]
    [InlineData("""{"files":[{"path":"a","size":17000000,"sha256":"DIGEST"}]}""", "x", "Send larger files by themselves")]
    [InlineData("""{"files":[{"path":"a","size":2,"sha256":"DIGEST"}]}""", "x", "1 bytes before the end of a")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":"DIGEST"}]}""", "xy", "goes on after the last file")]
    public async Task A_body_that_cannot_be_understood_keeps_nothing(string manifest, string bytes, string expected)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var body = TogetherRequest.Body(manifest.Replace("DIGEST", Convert.ToHexStringLower(SHA256.HashData("x"u8))), Encoding.ASCII.GetBytes(bytes));
        using var answer = await client.PostAsync($"nodes/{stage.Project}/files", body, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["detail"]!).ShouldContain(expected);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_than_is_taken_at_once_is_refused_with_the_numbers()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var digest = new string('0', 64);
        foreach (var (manifest, expected) in new[]
        {
            (TogetherRequest.Manifest([.. Enumerable.Range(0, 257).Select(number => ($"{number}", 0L, digest))]), "257"),
            (TogetherRequest.Manifest(("a", 16 << 20, digest), ("b", 1, digest)), "16777217"),
        })
        {
            using var answer = await client.PostAsync($"nodes/{stage.Project}/files", TogetherRequest.Body(manifest, []), Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain(expected);
        }
    }

    [Theory]
    [InlineData("data")]
    [InlineData("folder")]
    public async Task A_file_whose_sync_fails_is_refused_alone_and_kept_nowhere(string which)
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/first.dm3", [0]);
        FailingSync.Once(stage.Hub.Services.GetRequiredService<LocalBlobStore>(), which);
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(("d/a.dm3", [1]), ("d/b.dm3", [2]), ("d/c.dm3", [3])));
        outcomes.Count(outcome => (string?)outcome!["problem"]?["type"] == "urn:stemma:problem:storage-failed").ShouldBe(1);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(3);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(3);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_of_several_datasets_stand_in_nobodys_way_who_takes_the_datasets_in_another_order()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var datasets = new List<Guid>();
        foreach (var name in new[] { "a", "b" })
            datasets.Add((Guid)(await stage.PutAsync($"{name}/first.dm3", [0]))["datasetId"]!);
        datasets.Sort();
        await using var other = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        await using var trashing = await other.BeginTransactionAsync(Cancelled);
        await other.ExecuteAsync("set local deadlock_timeout = '10ms'; update nodes set version = version + 1 where id = @id", new { id = datasets[1] });
        var sending = TogetherRequest.SendAsync(stage, TogetherRequest.Body(("a/x.dm3", [1]), ("b/x.dm3", [2])));
        while (await other.ExecuteScalarAsync<long>("select count(*) from pg_locks where not granted") == 0)
            await Task.Delay(5, Cancelled);
        await other.ExecuteAsync("update nodes set version = version + 1 where id = @id", new { id = datasets[0] });
        await trashing.CommitAsync(Cancelled);
        (await sending).ShouldAllBe(outcome => outcome!["problem"] == null);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("folder")]
    public async Task Where_no_file_can_be_kept_each_is_refused_and_none_is_a_fault(string which)
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/first.dm3", [0]);
        var store = stage.Hub.Services.GetRequiredService<LocalBlobStore>();
        Action<Microsoft.Win32.SafeHandles.SafeFileHandle, string> full = (_, path) => throw new IOException($"fsync of {path} failed: no space left on device", 28);
        store.Sync = which == "data" ? store.Sync with { Data = full } : store.Sync with { Folder = full };
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(("d/a.dm3", [1]), ("d/b.dm3", [2])));
        outcomes.ShouldAllBe(outcome => (string?)outcome!["problem"]!["type"] == "urn:stemma:problem:storage-full");
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(1);
    }

    [Fact]
    public async Task Where_no_path_can_be_used_each_is_refused()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(("../a.dm3", [1]), ("d//b.dm3", [2])));
        outcomes.ShouldAllBe(outcome => (string?)outcome!["problem"]!["type"] == "urn:stemma:problem:path-refused");
    }

    [Theory]
    [InlineData("""{"files":[{"path":null,"size":1,"sha256":"DIGEST"}]}""")]
    [InlineData("""{"files":[{"size":1,"sha256":"DIGEST"}]}""")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":null}]}""")]
    [InlineData("""{"files":[{"path":"\ud800","size":1,"sha256":"DIGEST"}]}""")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":"DIGEST","modifiedAt":"0001-01-01T00:00:00+14:00"}]}""")]
    [InlineData("""{"files":[{"path":"a","size":1,"sha256":"DIGEST"}]} {"files":[]}""")]
    public async Task A_first_line_that_says_what_cannot_be_is_refused(string manifest)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var answer = await client.PostAsync($"nodes/{stage.Project}/files",
            TogetherRequest.Body(manifest.Replace("DIGEST", Convert.ToHexStringLower(SHA256.HashData("x"u8))), "x"u8.ToArray()), Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync(Cancelled));
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
    }

    [Fact]
    public async Task A_path_too_long_for_the_catalog_is_refused_and_the_others_go_on()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var random = new Random(1);
        // Nothing that PostgreSQL could press into the space of an index entry.
        var path = "d/" + string.Join('/', Enumerable.Range(0, 12).Select(_ => string.Concat(Enumerable.Range(0, 125).Select(_ => $"{random.Next(256):x2}"))));
        ((string?)(await stage.PutAsync("d/alone/" + path, [1], expected: HttpStatusCode.BadRequest))["type"]).ShouldBe("urn:stemma:problem:path-refused");
        var outcomes = await TogetherRequest.SendAsync(stage, TogetherRequest.Body(("d/a.dm3", [1]), (path, [2]), ("d/b.dm3", [3])));
        outcomes.Select(outcome => (string?)outcome!["problem"]?["type"]).ShouldBe([null, "urn:stemma:problem:path-refused", null]);
    }

    /// <summary>Everything that a person could tell apart: nodes, sets with their files, tasks and the words of the history.</summary>
    private static async Task<string> StateAsync(DepositStage stage)
    {
        await using var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        var rows = await connection.QueryAsync<string>("""
            select 'node ' || kind || ' ' || name from nodes
            union all
            select 'file ' || n.name || ' ' || s.name || ' ' || s.grouping_key || ' ' || s.membership || ' ' || s.size || ' ' || s.reading || ' ' || f.path || ' ' || f.version || ' ' || f.role
                || ' ' || f.size || ' ' || encode(f.sha256, 'hex') || ' ' || f.media_type || ' ' || f.deposited_via || ' ' || (f.blob_sha256 = f.sha256)
            from files f join file_sets s on s.id = f.file_set_id join nodes n on n.id = f.dataset_id
            union all
            select 'task ' || t.kind || ' ' || s.name || ' ' || t.state from tasks t join file_sets s on s.id = t.subject_id
            union all
            select 'event ' || e.type || ' ' || e.object_sequence || ' ' || coalesce((convert_from(e.body, 'UTF8')::jsonb #>> '{data,path}') || (convert_from(e.body, 'UTF8')::jsonb #>> '{data,joined}'), '')
                || (select count(*) from event_objects o where o.event_id = e.id)
            from events e
            """);
        return string.Join('\n', rows.Order(StringComparer.Ordinal));
    }
}
