using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Storage;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Storage;

/// <summary>Every sync fails once. The next one of the same file would succeed, as it does on Linux although bytes are lost.</summary>
public sealed class FailedSyncTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data")]
    [InlineData("folder")]
    public async Task A_blob_whose_sync_failed_is_not_placed_by_trying_again(string which)
    {
        await InStoreAsync(async (store, options) =>
        {
            FailingSync.Once(store, which);
            using (var incoming = store.Begin())
            {
                await AppendAsync(incoming, [1, 2, 3]);
                foreach (var replace in new[] { false, true })
                    (await Should.ThrowAsync<Problem>(() => store.PlaceAsync(incoming, replace))).Slug.ShouldBe("storage-failed");
                (await Should.ThrowAsync<Problem>(incoming.SyncAsync)).Slug.ShouldBe("storage-failed");
                Directory.EnumerateFiles(options.IncomingFolder).ShouldBeEmpty();
                // The name of bytes that were durable may stay; bytes that may not be have none.
                File.Exists(store.PathOf(incoming.Digest())).ShouldBe(which == "folder");
            }

            using var again = store.Begin();
            await AppendAsync(again, [1, 2, 3]);
            (await store.PlaceAsync(again, replace: true)).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task A_failed_file_that_cannot_be_deleted_is_not_gone_on_with()
    {
        await InStoreAsync(async (store, options) =>
        {
            var upload = Guid.CreateVersion7();
            var path = Path.Combine(options.IncomingFolder, upload.ToString());
            using (var incoming = store.Resume(upload))
            {
                await AppendAsync(incoming, [1, 2, 3]);
                store.Sync = store.Sync with
                {
                    // What cannot be deleted, also by root: a folder in its place.
                    Data = (_, _) =>
                    {
                        File.Delete(path);
                        Directory.CreateDirectory(path);
                        throw new IOException("fdatasync failed", FailingSync.InputOutputError);
                    },
                };
                await Should.ThrowAsync<Problem>(incoming.SyncAsync);
            }

            Should.Throw<Problem>(() => store.Resume(upload)).Slug.ShouldBe("storage-failed");
            Directory.Delete(path);
            await File.WriteAllBytesAsync(path, [1, 2, 3], Cancelled);
            store.LengthOf(upload).ShouldBe(0);
            using var anew = store.Resume(upload);
            anew.Length.ShouldBe(0);
        });
    }

    [Theory]
    [InlineData("data", FailingSync.InputOutputError, HttpStatusCode.ServiceUnavailable, "storage-failed")]
    [InlineData("data", FailingSync.NoSpace, HttpStatusCode.InsufficientStorage, "storage-full")]
    [InlineData("folder", FailingSync.InputOutputError, HttpStatusCode.ServiceUnavailable, "storage-failed")]
    public async Task A_deposit_is_refused_and_the_next_one_of_the_same_bytes_does_not_rely_on_what_is_left(string which, int error, HttpStatusCode status, string slug)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var store = stage.Hub.Services.GetRequiredService<LocalBlobStore>();
        FailingSync.Once(store, which, error);
        var problem = await stage.PutAsync("d/a.dm3", [1, 2, 3], expected: status);
        ((string)problem["type"]!).ShouldBe($"urn:stemma:problem:{slug}");
        ((string)problem["detail"]!).ShouldNotContain("/");
        (await stage.ScalarAsync<long>("select (select count(*) from blobs) + (select count(*) from files)")).ShouldBe(0);

        var synced = new List<string>();
        store.Sync = new SyncCalls((_, _) => synced.Add("data"), (_, _) => synced.Add("folder"));
        await stage.PutAsync("d/a.dm3", [1, 2, 3]);
        synced.ShouldBe(["data", "folder"]);
        (await stage.ScalarAsync<long>("select count(*) from blobs")).ShouldBe(1);
    }

    [Theory]
    [InlineData("data", 2)]
    [InlineData("data", 4)]
    [InlineData("folder", 4)]
    public async Task A_resumable_upload_begins_anew(string which, int length)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = stage.As(stage.Owner);
        byte[] bytes = [1, 2, 3, 4];
        var location = await CreateAsync(client, stage.Project, bytes.Length);
        FailingSync.Once(stage.Hub.Services.GetRequiredService<LocalBlobStore>(), which);
        using var failed = await SendAsync(client, HttpMethod.Patch, location, 0, bytes[..length]);
        failed.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, await failed.Content.ReadAsStringAsync(Cancelled));
        failed.Headers.RetryAfter.ShouldNotBeNull();

        using var head = await SendAsync(client, HttpMethod.Head, location);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Headers.GetValues("Upload-Offset").ShouldBe(["0"]);
        head.Headers.Contains("Stemma-File").ShouldBeFalse();
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(0);
        using var whole = await SendAsync(client, HttpMethod.Patch, location, 0, bytes);
        whole.StatusCode.ShouldBe(HttpStatusCode.NoContent, await whole.Content.ReadAsStringAsync(Cancelled));
        (await stage.ScalarAsync<byte[]>("select sha256 from files")).ShouldBe(SHA256.HashData(bytes));
        Directory.EnumerateFiles(stage.Hub.Options.IncomingFolder).ShouldBeEmpty();
    }

    private static async Task InStoreAsync(Func<LocalBlobStore, HubOptions, Task> act)
    {
        var options = new HubOptions { Data = Directory.CreateTempSubdirectory("stemma-store-").FullName };
        try
        {
            using var store = new LocalBlobStore(options);
            await act(store, options);
        }
        finally
        {
            Directory.Delete(options.Data, recursive: true);
        }
    }

    private static Task AppendAsync(IncomingBlob incoming, byte[] bytes) => incoming.ReceiveAsync(PipeReader.Create(new MemoryStream(bytes)), long.MaxValue, Cancelled);

    private static async Task<string> CreateAsync(HttpClient client, Guid node, long length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{length}");
        request.Headers.Add("Upload-Metadata", $"node {Convert.ToBase64String(Encoding.UTF8.GetBytes(node.ToString()))},path {Convert.ToBase64String("d/a.dm3"u8)}");
        using var answer = await client.SendAsync(request, Cancelled);
        return answer.EnsureSuccessStatusCode().Headers.Location!.ToString();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string location, long offset = 0, byte[]? bytes = null)
    {
        using var request = new HttpRequestMessage(method, location);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (bytes is not null)
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        return await client.SendAsync(request, Cancelled);
    }
}
