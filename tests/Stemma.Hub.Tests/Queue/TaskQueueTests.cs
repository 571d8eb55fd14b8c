using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Extraction;
using Stemma.Hub.Queue;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Queue;

public sealed class TaskQueueTests(TestDatabase database) : IAsyncLifetime
{
    private static readonly Guid Account = Guid.NewGuid();
    private TestHub _hub = null!;
    private TaskQueue _queue = null!;
    private NpgsqlConnection _connection = null!;
    private Guid _dataset;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync(database);
        _queue = _hub.Services.GetRequiredService<TaskQueue>();
        _connection = await _hub.Database.OpenConnectionAsync();
        _dataset = Guid.CreateVersion7();
        await _connection.ExecuteAsync("""
            insert into principals (id, kind) values (@Account, 'account');
            with project as (insert into nodes (id, kind, scope_id, name, created_by) values (@Project, 'project', @Project, 'P', @Account))
            insert into scopes (id) values (@Project);
            insert into nodes (id, kind, parent_id, scope_id, name, created_by) values (@Dataset, 'dataset', @Project, @Project, 'D', @Account);
            """, new { Account, Project = Guid.CreateVersion7(), Dataset = _dataset });
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task A_task_is_claimed_once_with_its_members_primary_first()
    {
        var set = await AddSetAsync("b.emi", ["a.ser", "b.emi"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        task.FileSetId.ShouldBe(set);
        task.Attempt.ShouldBe(1);
        task.Members.Select(member => member.Name).ShouldBe(["b.emi", "a.ser"]);
        (await ClaimAsync()).ShouldBeEmpty();
        (await ReadingAsync(set)).ShouldBe(("reading", null));
    }

    [Fact]
    public async Task Concurrent_claims_never_get_the_same_task()
    {
        for (var count = 0; count < 60; count++)
            await AddSetAsync($"{count}.tif", [$"{count}.tif"]);
        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => ClaimAsync(5))));
        var ids = claims.SelectMany(tasks => tasks).Select(task => task.Id).ToList();
        ids.Count.ShouldBe(60);
        ids.Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task Two_tasks_of_one_subject_do_not_run_at_once()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        var first = (await ClaimAsync()).ShouldHaveSingleItem();
        await QueueAsync(set);
        (await ClaimAsync()).ShouldBeEmpty();
        await CompleteAsync(first);
        (await ClaimAsync()).ShouldHaveSingleItem().FileSetId.ShouldBe(set);
    }

    [Fact]
    public async Task Only_the_newest_attempt_can_complete()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        var lost = (await ClaimAsync()).ShouldHaveSingleItem();
        await ExpireLeasesAsync();
        (await _queue.ReclaimAsync(default)).ShouldBe(1);
        await _connection.ExecuteAsync("update tasks set run_after = now()");
        var again = (await ClaimAsync()).ShouldHaveSingleItem();
        again.Attempt.ShouldBe(2);

        (await Should.ThrowAsync<Problem>(() => CompleteAsync(lost))).Slug.ShouldBe("stale-attempt");
        (await Should.ThrowAsync<Problem>(() => _queue.HeartbeatAsync(lost.Id, new HeartbeatRequest(lost.Attempt, null, null), default))).Slug.ShouldBe("stale-attempt");
        await CompleteAsync(again);
        (await Should.ThrowAsync<Problem>(() => CompleteAsync(again))).Slug.ShouldBe("stale-attempt");
        (await _connection.ExecuteScalarAsync<int>("select count(*) from extractions where file_set_id = @set", new { set })).ShouldBe(1);
        (await ReadingAsync(set)).ShouldBe(("read", null));
    }

    [Fact]
    public async Task Workers_that_die_do_not_use_up_the_attempts_of_a_file_but_not_for_ever_either()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            (await ReadingAsync(set)).Reading.ShouldBe("waiting");
            (await ClaimAsync()).ShouldHaveSingleItem().Attempt.ShouldBe(attempt);
            await ExpireLeasesAsync();
            await _queue.ReclaimAsync(default);
            await _connection.ExecuteAsync("update tasks set run_after = now()");
        }

        (await ReadingAsync(set)).Reading.ShouldBe("failed");
    }

    [Fact]
    public async Task What_a_dead_worker_held_is_given_out_again_without_waiting_for_its_leases()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        (await ClaimAsync()).ShouldHaveSingleItem();
        (await _queue.ReclaimFromAsync("another", default)).ShouldBe(0);
        (await _queue.ReclaimFromAsync("test", default)).ShouldBe(1);
        (await ReadingAsync(set)).ShouldBe(("waiting", "the worker stopped answering during attempt 1"));
        await _connection.ExecuteAsync("update tasks set run_after = now()");
        (await ClaimAsync()).ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_heartbeat_prolongs_the_lease()
    {
        await AddSetAsync("a.tif", ["a.tif"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        await ExpireLeasesAsync();
        await _queue.HeartbeatAsync(task.Id, new HeartbeatRequest(task.Attempt, 0.5f, "half\0 of\nit"), default);
        (await _queue.ReclaimAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_crashes_every_time_is_failed_with_the_reason_after_the_last_attempt()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var task = (await ClaimAsync()).ShouldHaveSingleItem();
            task.Attempt.ShouldBe(attempt);
            await _queue.FailAsync(task.Id, new FailRequest(attempt, "the reader ended with signal 11\nwhile reading a.tif", FailureKind.Crashed), default);
            (await ReadingAsync(set)).ShouldBe((attempt < 3 ? "waiting" : "failed", "the reader ended with signal 11 while reading a.tif"));
            await _connection.ExecuteAsync("update tasks set run_after = now()");
        }

        (await ClaimAsync()).ShouldBeEmpty();
        (await _queue.StateAsync(default)).Failed.ShouldBe(1);
    }

    [Theory]
    [InlineData(FailureKind.NoReader, "no_reader", 0)]
    [InlineData(FailureKind.Damaged, "failed", 1)]
    public async Task What_no_repetition_can_mend_is_final_at_once(FailureKind kind, string reading, int failed)
    {
        var set = await AddSetAsync("a.xyz", ["a.xyz"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        await _queue.FailAsync(task.Id, new FailRequest(1, "why", kind), default);
        (await ReadingAsync(set)).ShouldBe((reading, "why"));
        (await ClaimAsync()).ShouldBeEmpty();
        (await _queue.StateAsync(default)).Failed.ShouldBe(failed);
    }

    [Fact]
    public async Task A_failed_attempt_makes_room_for_a_newer_request_of_the_same_subject()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        await QueueAsync(set);
        await _queue.FailAsync(task.Id, new FailRequest(1, "crashed", FailureKind.Crashed), default);
        (await ReadingAsync(set)).Reading.ShouldBe("waiting");
        (await ClaimAsync()).ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_set_that_grew_while_it_was_read_stays_waiting()
    {
        var set = await AddSetAsync("a.emi", ["a.emi"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        await _connection.ExecuteAsync("update file_sets set membership = membership + 1 where id = @set", new { set });
        await QueueAsync(set);
        await CompleteAsync(task);
        (await ReadingAsync(set)).Reading.ShouldBe("waiting");
        await CompleteAsync((await ClaimAsync()).ShouldHaveSingleItem());
        (await ReadingAsync(set)).Reading.ShouldBe("read");
    }

    [Fact]
    public async Task A_result_whose_attempt_became_void_while_its_artifacts_came_in_is_refused_and_leaves_nothing()
    {
        var set = await AddSetAsync("a.tif", ["a.tif"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        await _queue.RequireRunningAsync(task.Id, task.Attempt, CancellationToken.None);
        await ExpireLeasesAsync();
        await _queue.ReclaimAsync(default);
        (await Should.ThrowAsync<Problem>(() => _queue.RequireRunningAsync(task.Id, task.Attempt, CancellationToken.None))).Slug.ShouldBe("stale-attempt");
        (await Should.ThrowAsync<Problem>(() => CompleteAsync(task))).Slug.ShouldBe("stale-attempt");
        (await _connection.ExecuteScalarAsync<long>("select (select count(*) from extractions where file_set_id = @set) + (select count(*) from event_objects where object_id = @set)", new { set })).ShouldBe(0);
        (await ReadingAsync(set)).Reading.ShouldBe("waiting");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_set_gathers_its_companions_unless_it_was_thrown_away_while_it_was_read(bool isTrashed)
    {
        var beside = await AddSetAsync("b.ome.tif", ["b.ome.tif"]);
        await ClaimAsync();
        var set = await AddSetAsync("a.ome.tif", ["a.ome.tif"]);
        var task = (await ClaimAsync()).ShouldHaveSingleItem();
        if (isTrashed)
            await _connection.ExecuteAsync("update file_sets set trashed_at = now(), trash_id = @set where id = @set", new { set });
        await CompleteAsync(task, "b.ome.tif");
        (await _connection.ExecuteScalarAsync<Guid>("select file_set_id from files where path = 'b.ome.tif' and dataset_id = @_dataset", new { _dataset })).ShouldBe(isTrashed ? beside : set);
    }

    private Task<IReadOnlyList<ClaimedTask>> ClaimAsync(int limit = 10) => _queue.ClaimAsync(new ClaimRequest("test", ["extract"], limit), CancellationToken.None);

    private ExtractionRecorder Recorder => _hub.Services.GetRequiredService<ExtractionRecorder>();

    private Task CompleteAsync(ClaimedTask task, params string[] companions)
    {
        var empty = JsonSerializer.SerializeToElement(new { });
        return Recorder.CompleteAsync(Actor.Hub, task.Id, task.Attempt, new ExtractionResult("tiff", "TIFF", "1", "0.1.0", 0.1, [], empty, [], [], companions, null, null), [], CancellationToken.None);
    }

    private Task ExpireLeasesAsync() => _connection.ExecuteAsync("update tasks set lease_until = now() - interval '1 second' where state = 'running'");

    private Task QueueAsync(Guid set) => _connection.ExecuteAsync(
        "insert into tasks (id, kind, subject_id, created_by) values (@Id, 'extract', @set, @Account)", new { Id = Guid.CreateVersion7(), set, Account });

    private async Task<(string Reading, string? Note)> ReadingAsync(Guid set) =>
        await _connection.QuerySingleAsync<(string, string?)>("select reading, reading_note from file_sets where id = @set", new { set });

    private async Task<Guid> AddSetAsync(string name, string[] paths)
    {
        var set = Guid.CreateVersion7();
        await _connection.ExecuteAsync("insert into file_sets (id, dataset_id, name, grouping_key) values (@set, @_dataset, @name, @name)", new { set, _dataset, name });
        foreach (var path in paths)
            await _connection.ExecuteAsync("""
                insert into files (id, file_set_id, dataset_id, path, role, size, sha256, deposited_by, deposited_via)
                values (@Id, @set, @_dataset, @path, @Role, 1, sha256(@path::bytea), @Account, 'upload')
                """, new { Id = Guid.CreateVersion7(), set, _dataset, path, Role = path == name ? "primary" : "part", Account });
        await QueueAsync(set);
        return set;
    }
}
