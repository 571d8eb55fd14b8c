using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

/// <summary>Whatever the order of arrival, the same files make the same sets.</summary>
public sealed class GroupingInAnyOrderTests(TestDatabase database)
{
    [Theory]
    [InlineData("s.emi", "s_1.ser", "s_2.ser")]
    [InlineData("g.tif", "g.txt", "other.dm3")]
    [InlineData("t.mrc", "t.mrc.mdoc", "t.txt")]
    [InlineData("tree/.zgroup", "tree/0/0.0", "tree/0/.zarray", "tree/readme.txt")]
    [InlineData(".zgroup", "0/.zarray", "0/0.0")]
    [InlineData("a/.zattrs", "a/b/.zgroup", "a/b/0/0")]
    [InlineData("1/1.ASW", "1/Sample/V/V_0.img", "1/Sample/V/V_1.eds")]
    [InlineData("p.zarr/zarr.json", "p.zarr/0/zarr.json", "p.zarr/0/c/0/0")]
    public async Task Every_order_gives_the_same_sets(params string[] paths)
    {
        await using var stage = await DepositStage.SetAsync(database);
        string[]? expected = null;
        var number = 0;
        foreach (var order in Permutations(paths))
        {
            number++;
            var dataset = Guid.Empty;
            foreach (var path in order)
                dataset = (Guid)(await stage.PutAsync($"set {number}/{path}", DepositStage.Bytes(path)))["datasetId"]!;
            var sets = await stage.SetsAsync(dataset);
            expected ??= sets;
            sets.ShouldBe(expected, $"in the order {string.Join(", ", order)}");
            (await stage.ScalarAsync<long>("select count(*) from file_sets s where dataset_id = @dataset and not exists (select from tasks where subject_id = s.id and state = 'queued')", new { dataset })).ShouldBe(0);
        }

        expected!.Length.ShouldBeLessThan(paths.Length);
    }

    [Fact]
    public async Task Files_arriving_at_once_with_the_mark_between_them_make_one_set()
    {
        await using var stage = await DepositStage.SetAsync(database);
        for (var round = 0; round < 5; round++)
        {
            var dataset = Guid.Empty;
            await Parallel.ForEachAsync(Enumerable.Range(0, 24).Select(number => $"{number / 6}/{number % 6}").Append(".zgroup").OrderBy(path => path[^1]).ToArray(),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken },
                async (path, _) => dataset = (Guid)(await stage.PutAsync($"round {round}/tree/{path}", DepositStage.Bytes(path)))["datasetId"]!);
            (await stage.SetsAsync(dataset)).ShouldHaveSingleItem().ShouldContain("(7500)");
        }
    }

    [Fact]
    public async Task A_set_that_is_gathered_leaves_an_event_and_no_row()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var chunk = await stage.PutAsync("d/tree/0/0", [1]);
        var mark = await stage.PutAsync("d/tree/.zgroup", [2]);
        var gone = (Guid)chunk["fileSetId"]!;
        ((Guid)mark["fileSetId"]!).ShouldNotBe(gone);
        (await stage.ScalarAsync<long>("select count(*) from file_sets where id = @gone", new { gone })).ShouldBe(0);
        (await stage.ScalarAsync<string>("select convert_from(body, 'UTF8') from events where object_id = @gone and type = 'file-set.gathered'", new { gone })).ShouldContain("tree/0/0");
        (await stage.ScalarAsync<string>("select state from tasks where subject_id = @gone", new { gone })).ShouldBe("cancelled");
    }

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((item, index) => Permutations([.. items[..index], .. items[(index + 1)..]]).Select(rest => (string[])[item, .. rest]));
}
