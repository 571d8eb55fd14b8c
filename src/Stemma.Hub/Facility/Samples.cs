using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Facility;

/// <summary>Samples belong to a project, and have its access rules.</summary>
internal sealed class Samples(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private const int MaxProperties = 100_000;
    private const string Columns = """
        s.id, s.project_id, s.name, s.description, s.properties::text as properties, array(select p.parent_id from sample_parents p where p.sample_id = s.id order by 1) as parent_ids,
        s.created_at, s.version
        """;

    private sealed record SampleRow
    {
        public Guid Id { get; init; }
        public Guid ProjectId { get; init; }
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string Properties { get; init; } = "{}";
        public Guid[] ParentIds { get; init; } = [];
        public DateTime CreatedAt { get; init; }
        public long Version { get; init; }

        public Sample ToSample() => new(Id, ProjectId, Name, Description, JsonSerializer.Deserialize<JsonElement>(Properties), ParentIds, CreatedAt, Version);
    }

    public async Task<Page<Sample>> ListAsync(Actor actor, Guid? project, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (name, id) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<SampleRow>($"""
            select {Columns} from samples s
            join nodes n on n.id = s.project_id and n.trashed_at is null
            join scopes_of(@ActorId, @Mask) mine on mine.scope_id = n.scope_id and mine.capabilities & 1 <> 0
            where (@project::uuid is null or s.project_id = @project::uuid) and (@name::text is null or (s.name, s.id) > (@name::text, @id::uuid))
            order by s.name, s.id limit @Take
            """, new { ActorId = actor.Id, actor.Mask, project, name, id, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToSample())], take, sample => KeysetByName.Key(sample.Name, sample.Id));
    }

    public async Task<Sample> CreateAsync(Actor actor, NewSample asked, CancellationToken cancellationToken)
    {
        var row = new SampleRow
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()), ProjectId = asked.ProjectId, Name = Names.Check("name", asked.Name),
            Description = NodeChanges.CheckDescription(asked.Description ?? ""), Properties = CheckProperties(asked.Properties), ParentIds = [.. (asked.ParentIds ?? []).Distinct()],
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RequireProjectAsync(connection, actor, row.ProjectId, Capabilities.Add, cancellationToken);
        await connection.RunAsync("insert into samples (id, project_id, name, description, properties) values (@Id, @ProjectId, @Name, @Description, @Properties::jsonb)", row, cancellationToken);
        await SetParentsAsync(connection, actor, row, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("sample.created", "sample", row.Id, Describe(row), row.ProjectId), cancellationToken);
        var made = await GetAsync(connection, row.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made.ToSample();
    }

    public async Task<Sample> ChangeAsync(Actor actor, Guid id, SamplePatch patch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("select 1 from samples where id = @id for update", new { id }, cancellationToken);
        var before = await connection.RowAsync<SampleRow>($"select {Columns} from samples s where s.id = @id", new { id }, cancellationToken) ?? throw NodeAccess.Missing(actor, "such sample");
        await RequireProjectAsync(connection, actor, before.ProjectId, Capabilities.Edit, cancellationToken);
        var after = before with
        {
            Name = patch.Has(nameof(patch.Name)) ? Names.Check("name", patch.Name) : before.Name,
            Description = patch.Has(nameof(patch.Description)) ? NodeChanges.CheckDescription(patch.Description) : before.Description,
            Properties = patch.Has(nameof(patch.Properties)) ? CheckProperties(patch.Properties) : before.Properties,
            ParentIds = patch.Has(nameof(patch.ParentIds)) ? [.. patch.ParentIds.Distinct()] : before.ParentIds,
        };
        var (was, becomes) = (Describe(before), Describe(after));
        if (!JsonNode.DeepEquals(was, becomes))
        {
            await connection.RunAsync("update samples set name = @Name, description = @Description, properties = @Properties::jsonb, version = version + 1 where id = @Id", after, cancellationToken);
            await SetParentsAsync(connection, actor, after, cancellationToken);
            becomes["before"] = was;
            await events.WriteAsync(connection, actor, new Happening("sample.changed", "sample", id, becomes, after.ProjectId), cancellationToken);
        }

        var changed = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed.ToSample();
    }

    private static async Task RequireProjectAsync(NpgsqlConnection connection, Actor actor, Guid projectId, Capabilities needed, CancellationToken cancellationToken)
    {
        var project = await NodeAccess.RequireAsync(connection, actor, projectId, needed, NodeLock.Share, cancellationToken);
        if (project.Kind != NodeKind.Project)
            throw Problem.Conflict("not-a-project", $"\"{project.Name}\" is a {project.Kind.Word()}, and samples belong to projects.");
    }

    /// <summary>Parents may be in other projects that the actor sees. None is its own ancestor.</summary>
    private static async Task SetParentsAsync(NpgsqlConnection connection, Actor actor, SampleRow row, CancellationToken cancellationToken)
    {
        // Two at once could close a circle that neither sees.
        await connection.RunAsync("select pg_advisory_xact_lock(hashtext('sample_parents'))", null, cancellationToken);
        await connection.RunAsync("delete from sample_parents where sample_id = @Id and parent_id <> all (@ParentIds)", row, cancellationToken);
        await connection.RunAsync("""
            insert into sample_parents (sample_id, parent_id)
            select @Id, s.id from samples s join nodes n on n.id = s.project_id and n.trashed_at is null
            where s.id = any (@ParentIds) and s.id <> @Id and capabilities_on(@ActorId, @Mask, n.scope_id) & 1 <> 0
            on conflict do nothing
            """, new { row.Id, row.ParentIds, ActorId = actor.Id, actor.Mask }, cancellationToken);
        if (await connection.RowAsync<long>("select count(*) from sample_parents where sample_id = @Id", new { row.Id }, cancellationToken) != row.ParentIds.Length)
            throw Problem.NotFound("such sample to be a parent of this one");
        if (await connection.RowAsync<bool>("""
            with recursive up as (
                select parent_id from sample_parents where sample_id = @Id
                union
                select p.parent_id from up join sample_parents p on p.sample_id = up.parent_id)
            select exists (select from up where parent_id = @Id)
            """, new { row.Id }, cancellationToken))
            throw Problem.Conflict("cycle", $"\"{row.Name}\" would be made from itself.");
    }

    private static async Task<SampleRow> GetAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<SampleRow>($"select {Columns} from samples s where s.id = @id", new { id }, cancellationToken))!;

    private static JsonObject Describe(SampleRow row) => new()
    {
        ["name"] = row.Name, ["description"] = row.Description, ["properties"] = JsonNode.Parse(row.Properties), ["project"] = row.ProjectId.ToString(),
        ["parents"] = EventText.Words(row.ParentIds.Order().Select(id => id.ToString())),
    };

    private static string CheckProperties(JsonElement? properties)
    {
        if (properties is not { ValueKind: not JsonValueKind.Undefined } given)
            return "{}";
        if (given.ValueKind != JsonValueKind.Object)
            throw Problem.Invalid("properties must be an object of names and values.");
        var text = given.GetRawText();
        return text.Length <= MaxProperties ? SqlText.Clean(text) : throw Problem.Invalid($"properties have at most {MaxProperties} characters, but these have {text.Length}.");
    }
}
