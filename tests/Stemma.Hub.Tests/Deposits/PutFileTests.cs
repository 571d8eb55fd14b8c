using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Storage;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

public sealed class PutFileTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_stored_and_everything_about_it_is_there_at_once()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var bytes = DepositStage.Bytes("one", 700_001);
        using var client = stage.As(stage.Owner);
        using var request = new HttpRequestMessage(HttpMethod.Put, DepositStage.FilesOf(stage.Project, "Run 7/a/Grün & weiß.dm3")) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Repr-Digest", $"md5=:1B2M2Y8AsgTpgAmY7PhCfg==:, sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
        request.Headers.Add("Stemma-Modified", "2026-03-14T15:09:26.535Z");
        using var answer = await client.SendAsync(request, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancelled));
        var deposited = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        var file = deposited["file"]!;
        ((string)file["path"]!).ShouldBe("a/Grün & weiß.dm3");
        ((string)file["sha256"]!).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        ((int)file["version"]!).ShouldBe(1);
        ((string)file["depositedBy"]!["name"]!).ShouldBe("olga");
        ((bool)deposited["alreadyThere"]!).ShouldBeFalse();
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/files/{file["id"]}");

        Digest.TryParse((string)file["sha256"]!, out var digest).ShouldBeTrue();
        (await File.ReadAllBytesAsync(stage.Hub.Options.BlobFolder + $"/{digest.Hex[..2]}/{digest.Hex}", Cancelled)).ShouldBe(bytes);
        (await stage.ScalarAsync<string>("select name from nodes where id = @id and kind = 'dataset'", new { id = (Guid)deposited["datasetId"]! })).ShouldBe("Run 7");
        (await stage.ScalarAsync<string>("select state from tasks where kind = 'extract' and subject_id = @id", new { id = (Guid)deposited["fileSetId"]! })).ShouldBe("queued");
        var body = JsonNode.Parse(Encoding.UTF8.GetString(await stage.ScalarAsync<byte[]>("select body from events where type = 'file.deposited'")))!;
        ((string)body["data"]!["path"]!).ShouldBe("a/Grün & weiß.dm3");
        ((string)body["data"]!["sha256"]!).ShouldBe(digest.Hex);
        ((long)body["data"]!["size"]!).ShouldBe(bytes.Length);
        (await stage.ScalarAsync<DateTime>("select modified_at from files")).ShouldBe(new DateTime(2026, 3, 14, 15, 9, 26, 535, DateTimeKind.Utc));
    }

    [Fact]
    public async Task The_same_bytes_at_the_same_path_change_nothing_and_other_bytes_are_a_new_version()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var first = await stage.PutAsync("d/a.dm3", [1, 2, 3]);
        var again = await stage.PutAsync("d/a.dm3", [1, 2, 3], expected: HttpStatusCode.OK);
        ((bool)again["alreadyThere"]!).ShouldBeTrue();
        ((Guid)again["file"]!["id"]!).ShouldBe((Guid)first["file"]!["id"]!);
        (await stage.ScalarAsync<long>("select count(*) from events where type = 'file.deposited'")).ShouldBe(1);

        var second = await stage.PutAsync("d/a.dm3", [4, 5]);
        ((int)second["file"]!["version"]!).ShouldBe(2);
        ((Guid)second["fileSetId"]!).ShouldBe((Guid)first["fileSetId"]!);
        (await stage.ScalarAsync<string>("select string_agg(version || ':' || is_current, ' ' order by version) from files")).ShouldBe("1:false 2:true");
        (await stage.SetsAsync((Guid)second["datasetId"]!)).ShouldBe(["a.dm3 = a.dm3 primary (2)"]);
        (await stage.ScalarAsync<long>("select count(*) from tasks where state = 'queued'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_digest_is_refused_and_leaves_nothing()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        using var request = new HttpRequestMessage(HttpMethod.Put, DepositStage.FilesOf(stage.Project, "d/a.dm3")) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(new byte[32])}:");
        using var answer = await client.SendAsync(request, Cancelled);
        ((int)answer.StatusCode).ShouldBe(422);
        ((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["type"]!).ShouldBe("urn:stemma:problem:digest-mismatch");
        (await stage.ScalarAsync<long>("select (select count(*) from files) + (select count(*) from blobs) + (select count(*) from nodes where kind = 'dataset')")).ShouldBe(0);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
        Directory.EnumerateFiles(stage.Hub.Options.BlobFolder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_not_add_is_refused_before_the_bytes_are_read()
    {
        await using var stage = await DepositStage.SetAsync(database);
        foreach (var (who, expected) in new[] { (stage.Viewer, HttpStatusCode.Forbidden), (stage.Guest, HttpStatusCode.Forbidden), (stage.Stranger, HttpStatusCode.NotFound) })
        {
            using var client = stage.As(who);
            // The body never comes: an answer all the same means that it was not waited for.
            using var content = new StreamContent(new NeverEnding());
            content.Headers.ContentLength = 10_000_000;
            using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Put, DepositStage.FilesOf(stage.Project, "d/a.dm3")) { Content = content, Headers = { ExpectContinue = true } }, Cancelled);
            answer.StatusCode.ShouldBe(expected);
        }

        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_cut_short_leaves_nothing()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(stage.Hub.Address.Host, stage.Hub.Address.Port, Cancelled);
            var head = $"PUT /api/v1/{DepositStage.FilesOf(stage.Project, "d/a.dm3")} HTTP/1.1\r\nHost: x\r\n{stage.Authorization(stage.Owner)}\r\nContent-Length: 10000000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancelled);
            await socket.GetStream().WriteAsync(new byte[3_000_000], Cancelled);
            await Eventually(() => Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).Any(path => new FileInfo(path).Length > 0));
        }

        await Eventually(() => !Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).Any());
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
    }

    [Theory]
    [InlineData("a/b/c/d.tif", 2, "b", "c/d.tif")]
    [InlineData("a/x.tif", 2, "Files", "x.tif")]
    [InlineData("x.tif", 1, "Files", "x.tif")]
    [InlineData("a/b/x.tif", 0, "Files", "a/b/x.tif")]
    [InlineData("tree.zarr/0/0", 1, "Files", "tree.zarr/0/0")]
    [InlineData("a/tree.zarr/0/0", 3, "Files", "tree.zarr/0/0")]
    public async Task Folders_become_collections_and_a_dataset(string sent, int levels, string dataset, string path)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var deposited = await stage.PutAsync(sent, [1], query: $"?levels={levels}");
        ((string)deposited["file"]!["path"]!).ShouldBe(path);
        (await stage.ScalarAsync<string>("select kind || ' ' || name from nodes where id = @id", new { id = (Guid)deposited["datasetId"]! })).ShouldBe($"dataset {dataset}");
        // A second file finds what the first made.
        var second = await stage.PutAsync(sent + "2", [1], query: $"?levels={levels}");
        ((Guid)second["datasetId"]!).ShouldBe((Guid)deposited["datasetId"]!);
        // In a dataset, the whole path stays.
        var inside = await stage.PutAsync("q/w/e.dm3", [1], (Guid)deposited["datasetId"]!, $"?levels={levels}");
        ((string)inside["file"]!["path"]!).ShouldBe("q/w/e.dm3");
    }

    [Fact]
    public async Task A_file_beside_folders_that_are_a_collection_goes_into_a_dataset_in_it()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("a/b/c.tif", [1], query: "?levels=2");
        var beside = await stage.PutAsync("a/x.tif", [2], query: "?levels=2&dataset=Loose");
        (await stage.ScalarAsync<string>("select p.name || '/' || n.name from nodes n join nodes p on p.id = n.parent_id where n.id = @id", new { id = (Guid)beside["datasetId"]! })).ShouldBe("a/Loose");
        ((string)beside["file"]!["path"]!).ShouldBe("x.tif");
    }

    [Theory]
    [InlineData("d/..%2Fa.tif", "encoded slash")]
    [InlineData("d%5Ca.tif", "backslash")]
    [InlineData("d//a.tif", "empty")]
    [InlineData("d/%00.tif", "control")]
    public async Task A_path_that_is_none_is_refused_naming_the_segment(string raw, string why)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var answer = await RawPutAsync(stage, $"/api/v1/nodes/{stage.Project}/files/{raw}");
        answer.ShouldStartWith("HTTP/1.1 400");
        if (!answer.Contains("Content-Length: 0"))
            answer.ShouldContain(why);
    }

    [Fact]
    public async Task The_same_bytes_from_many_at_once_are_stored_once_and_each_file_is_there_once()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var bytes = DepositStage.Bytes("same", 200_000);
        await Parallel.ForEachAsync(Enumerable.Range(0, 48), new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Cancelled },
            async (number, cancelled) =>
            {
                using var client = stage.As(stage.Owner);
                using var answer = await client.PutAsync(DepositStage.FilesOf(stage.Project, $"new/{number % 16}.dm3"), new ByteArrayContent(bytes), cancelled);
                answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);
            });
        (await stage.ScalarAsync<string>("select (select count(*) from blobs) || ' ' || (select count(*) from files) || ' ' || (select count(*) from file_sets) || ' ' || (select count(*) from nodes where kind = 'dataset')")).ShouldBe("1 16 16 1");
        Directory.EnumerateFiles(stage.Hub.Options.BlobFolder, "*", SearchOption.AllDirectories).Count().ShouldBe(1);
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_versions_of_one_path_at_once_are_numbered_without_gaps()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Cancelled },
            async (number, _) => await stage.PutAsync("d/a.dm3", DepositStage.Bytes($"{number}")));
        (await stage.ScalarAsync<string>("select string_agg(version::text, ',' order by version) from files")).ShouldBe(string.Join(',', Enumerable.Range(1, 20)));
        (await stage.ScalarAsync<long>("select count(*) from files where is_current")).ShouldBe(1);
        (await stage.SetsAsync(await stage.ScalarAsync<Guid>("select dataset_id from file_sets"))).ShouldBe(["a.dm3 = a.dm3 primary (300)"]);
    }

    [Fact]
    public async Task Bytes_that_a_crash_left_without_a_row_are_replaced_and_never_trusted()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var bytes = DepositStage.Bytes("lost");
        var store = (LocalBlobStore)stage.Hub.Services.GetService(typeof(LocalBlobStore))!;
        var path = store.PathOf(Digest.From(SHA256.HashData(bytes)));
        await File.WriteAllBytesAsync(path, new byte[7], Cancelled);
        await stage.PutAsync("d/a.dm3", bytes);
        (await File.ReadAllBytesAsync(path, Cancelled)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_mark_for_removal_is_cleared_by_a_deposit_of_the_same_bytes()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/a.dm3", [1, 2]);
        await stage.ScalarAsync<object>("update blobs set removal_marked_at = now() returning 1");
        await stage.PutAsync("d/b.dm3", [1, 2]);
        (await stage.ScalarAsync<long>("select count(*) from blobs where removal_marked_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task An_archive_to_unpack_gets_a_task()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var deposited = await stage.PutAsync("d/a.zip", [1, 2], query: "?unpack=true");
        (await stage.ScalarAsync<Guid>("select subject_id from tasks where kind = 'unpack'")).ShouldBe((Guid)deposited["file"]!["id"]!);
    }

    [Fact]
    public async Task Memory_stays_flat_while_a_gigabyte_goes_up()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/warm.bin", DepositStage.Bytes("warm", 4 << 20));
        GC.Collect();
        var before = Environment.WorkingSet;
        long peak = 0;
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var watch = Task.Run(async () =>
        {
            while (!watching.IsCancellationRequested)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                await Task.Delay(20, CancellationToken.None);
            }
        }, Cancelled);
        using var client = stage.As(stage.Owner);
        using var content = new StreamContent(new Repeating(1L << 30), 1 << 18);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = 1L << 30;
        using var answer = await client.PutAsync(DepositStage.FilesOf(stage.Project, "d/big.bin"), content, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        await watching.CancelAsync();
        await watch;
        (peak - before).ShouldBeLessThan(256L << 20);
    }

    private static async Task<string> RawPutAsync(DepositStage stage, string target)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(stage.Hub.Address.Host, stage.Hub.Address.Port, Cancelled);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT {target} HTTP/1.1\r\nHost: x\r\n{stage.Authorization(stage.Owner)}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"), Cancelled);
        return await new StreamReader(socket.GetStream()).ReadToEndAsync(Cancelled);
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var attempt = 0; attempt < 100 && !holds(); attempt++)
            await Task.Delay(50, Cancelled);
        holds().ShouldBeTrue();
    }

    private sealed class NeverEnding : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>So many bytes of nothing in particular.</summary>
    private sealed class Repeating(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            _left -= count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
