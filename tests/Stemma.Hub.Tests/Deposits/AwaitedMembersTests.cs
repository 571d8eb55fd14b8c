using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Deposits;
using Stemma.Hub.Records;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Deposits;

public sealed class AwaitedMembersTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Companions_that_a_file_names_join_it_whether_they_come_before_or_after()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAsync("d/stack/early.ome.tif", DepositStage.Bytes("early"));
        var companion = await stage.PutAsync("d/stack/all.companion.ome", DepositStage.Bytes("companion"));
        var set = (Guid)companion["fileSetId"]!;
        var dataset = (Guid)companion["datasetId"]!;
        await AwaitAsync(stage, dataset, set, ["stack/early.ome.tif", "stack/late.ome.tif"]);
        (await stage.SetsAsync(dataset)).ShouldBe(["stack/all.companion.ome = stack/all.companion.ome primary, stack/early.ome.tif part (600)"]);

        var late = await stage.PutAsync("d/stack/late.ome.tif", DepositStage.Bytes("late"));
        ((Guid)late["fileSetId"]!).ShouldBe(set);
        await stage.PutAsync("d/late.ome.tif", DepositStage.Bytes("elsewhere"));
        (await stage.SetsAsync(dataset)).ShouldBe([
            "late.ome.tif = late.ome.tif primary (300)",
            "stack/all.companion.ome = stack/all.companion.ome primary, stack/early.ome.tif part, stack/late.ome.tif part (900)"]);
        (await stage.ScalarAsync<long>("select membership from file_sets where id = @set", new { set })).ShouldBe(3);
    }

    [Fact]
    public async Task Of_two_files_that_name_each_other_the_first_read_keeps_both()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var one = await stage.PutAsync("d/z1.ome.tif", DepositStage.Bytes("1"));
        var two = await stage.PutAsync("d/z2.ome.tif", DepositStage.Bytes("2"));
        var dataset = (Guid)one["datasetId"]!;
        await AwaitAsync(stage, dataset, (Guid)one["fileSetId"]!, ["z2.ome.tif", "z3.ome.tif"]);
        (await stage.ScalarAsync<long>("select count(*) from file_sets where id = @gone", new { gone = (Guid)two["fileSetId"]! })).ShouldBe(0);
        var three = await stage.PutAsync("d/z3.ome.tif", DepositStage.Bytes("3"));
        ((Guid)three["fileSetId"]!).ShouldBe((Guid)one["fileSetId"]!);
        (await stage.ScalarAsync<string>("select state from tasks where subject_id = @gone", new { gone = (Guid)two["fileSetId"]! })).ShouldBe("cancelled");
    }

    [Fact]
    public async Task What_binds_a_gathered_file_binds_the_set_it_joins_even_where_its_old_set_keeps_others()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var old = await stage.PutAsync("d/a.tif", DepositStage.Bytes("a"));
        await stage.PutAsync("d/a.txt", DepositStage.Bytes("note"));
        var into = (Guid)(await stage.PutAsync("d/all.companion.ome", DepositStage.Bytes("companion")))["fileSetId"]!;
        var from = (Guid)old["fileSetId"]!;
        await stage.ScalarAsync<int?>("""
            update file_sets set legal_hold = true, retain_until = '2199-01-01Z', embargo_until = '2198-01-01Z', licence = 'CC0-1.0', rights_holder = 'FZ' where id = @from returning 1
            """, new { from });
        await AwaitAsync(stage, (Guid)old["datasetId"]!, into, ["a.txt"]);
        (await stage.ScalarAsync<long>("select count(*) from files where file_set_id = @from", new { from })).ShouldBe(1);
        (await stage.ScalarAsync<string>("""
            select concat_ws(' ', legal_hold, extract(year from retain_until at time zone 'UTC'), extract(year from embargo_until at time zone 'UTC'), licence, rights_holder) from file_sets where id = @into
            """, new { into })).ShouldBe("t 2199 2198 CC0-1.0 FZ");
        (await stage.ScalarAsync<string>("select convert_from(body, 'UTF8') from events where type = 'file-set.gathered'")).ShouldContain("\"legalHold\":true");
    }

    private static async Task AwaitAsync(DepositStage stage, Guid dataset, Guid set, IReadOnlyList<string> paths)
    {
        await using var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await FileSetGathering.OwnAsync(connection, dataset, Cancelled);
        await FileSetGathering.AwaitAsync(connection, stage.Hub.Services.GetRequiredService<EventWriter>(), Actor.Hub, dataset, set, paths, Cancelled);
        await transaction.CommitAsync(Cancelled);
    }
}
