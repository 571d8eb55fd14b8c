using Stemma.Cli.Put;
using Stemma.Client;
using Stemma.Hub.Tests.Client;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Cli;

/// <summary>Small files sent together, by the client and by <c>stemma put</c>, to a real hub.</summary>
public sealed class PutTogetherTests(TestDatabase database) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemma-put-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_file_succeeds_or_fails_by_itself_and_one_that_grew_goes_alone()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = ClientOf(stage);
        Deposit[] deposits =
        [
            Of("d/a.dm3", Write("a", 300)), Of("d/../b.dm3", Write("b", 300)), Of("d/gone.dm3", Path.Combine(_folder.FullName, "gone")),
            Of("d/grown.dm3", Write("grown", 5000)), Of("d/empty.dm3", Write("empty", 0)), Of("d/a.dm3", Path.Combine(_folder.FullName, "a")),
        ];
        var sent = await client.Deposits.SendTogetherAsync(deposits, new UploadOptions { TogetherBytes = 1000 }, Token);
        sent.Select(one => one.Deposit).ShouldBe(deposits);
        sent.Select(one => one.Failure is { } failure ? failure.GetType().Name : $"{one.Result!.Size} {one.Result.AlreadyThere}").ShouldBe(
            ["300 False", nameof(StemmaProblemException), nameof(LocalFileException), "5000 False", "0 False", "300 True"]);
        (await stage.ScalarAsync<string>("select string_agg(path || ' ' || size, ', ' order by path) from files")).ShouldBe("a.dm3 300, empty.dm3 0, grown.dm3 5000");

        Deposit Of(string path, string local) => new(stage.Project, path, local);
    }

    [Fact]
    public async Task A_folder_of_many_small_files_arrives_whole_and_only_what_changed_goes_again()
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var client = ClientOf(stage);
        foreach (var number in Enumerable.Range(0, 200))
            Write($"day/{number / 50}/{number}.tif", number * 7);
        (await PutAsync(client, stage.Project)).ShouldBe(0);
        (await stage.ScalarAsync<long>("select count(*) from files where is_current")).ShouldBe(200);
        (await stage.ScalarAsync<long>("select sum(size) from files")).ShouldBe(Enumerable.Range(0, 200).Sum(number => number * 7));

        Write("day/3/199.tif", 10);
        var before = await stage.ScalarAsync<long>("select count(*) from events");
        (await PutAsync(client, stage.Project)).ShouldBe(0);
        (await stage.ScalarAsync<long>("select count(*) from files")).ShouldBe(201);
        (await stage.ScalarAsync<long>("select count(*) from events")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Where_several_files_in_one_request_are_not_taken_they_go_one_by_one()
    {
        await using var hub = await FakeHub.StartAsync(); // It answers 404 to the request for several.
        using var client = new StemmaClient(hub.Address, "stm_test");
        foreach (var number in Enumerable.Range(0, 100))
            Write($"day/{number}.tif", number);
        (await PutAsync(client, hub.Node)).ShouldBe(0);
        hub.Files.Count.ShouldBe(100);
        hub.Received.ShouldBe(100);
    }

    private async Task<int> PutAsync(StemmaClient client, Guid project)
    {
        using var run = new PutRun(client, await client.Nodes.GetAsync(project, Token), SourceFiles.Find([Path.Combine(_folder.FullName, "day")], Token), new PutOptions(null, null, 4, Unpack: false, Json: true));
        return await run.RunAsync(Token);
    }

    private static StemmaClient ClientOf(DepositStage stage) => new(stage.Hub.Address, stage.Authorization(stage.Owner).Split(' ')[^1]);

    private string Write(string path, int length)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, DepositStage.Bytes($"{path} {length}", length));
        return file;
    }
}
