using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search;

/// <param name="Project">Whoever sees it sees the search; null: the owner only.</param>
/// <param name="View">The rest of the address: order, layout, columns.</param>
/// <param name="IsMine">The caller may change it.</param>
public sealed record SavedSearch(Guid Id, string Name, string Query, string View, Guid? Project, string? ProjectName, PrincipalName Owner, bool IsMine, DateTime CreatedAt, long Version);

/// <param name="Project">A project to share it with; needs the capability add there.</param>
public sealed record NewSavedSearch(string Name, string Query, string? View = null, Guid? Project = null);

public sealed record SavedSearchPatch : Patch
{
    public string? Name { get; init => field = Given(value); }
    public string? Query { get; init => field = Given(value); }
    public string? View { get; init => field = Given(value); }
    public Guid? Project { get; init => field = Given(value); }
}

/// <summary>Searches worth keeping.</summary>
internal sealed class SavedSearches(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private const int MostOfOne = 500;

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid OwnerId { get; init; }
        public string OwnerName { get; init; } = "";
        public Guid? ProjectId { get; init; }
        public string? ProjectName { get; init; }
        public string Name { get; init; } = "";
        public string Query { get; init; } = "";
        public string View { get; init; } = "";
        public DateTime CreatedAt { get; init; }
        public long Version { get; init; }

        public SavedSearch For(Actor actor) => new(Id, Name, Query, View, ProjectId, ProjectName, new PrincipalName(OwnerId, OwnerName), OwnerId == actor.Id, CreatedAt, Version);
    }

    // A search of one's own, or of a project that one sees.
    private const string Seen = """
        select s.*, o.name as owner_name, p.name as project_name
        from saved_searches s join principal_names o on o.id = s.owner_id
        left join nodes p on p.id = s.project_id and p.trashed_at is null and p.scope_id in (select scope_id from scopes_of(@Id, @Mask) where capabilities & 1 <> 0)
        where (s.owner_id = @Id or p.id is not null)
        """;

    public async Task<IReadOnlyList<SavedSearch>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<Row>($"{Seen} order by s.owner_id = @Id desc, lower(s.name), s.id limit 1000", new { actor.Id, actor.Mask }, cancellationToken);
        return rows.ConvertAll(row => row.For(actor));
    }

    public async Task<SavedSearch> SaveAsync(Actor actor, NewSavedSearch asked, CancellationToken cancellationToken)
    {
        var row = Check(new Row { Id = Guid.CreateVersion7(clock.GetUtcNow()), OwnerId = actor.Id, Name = asked.Name, Query = asked.Query, View = asked.View ?? "", ProjectId = asked.Project });
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RequireProjectAsync(connection, actor, row.ProjectId, cancellationToken);
        if (await connection.RowAsync<long>("select count(*) from saved_searches where owner_id = @Id", new { actor.Id }, cancellationToken) >= MostOfOne)
            throw Problem.Conflict("too-many", $"You have {MostOfOne} saved searches, which is the most one account may have. Remove one that you no longer need.");
        await connection.RunAsync("insert into saved_searches (id, owner_id, project_id, name, query, view) values (@Id, @OwnerId, @ProjectId, @Name, @Query, @View)", row, cancellationToken);
        await RecordAsync(connection, actor, "saved-search.created", row, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await GetAsync(connection, actor, row.Id, cancellationToken);
    }

    public async Task<SavedSearch> ChangeAsync(Actor actor, Guid id, SavedSearchPatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await OwnAsync(connection, actor, id, cancellationToken);
        ETags.Check(expectedVersion, before.Version);
        var after = Check(before with
        {
            Name = patch.Has(nameof(patch.Name)) ? patch.Name ?? "" : before.Name,
            Query = patch.Has(nameof(patch.Query)) ? patch.Query ?? "" : before.Query,
            View = patch.Has(nameof(patch.View)) ? patch.View ?? "" : before.View,
            ProjectId = patch.Has(nameof(patch.Project)) ? patch.Project : before.ProjectId,
        });
        if (after != before)
        {
            // Also where it is shared already: whoever lost the right to add tells the project nothing more.
            await RequireProjectAsync(connection, actor, after.ProjectId, cancellationToken);
            await connection.RunAsync("update saved_searches set name = @Name, query = @Query, view = @View, project_id = @ProjectId, version = version + 1 where id = @Id", after, cancellationToken);
            await RecordAsync(connection, actor, "saved-search.changed", after, before, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return await GetAsync(connection, actor, id, cancellationToken);
    }

    public async Task DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await OwnAsync(connection, actor, id, cancellationToken);
        await connection.RunAsync("delete from saved_searches where id = @id", new { id }, cancellationToken);
        await RecordAsync(connection, actor, "saved-search.deleted", row, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<SavedSearch> GetAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<Row>($"{Seen} and s.id = @search", new { actor.Id, actor.Mask, search = id }, cancellationToken) ?? throw Problem.NotFound("such saved search")).For(actor);

    /// <exception cref="Problem">404: there is none that the actor sees. 403: it is somebody else's.</exception>
    private static async Task<Row> OwnAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await connection.RunAsync("select 1 from saved_searches where id = @id for update", new { id }, cancellationToken);
        var row = await connection.RowAsync<Row>($"{Seen} and s.id = @search", new { actor.Id, actor.Mask, search = id }, cancellationToken) ?? throw Problem.NotFound("such saved search");
        return row.OwnerId == actor.Id ? row : throw Problem.Forbidden("change it: it is somebody else's");
    }

    private static async Task RequireProjectAsync(NpgsqlConnection connection, Actor actor, Guid? project, CancellationToken cancellationToken)
    {
        if (project is { } id && (await NodeAccess.RequireAsync(connection, actor, id, Capabilities.Add, NodeLock.Share, cancellationToken)).Kind != NodeKind.Project)
            throw Problem.Invalid("A search is shared with a project: collections and datasets have none of their own.");
    }

    private static Row Check(Row row)
    {
        if (!QueryParser.TryParse(row.Query, out _, out var error))
            throw Finding.SearchSession.NotUnderstood(error);
        return row.View.Length <= 2000 ? row with { Name = Names.Check("name", row.Name) } : throw Problem.Invalid($"view may have 2000 characters, but has {row.View.Length}.");
    }

    private Task RecordAsync(NpgsqlConnection connection, Actor actor, string type, Row row, Row? before, CancellationToken cancellationToken)
    {
        var data = Describe(row);
        if (before is not null)
            data["before"] = Describe(before);
        return events.WriteAsync(connection, actor, new Happening(type, "saved-search", row.Id, data, row.ProjectId is { } project ? [project] : []), cancellationToken);
    }

    private static JsonObject Describe(Row row) => new() { ["name"] = row.Name, ["query"] = row.Query, ["view"] = row.View, ["project"] = row.ProjectId?.ToString() };
}
