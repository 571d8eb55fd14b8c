using Microsoft.Extensions.DependencyInjection;
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
    public async Task Exports_of_one_caller_are_refused_while_so_many_run_and_those_of_others_are_not()
    {
        await using var stage = await AnnotationStage.SetAsync(database);
        var annotations = $"{stage.Image}/annotations.geojson";
        var running = await RunningAsync(stage.Stage.Hub, RequestGates.Exports, stage.Viewer.Id);
        using (var refused = await stage.Viewer.SendAsync("GET", annotations))
        {
            ((int)refused.StatusCode).ShouldBe(429);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }

        await stage.Viewer.MustFailAsync(429, "too-many-at-once", "GET", $"{stage.Image}/annotations.ome.xml");
        await stage.Viewer.MustFailAsync(429, "too-many-at-once", "GET", "search/export");
        await stage.Owner.MustAsync("GET", annotations);
        running.ForEach(lease => lease.Dispose());
        await stage.Viewer.MustAsync("GET", annotations);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("search/facets")]
    public async Task Searches_of_strangers_are_refused_while_so_many_run_and_those_of_others_are_not(string route)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var (stranger, viewer) = (stage.Hub.Stranger(), new TestActor(stage.Viewer, stage.As(stage.Viewer)));
        var running = await RunningAsync(stage.Hub, RequestGates.StrangersSearches, Actor.Everyone);
        await stranger.MustFailAsync(429, "too-many-at-once", "GET", route);
        await viewer.MustAsync("GET", route);
        running.ForEach(lease => lease.Dispose());
        await stranger.MustAsync("GET", route);
    }

    /// <summary>As many as one caller may have at once.</summary>
    private static async Task<List<IDisposable>> RunningAsync(TestHub hub, string gate, Guid caller)
    {
        var leases = new List<IDisposable>();
        for (var number = 0; number < 4; number++)
            leases.Add(await hub.Services.GetRequiredKeyedService<RequestGate>(gate).EnterAsync(caller, Cancelled));
        return leases;
    }
}
