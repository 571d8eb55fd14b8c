using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files.Zip;

public sealed class ZipDownloadTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static FormUrlEncodedContent Form(params IEnumerable<JsonObject> deposited) => new([new("ids", string.Join(',', deposited.Select(one => one["fileSetId"])))]);

    [Fact]
    public async Task The_archive_holds_the_current_files_of_every_set_by_dataset()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var image = DepositStage.Bytes("image", 3_000_000);
        var a = await stage.PutAsync("run: 1/deep/Größe.dm3", [1], query: "?levels=1");
        await stage.PutAsync("run: 1/deep/Größe.dm3", image, query: "?levels=1");
        var b = await stage.PutAsync("run 2/b.tif", [2, 2]);
        await stage.PutAsync("run 2/b.txt", [3]);
        await stage.PutAsync("run 2/not chosen.dm3", [4]);
        using var viewer = stage.As(stage.Viewer);
        using var answer = await viewer.PostAsync("downloads/zip", Form(a, b), Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        answer.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe("2 datasets.zip");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        using var archive = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancelled)));
        archive.Entries.Select(entry => $"{entry.FullName} {entry.Length}").ShouldBe(["run 2/b.tif 2", "run 2/b.txt 1", "run_ 1/deep/Größe.dm3 3000000"], ignoreOrder: true);
        archive.Entries.ShouldAllBe(entry => entry.CompressedLength == entry.Length);
        using var content = new MemoryStream();
        await using (var entry = archive.GetEntry("run_ 1/deep/Größe.dm3")!.Open())
            await entry.CopyToAsync(content, Cancelled);
        content.ToArray().ShouldBe(image);
    }

    [Fact]
    public async Task One_set_that_may_not_be_downloaded_refuses_all()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("one/a.dm3", [1]);
        var b = await stage.PutAsync("two/b.dm3", [2]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        using var guest = stage.As(stage.Guest);
        using var refused = await guest.PostAsync("downloads/zip", Form(a), Cancelled);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var stranger = stage.As(stage.Stranger);
        using var missing = await stranger.PostAsync("downloads/zip", Form(a), Cancelled);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await owner.MustAsync("PATCH", $"nodes/{b["datasetId"]}", new JsonObject { ["embargoUntil"] = "2999-01-01T00:00:00Z" }, "*");
        using var viewer = stage.As(stage.Viewer);
        using var embargoed = await viewer.PostAsync("downloads/zip", Form(a, b), Cancelled);
        embargoed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await embargoed.Content.ReadAsStringAsync(Cancelled)).ShouldContain("embargo");
        using var open = await viewer.PostAsync("downloads/zip", Form(a), Cancelled);
        open.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var editing = await owner.Client.PostAsync("downloads/zip", Form(a, b), Cancelled);
        editing.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_form_with_ids_is_refused_with_what_was_expected()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        ((string)(await owner.MustFailAsync(400, "invalid", "POST", "downloads/zip"))["detail"]!).ShouldContain("form");
        using var none = await owner.Client.PostAsync("downloads/zip", new FormUrlEncodedContent([]), Cancelled);
        (await none.Content.ReadAsStringAsync(Cancelled)).ShouldContain("names 1 to 10000 file sets, but names 0");
        using var word = await owner.Client.PostAsync("downloads/zip", new FormUrlEncodedContent([new("ids", "a.tif")]), Cancelled);
        word.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await word.Content.ReadAsStringAsync(Cancelled)).ShouldContain("a.tif");
    }

    [Fact]
    public async Task An_archive_that_cannot_be_ended_is_broken_off()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("one/a.dm3", DepositStage.Bytes("first", 2_000_000));
        var b = await stage.PutAsync("one/b.dm3", DepositStage.Bytes("second", 100));
        var digest = (string)b["file"]!["sha256"]!;
        File.Delete(Directory.EnumerateFiles(Path.Combine(stage.Hub.Options.Data, "blobs"), digest, SearchOption.AllDirectories).Single());
        using var viewer = stage.As(stage.Viewer);
        await Should.ThrowAsync<HttpRequestException>(async () =>
        {
            using var answer = await viewer.PostAsync("downloads/zip", Form(a, b), Cancelled);
            answer.EnsureSuccessStatusCode();
        });
    }
}
