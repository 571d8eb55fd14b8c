using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Sidecars;

/// <summary>The switch of a project, which is its manager's: a text tells readers of a share what the project knows.</summary>
internal sealed class SidecarSettings(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    /// <summary>Problems that are told one by one.</summary>
    public const int MostProblems = 20;

    private sealed record Row
    {
        public bool Kept { get; init; }
        public string Origin { get; init; } = "";
        public long Version { get; init; }
    }

    private sealed record Counts
    {
        public long Linked { get; init; }
        public long Written { get; init; }
        public long Withheld { get; init; }
        public long Failed { get; init; }
    }

    public async Task<ProjectSidecars> GetAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RequireAsync(connection, actor, projectId, NodeLock.None, cancellationToken);
        return await DescribeAsync(connection, projectId, cancellationToken);
    }

    /// <param name="origin">How the caller reached the hub: texts name pages there.</param>
    public async Task<ProjectSidecars> SwitchAsync(Actor actor, Guid projectId, bool kept, string origin, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One who switches at a time.
        var project = await RequireAsync(connection, actor, projectId, NodeLock.Update, cancellationToken);
        var before = await FindAsync(connection, projectId, cancellationToken);
        ETags.Check(expectedVersion, before?.Version ?? 0);
        if (kept == (before?.Kept ?? false) && (!kept || origin == before?.Origin))
            return await DescribeAsync(connection, projectId, cancellationToken);
        await connection.RunAsync("""
            insert into project_sidecars as p (project_id, kept, origin, changed_by, changed_at) values (@projectId, @kept, @origin, @By, @Now)
            on conflict (project_id) do update set kept = @kept, origin = @origin, changed_by = @By, changed_at = @Now, version = p.version + 1
            """, new { projectId, kept, origin, By = actor.Id, Now = clock.GetUtcNow() }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("sidecars.switched", project.Kind.Word(), projectId,
            new JsonObject { ["name"] = project.Name, ["kept"] = kept, ["origin"] = origin }), cancellationToken);
        var after = await DescribeAsync(connection, projectId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>Those of the given datasets that lie in projects which keep texts.</summary>
    public static Task<List<Guid>> KeptInAsync(NpgsqlConnection connection, Guid[] datasets, CancellationToken cancellationToken) =>
        connection.RowsAsync<Guid>("""
            with recursive up(dataset, id, parent_id) as (
                select n.id, n.id, n.parent_id from nodes n where n.id = any (@datasets)
                union all
                select up.dataset, n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select up.dataset from up join project_sidecars k on k.project_id = up.id and k.kept
            """, new { datasets }, cancellationToken);

    private static async Task<NodeRow> RequireAsync(NpgsqlConnection connection, Actor actor, Guid projectId, NodeLock hold, CancellationToken cancellationToken)
    {
        var node = await NodeAccess.RequireAsync(connection, actor, projectId, Capabilities.Manage, hold, cancellationToken);
        return node.Kind == NodeKind.Project ? node : throw Problem.Conflict("not-a-project", $"\"{node.Name}\" is a {node.Kind.Word()}: whether texts are kept beside files is decided for a project.");
    }

    private static Task<Row?> FindAsync(NpgsqlConnection connection, Guid projectId, CancellationToken cancellationToken) =>
        connection.RowAsync<Row>("select kept, origin, version from project_sidecars where project_id = @projectId", new { projectId }, cancellationToken);

    private static async Task<ProjectSidecars> DescribeAsync(NpgsqlConnection connection, Guid projectId, CancellationToken cancellationToken)
    {
        var row = await FindAsync(connection, projectId, cancellationToken);
        var counts = (await connection.RowAsync<Counts>("""
            with recursive down as (
                select n.id from nodes n where n.id = @projectId
                union all
                select c.id from down join nodes c on c.parent_id = down.id where c.trashed_at is null)
            select (select count(*) from down join file_sets s on s.dataset_id = down.id and s.trashed_at is null
                    where exists (select from files f join linked_files l on l.file_id = f.id where f.file_set_id = s.id and f.is_current and f.blob_sha256 is null)) as linked,
                   (select count(*) from sidecars t where t.project_id = @projectId and t.state = 'written') as written,
                   (select count(*) from sidecars t where t.project_id = @projectId and t.state = 'withheld') as withheld,
                   (select count(*) from sidecars t where t.project_id = @projectId and t.state in ('failed', 'foreign')) as failed
            """, new { projectId }, cancellationToken))!;
        var problems = await connection.RowsAsync<SidecarProblem>($"""
            select s.id as file_set_id, s.name, t.problem, t.retry_at from sidecars t join files f on f.id = t.file_id join file_sets s on s.id = f.file_set_id
            where t.project_id = @projectId and t.state <> 'written' order by t.state = 'withheld', s.name, s.id limit {MostProblems}
            """, new { projectId }, cancellationToken);
        return new ProjectSidecars(row?.Kept ?? false, counts.Linked, counts.Written, counts.Withheld, counts.Failed, problems, row?.Version ?? 0);
    }
}
