using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Deposits.Uploads;
using Stemma.Hub.Sharing;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

/// <summary>The rules of tus 1.0.0, one by one.</summary>
public sealed class UploadTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_say_what_is_offered_without_a_version()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.Hub.Client();
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "uploads"), Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(answer, "Tus-Version").ShouldBe("1.0.0");
        Header(answer, "Tus-Extension").ShouldBe("creation,creation-with-upload,checksum,termination,expiration");
        Header(answer, "Tus-Checksum-Algorithm").ShouldBe("sha1,sha256");
        Header(answer, "Tus-Max-Size").ShouldBe(stage.Hub.Options.MaxFileBytes.ToString());
    }

    [Fact]
    public async Task Another_version_is_refused_with_the_one_that_is_spoken()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"uploads/{Guid.NewGuid()}");
        request.Headers.Add("Tus-Resumable", "0.2.2");
        using var answer = await client.SendAsync(request, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        Header(answer, "Tus-Version").ShouldBe("1.0.0");
    }

    [Fact]
    public async Task A_file_sent_in_pieces_is_deposited_with_the_last_one()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var bytes = DepositStage.Bytes("pieces", 1_000_000);
        using var client = stage.As(stage.Owner);
        var (location, created) = await CreateAsync(client, stage.Project, "d/big.dm3", bytes.Length, ("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))), ("modified", "2026-01-02T03:04:05Z"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        DateTimeOffset.Parse(Header(created, "Upload-Expires")).ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddDays(6));

        foreach (var (from, to) in new[] { (0, 1), (1, 400_000), (400_000, 999_999) })
        {
            using var piece = await PatchAsync(client, location, from, bytes[from..to]);
            piece.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            Header(piece, "Upload-Offset").ShouldBe($"{to}");
            piece.Headers.Contains("Stemma-File").ShouldBeFalse();
            using var head = await HeadAsync(client, location);
            Header(head, "Upload-Offset").ShouldBe($"{to}");
            Header(head, "Upload-Length").ShouldBe("1000000");
            head.Headers.CacheControl!.NoStore.ShouldBeTrue();
        }

        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        using var last = await PatchAsync(client, location, 999_999, bytes[999_999..]);
        last.StatusCode.ShouldBe(HttpStatusCode.NoContent, await last.Content.ReadAsStringAsync(Cancelled));
        var file = Guid.Parse(Header(last, "Stemma-File"));
        Header(last, "Stemma-File-Set").ShouldBe((await stage.ScalarAsync<Guid>("select file_set_id from files where id = @file", new { file })).ToString());
        (await stage.ScalarAsync<byte[]>("select sha256 from files where id = @file", new { file })).ShouldBe(SHA256.HashData(bytes));
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();

        // A lost last answer can be asked for again, both ways.
        using var again = await PatchAsync(client, location, 1_000_000, []);
        Header(again, "Stemma-File").ShouldBe(file.ToString());
        using var headAgain = await HeadAsync(client, location);
        Header(headAgain, "Upload-Offset").ShouldBe("1000000");
        Header(headAgain, "Stemma-File").ShouldBe(file.ToString());
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(1);
    }

    [Fact]
    public async Task A_creation_can_carry_the_first_bytes_or_all()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var some = await client.SendAsync(Creation(stage.Project, "d/a.dm3", 5, [1, 2]), Cancelled);
        some.StatusCode.ShouldBe(HttpStatusCode.Created);
        Header(some, "Upload-Offset").ShouldBe("2");
        using var all = await client.SendAsync(Creation(stage.Project, "d/b.dm3", 2, [1, 2]), Cancelled);
        all.StatusCode.ShouldBe(HttpStatusCode.Created);
        Header(all, "Stemma-File").Length.ShouldBe(36);
        using var empty = await client.SendAsync(Creation(stage.Project, "d/empty.txt", 0, null), Cancelled);
        empty.StatusCode.ShouldBe(HttpStatusCode.Created);
        Header(empty, "Stemma-File").Length.ShouldBe(36);
        (await stage.ScalarAsync<string>("select string_agg(path || ' ' || size, ', ' order by path) from files")).ShouldBe("b.dm3 2, empty.txt 0");
    }

    [Fact]
    public async Task A_wrong_offset_is_refused_and_a_wrong_media_type_too()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 10);
        using var wrong = await PatchAsync(client, location, 3, [1, 2]);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        Header(wrong, "Tus-Resumable").ShouldBe("1.0.0");
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent([1]) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", "0");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var type = await client.SendAsync(request, Cancelled);
        type.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var more = await PatchAsync(client, location, 0, new byte[11]);
        more.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task A_damaged_piece_is_forgotten_and_can_be_sent_again(string algorithm)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        byte[] bytes = [1, 2, 3, 4];
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
        (await PatchAsync(client, location, 0, bytes[..1])).Dispose();
        using var hash = IncrementalHash.CreateHash(new HashAlgorithmName(algorithm.ToUpperInvariant()));
        hash.AppendData(bytes, 1, 3);
        var digest = hash.GetHashAndReset();
        using var damaged = await PatchAsync(client, location, 1, [2, 3, 5], $"{algorithm} {Convert.ToBase64String(digest)}");
        ((int)damaged.StatusCode).ShouldBe(460);
        using var head = await HeadAsync(client, location);
        Header(head, "Upload-Offset").ShouldBe("1");
        using var whole = await PatchAsync(client, location, 1, bytes[1..], $"{algorithm} {Convert.ToBase64String(digest)}");
        whole.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await stage.ScalarAsync<byte[]>("select sha256 from files")).ShouldBe(SHA256.HashData(bytes));
    }

    [Fact]
    public async Task An_unknown_checksum_algorithm_is_refused()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
        using var answer = await PatchAsync(client, location, 0, [1], "crc32 AAAA");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_whole_that_is_not_what_was_announced_is_refused_and_forgotten()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 2, ("sha256", new string('0', 64)));
        using var answer = await PatchAsync(client, location, 0, [1, 2]);
        ((int)answer.StatusCode).ShouldBe(460);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("digest-mismatch");
        using var head = await HeadAsync(client, location);
        head.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upload_is_given_up_by_DELETE_also_through_POST()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Post })
        {
            var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
            (await PatchAsync(client, location, 0, [1])).Dispose();
            using var request = new HttpRequestMessage(method, location);
            request.Headers.Add("Tus-Resumable", "1.0.0");
            if (method == HttpMethod.Post)
                request.Headers.Add("X-HTTP-Method-Override", "DELETE");
            using var answer = await client.SendAsync(request, Cancelled);
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            using var head = await HeadAsync(client, location);
            head.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Uploads_of_others_cannot_be_seen()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var other = stage.As(stage.Viewer);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
        using var head = await HeadAsync(other, location);
        head.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var patch = await PatchAsync(other, location, 0, [1]);
        patch.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        JsonNode.Parse(await other.GetStringAsync("uploads", Cancelled))!["items"]!.AsArray().Count.ShouldBe(0);
        var mine = JsonNode.Parse(await client.GetStringAsync("uploads", Cancelled))!["items"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)mine["path"]!).ShouldBe("d/a.dm3");
    }

    [Fact]
    public async Task Who_may_not_add_cannot_begin_and_who_lost_the_right_cannot_end()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var viewer = stage.As(stage.Viewer);
        using var refused = await viewer.SendAsync(Creation(stage.Project, "d/a.dm3", 2, null), Cancelled);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 2);
        const string Allow = "update grants set capabilities = @capabilities where principal_id = @Owner returning capabilities";
        await stage.ScalarAsync<int>(Allow, new { stage.Owner, capabilities = (int)(Capabilities.See | Capabilities.Download) });
        using var late = await PatchAsync(client, location, 0, [1, 2]);
        late.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        // The bytes are here; with the right, asking is enough.
        await stage.ScalarAsync<int>(Allow, new { stage.Owner, capabilities = (int)Capabilities.All });
        using var head = await HeadAsync(client, location);
        Header(head, "Stemma-File").Length.ShouldBe(36);
    }

    [Fact]
    public async Task While_one_request_writes_another_is_refused()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 1_000_000);
        using var slow = await SendPartAsync(stage, client, location, 1_000_000, new byte[400_000]);
        using var second = await PatchAsync(client, location, 0, [1]);
        second.StatusCode.ShouldBe(HttpStatusCode.Locked);
    }

    [Fact]
    public async Task What_came_before_the_line_broke_stays_and_the_rest_follows()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var bytes = DepositStage.Bytes("broken line", 1_000_000);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", bytes.Length);
        (await SendPartAsync(stage, client, location, bytes.Length, bytes.AsMemory(0, 600_000))).Dispose();
        HttpResponseMessage? answer = null;
        await Eventually(async () =>
        {
            var offset = int.Parse(Header(await HeadAsync(client, location), "Upload-Offset"));
            offset.ShouldBeGreaterThan(0);
            answer = await PatchAsync(client, location, offset, bytes[offset..]);
            return answer.StatusCode == HttpStatusCode.NoContent;
        });
        (await stage.ScalarAsync<byte[]>("select sha256 from files")).ShouldBe(SHA256.HashData(bytes));
    }

    [Fact]
    public async Task After_a_restart_an_upload_goes_on_and_a_complete_one_is_finished()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (going, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
        (await PatchAsync(client, going, 0, [1, 2])).Dispose();
        var (complete, _) = await CreateAsync(client, stage.Project, "d/b.dm3", 2);
        // Killed between the last byte and the commit: only the file is left of it.
        await File.WriteAllBytesAsync(Path.Combine(stage.Hub.Options.IncomingFolder, complete[^36..]), [7, 8], Cancelled);
        await File.WriteAllBytesAsync(Path.Combine(stage.Hub.Options.IncomingFolder, "left.receiving"), [7, 8], Cancelled);

        var uploads = stage.Hub.Services.GetRequiredService<UploadService>();
        uploads.Dispose(); // What was in memory is gone.
        await uploads.SweepAsync(Cancelled);
        await uploads.FinishCompleteAsync(Cancelled);
        (await stage.ScalarAsync<string>("select string_agg(path, ' ') from files")).ShouldBe("b.dm3");
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).Count().ShouldBe(1);
        using var last = await PatchAsync(client, going, 2, [3, 4]);
        last.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await stage.ScalarAsync<byte[]>("select sha256 from files where path = 'a.dm3'")).ShouldBe(SHA256.HashData([1, 2, 3, 4]));
    }

    [Fact]
    public async Task A_complete_upload_that_cannot_be_read_keeps_no_other_from_its_end_and_expires()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var locations = new List<string>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            var (location, _) = await CreateAsync(client, stage.Project, $"d/{name}.dm3", 2);
            await File.WriteAllBytesAsync(Path.Combine(stage.Hub.Options.IncomingFolder, location[^36..]), [7, 8], Cancelled);
            locations.Add(location);
        }

        var expires = "select expires_at from uploads where path = 'd/a.dm3'";
        var before = await stage.ScalarAsync<DateTime>(expires);
        var uploads = stage.Hub.Services.GetRequiredService<UploadService>();
        using (File.OpenHandle(Path.Combine(stage.Hub.Options.IncomingFolder, locations[0][^36..]), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            await uploads.FinishCompleteAsync(Cancelled);
        (await stage.ScalarAsync<string>("select string_agg(path, ' ' order by path) from files")).ShouldBe("b.dm3 c.dm3");
        (await stage.ScalarAsync<DateTime>(expires)).ShouldBe(before);
        await uploads.FinishCompleteAsync(Cancelled);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(3);
    }

    [Fact]
    public async Task A_hub_starts_without_waiting_for_the_uploads_that_it_has_to_finish()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 2);
        await File.WriteAllBytesAsync(Path.Combine(stage.Hub.Options.IncomingFolder, location[^36..]), [7, 8], Cancelled);
        await using (var other = await stage.Hub.Database.OpenConnectionAsync(Cancelled))
        await using (await other.BeginTransactionAsync(Cancelled))
        {
            // Finishing it takes until this transaction ends.
            await other.ExecuteAsync("select 1 from uploads for update");
            await stage.Hub.RestartAsync().WaitAsync(TimeSpan.FromSeconds(25), Cancelled);
            (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        }

        await Eventually(async () => await stage.ScalarAsync<long>("select count(*) from files") == 1);
    }

    [Fact]
    public async Task An_expired_upload_is_gone_with_its_bytes()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", 4);
        (await PatchAsync(client, location, 0, [1])).Dispose();
        await using (var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("update uploads set expires_at = now() - interval '1 second'");
        using var head = await HeadAsync(client, location);
        head.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stage.Hub.Services.GetRequiredService<UploadService>().ExpireAsync(Cancelled)).ShouldBe(1);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upload_that_is_received_in_this_moment_does_not_expire_under_its_request()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        var bytes = DepositStage.Bytes("slow", 1_000_000);
        var (location, _) = await CreateAsync(client, stage.Project, "d/a.dm3", bytes.Length);
        using var sending = await SendPartAsync(stage, client, location, bytes.Length, bytes.AsMemory(0, 600_000));
        await using (var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled))
            await connection.ExecuteAsync("update uploads set expires_at = now() - interval '1 second'");
        var uploads = stage.Hub.Services.GetRequiredService<UploadService>();
        (await uploads.ExpireAsync(Cancelled)).ShouldBe(0);
        await sending.GetStream().WriteAsync(bytes.AsMemory(600_000), Cancelled);
        await Eventually(async () => await stage.ScalarAsync<long>("select count(*) from files") == 1);
        (await stage.ScalarAsync<byte[]>("select sha256 from files")).ShouldBe(SHA256.HashData(bytes));
    }

    [Theory]
    [InlineData("path YQ==", "node")]
    [InlineData("node MDE5,path YQ==", "node")]
    [InlineData("node %NODE%", "path")]
    [InlineData("node %NODE%,path ***", "path")]
    [InlineData("node %NODE%,path Li4vYQ==", "\\\"..\\\"")]
    [InlineData("node %NODE%,path YQ==,sha256 YQ==", "sha256")]
    [InlineData("node %NODE%,path YQ==,levels YQ==", "levels")]
    public async Task Metadata_that_cannot_be_used_is_refused_by_name(string metadata, string named)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var request = new HttpRequestMessage(HttpMethod.Post, "uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", "1");
        request.Headers.Add("Upload-Metadata", metadata.Replace("%NODE%", Base64(stage.Project.ToString())));
        using var answer = await client.SendAsync(request, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain(named);
    }

    private static async Task<(string Location, HttpResponseMessage Answer)> CreateAsync(HttpClient client, Guid node, string path, long length, params (string Key, string Value)[] more)
    {
        var answer = await client.SendAsync(Creation(node, path, length, null, more), Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancelled));
        return (answer.Headers.Location!.ToString(), answer);
    }

    private static HttpRequestMessage Creation(Guid node, string path, long length, byte[]? body, params (string Key, string Value)[] more)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{length}");
        request.Headers.Add("Upload-Metadata", string.Join(',', more.Append(("node", node.ToString())).Append(("path", path)).Select(pair => $"{pair.Item1} {Base64(pair.Item2)}")));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        return request;
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, string location, long offset, byte[] bytes, string? checksum = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await client.SendAsync(request, Cancelled);
    }

    private static async Task<HttpResponseMessage> HeadAsync(HttpClient client, string location)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, location);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return await client.SendAsync(request, Cancelled);
    }

    /// <summary>Announces so many bytes and sends a part of them.</summary>
    /// <returns>The connection, once the hub has some of them.</returns>
    private static async Task<TcpClient> SendPartAsync(DepositStage stage, HttpClient client, string location, long length, ReadOnlyMemory<byte> part)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(stage.Hub.Address.Host, stage.Hub.Address.Port, Cancelled);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {location} HTTP/1.1\r\nHost: x\r\n{stage.Authorization(stage.Owner)}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n"), Cancelled);
        await socket.GetStream().WriteAsync(part, Cancelled);
        await Eventually(async () => Header(await HeadAsync(client, location), "Upload-Offset") != "0");
        return socket;
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await holds())
                return;
            await Task.Delay(50, Cancelled);
        }

        throw new TimeoutException("It did not come about within five seconds.");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : "";
}
