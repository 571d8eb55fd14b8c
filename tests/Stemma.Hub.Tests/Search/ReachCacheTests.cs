using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>What is kept of an actor's access is as good as asked anew. That every change counts is shown on random histories in <see cref="Sharing.GrantsAgainstModelTests"/>.</summary>
public sealed class ReachCacheTests(TestDatabase database)
{
    private const string Grant = "insert into grants (id, node_id, principal_id, capabilities, expires_at, granted_by) values (gen_random_uuid(), @project, @Id, 1, now() + @lasts::interval, @Id)";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_kept_while_nothing_changes()
    {
        await using var hub = await TestHub.StartAsync(database);
        var olga = await hub.AccountAsync("olga");
        var (first, second) = (await OfAsync(hub, olga), await OfAsync(hub, olga));
        second.ShouldBeSameAs(first);
        await olga.ProjectAsync("mine");
        (await OfAsync(hub, olga)).ShouldNotBeSameAs(first);
    }

    [Fact]
    public async Task A_change_that_was_under_way_while_it_was_read_counts_from_its_commit_on()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (owner, olga) = (await hub.AccountAsync("owner"), await hub.AccountAsync("olga"));
        var project = await owner.ProjectAsync("shared");
        await owner.DatasetAsync(project, "seen");
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await connection.ExecuteAsync(Grant, new { project, olga.Id, lasts = (string?)null });
        (await OfAsync(hub, olga)).Datasets.ShouldBeEmpty();
        await transaction.CommitAsync(Cancelled);
        (await OfAsync(hub, olga)).Datasets.Length.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_grant_that_ends_by_itself_ends()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (owner, olga) = (await hub.AccountAsync("owner"), await hub.AccountAsync("olga"));
        var project = await owner.ProjectAsync("shared");
        await owner.DatasetAsync(project, "seen");
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(Grant, new { project, olga.Id, lasts = "3 seconds" });
        (await OfAsync(hub, olga)).Datasets.Length.ShouldBe(1);
        // Never, if it did not: then the run is stopped.
        while (!(await OfAsync(hub, olga)).IsEmpty)
            await Task.Delay(100, Cancelled);
    }

    [Fact]
    public async Task What_lies_in_what_is_read_again_before_its_changes_are_forgotten()
    {
        var clock = new FakeClock();
        await using var hub = await TestHub.StartAsync(database, build: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var (olga, otto) = (await hub.AccountAsync("olga"), await hub.AccountAsync("otto"));
        (await OfAsync(hub, olga)).Datasets.ShouldBeEmpty();
        var project = await otto.ProjectAsync("mine");
        await otto.DatasetAsync(project, "new");
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        // As the hub does by itself, later.
        await connection.ExecuteAsync("delete from access_changes");
        clock.Advance(TimeSpan.FromMinutes(31));
        var reach = await OfAsync(hub, otto);
        reach.DatasetsIn([await connection.ExecuteScalarAsync<int>("select number from nodes where id = @project", new { project })]).ShouldBe(reach.Datasets);
        reach.Datasets.Length.ShouldBe(1);
    }

    private static async Task<Reach> OfAsync(TestHub hub, TestActor actor)
    {
        await using var connection = await hub.Database.OpenConnectionAsync(Cancelled);
        return await hub.Services.GetRequiredService<ReachCache>().OfAsync(connection, Actor.Stranger with { Id = actor.Id }, Cancelled);
    }
}
