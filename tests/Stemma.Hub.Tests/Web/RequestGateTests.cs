using Dapper;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Tests.Annotations;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Web;

public sealed class RequestGateTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_caller_is_refused_where_another_is_let_in_and_let_in_again_when_one_has_left()
    {
        using var gate = new RequestGate("exports", mostOfOne: 2, mostOfAll: 3);
        var (anna, bert, carl) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var first = await gate.EnterAsync(anna, Cancelled);
        using var second = await gate.EnterAsync(anna, Cancelled);
        var refused = await Should.ThrowAsync<Problem>(async () => await gate.EnterAsync(anna, Cancelled));
        (refused.Status, refused.Slug, refused.RetryAfterSeconds).ShouldBe((429, "too-many-at-once", 5));
        refused.Message.ShouldBe("There are too many exports at once: 2 may run for one caller, and 3 in all. Try again when one has ended.");
        using var third = await gate.EnterAsync(bert, Cancelled);
        await Should.ThrowAsync<Problem>(async () => await gate.EnterAsync(carl, Cancelled));
        first.Dispose();
        using var fourth = await gate.EnterAsync(carl, Cancelled);
    }

    [Fact]
    public async Task Whoever_comes_when_it_is_full_gets_in_when_one_leaves_in_that_moment()
    {
        using var gate = new RequestGate("exports", mostOfOne: 1, mostOfAll: 1);
        var inside = await gate.EnterAsync(Actor.Everyone, Cancelled);
        var waiting = gate.EnterAsync(Actor.Everyone, Cancelled).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        inside.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task Whoever_gives_up_while_waiting_is_not_told_of_too_many()
    {
        using var gate = new RequestGate("exports", mostOfOne: 1, mostOfAll: 1);
        using var inside = await gate.EnterAsync(Actor.Everyone, Cancelled);
        using var givingUp = new CancellationTokenSource();
        var waiting = gate.EnterAsync(Actor.Everyone, givingUp.Token).AsTask();
        await givingUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting);
    }

    [Fact]
    public async Task Exports_of_one_caller_leave_the_database_to_others()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var annotations = $"{stage.Image}/annotations.geojson";
        var blocked = await BlockedAsync(stage.Stage.Hub, "search_documents", "%from search_documents d join%", stage.Viewer, "search/export");
        await using (blocked.Blocker)
        {
            using (var refused = await stage.Viewer.SendAsync("GET", annotations))
            {
                ((int)refused.StatusCode).ShouldBe(429);
                refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            }

            await stage.Viewer.MustFailAsync(429, "too-many-at-once", "GET", $"{stage.Image}/annotations.ome.xml");
            await stage.Owner.MustAsync("GET", annotations);
        }

        foreach (var answer in await Task.WhenAll(blocked.Requests))
            using (answer)
                ((int)answer.StatusCode).ShouldBe(200);
        await stage.Viewer.MustAsync("GET", annotations);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("search/facets")]
    public async Task Searches_of_strangers_leave_the_database_to_those_who_are_signed_in(string route)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var (stranger, viewer) = (stage.Hub.Stranger(), new TestActor(stage.Viewer, stage.As(stage.Viewer)));
        // A query that needs no table tells who comes in.
        var unreadable = $"{route}?q=a%20(b";
        var blocked = await BlockedAsync(stage.Hub, "nodes", "%all_datasets%", stranger, route);
        await using (blocked.Blocker)
        {
            await stranger.MustFailAsync(429, "too-many-at-once", "GET", unreadable);
            await viewer.MustFailAsync(400, "invalid-query", "GET", unreadable);
        }

        foreach (var answer in await Task.WhenAll(blocked.Requests))
            using (answer)
                ((int)answer.StatusCode).ShouldBe(200);
        await stranger.MustFailAsync(400, "invalid-query", "GET", unreadable);
    }

    /// <summary>Four requests that wait for a table until the connection that locked it is disposed.</summary>
    /// <param name="statement">What waits then: others may wait for the table as well.</param>
    private static async Task<(NpgsqlConnection Blocker, Task<HttpResponseMessage>[] Requests)> BlockedAsync(TestHub hub, string table, string statement, TestActor actor, string path)
    {
        var blocker = await hub.Database.OpenConnectionAsync(Cancelled);
        await blocker.ExecuteAsync($"begin; lock table {table} in access exclusive mode");
        var requests = Enumerable.Range(0, 4).Select(_ => actor.SendAsync("GET", path)).ToArray();
        while (await blocker.ExecuteScalarAsync<long>("""
            select count(*) from pg_locks l join pg_stat_activity a using (pid)
            where not l.granted and l.relation = @table::regclass and a.datname = current_database() and a.query like @statement
            """, new { table, statement }) < requests.Length)
        {
            requests.ShouldAllBe(request => !request.IsCompleted);
            await Task.Delay(20, Cancelled);
        }

        return (blocker, requests);
    }
}
