using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>Making, changing and removing templates. Removed fields stay in the database, because earlier values tell what they were.</summary>
internal sealed class FieldTemplateChanges(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    private sealed record Used(Guid FieldId, string Name, long Now, long Ever);

    public async Task<FieldTemplate> CreateAsync(Actor actor, Guid projectId, NewFieldTemplate asked, CancellationToken cancellationToken)
    {
        var name = Names.Check("name", asked.Name);
        var targets = FieldDefinitions.CheckTargets(asked.AppliesTo);
        var fields = FieldDefinitions.Check(asked.Fields);
        if (fields.FirstOrDefault(field => field.Id is not null) is { } known)
            throw Problem.Invalid($"\"{known.Name}\" has an id, but fields of a new template get theirs from the hub.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Names are the project's, so that only one at a time gives new ones.
        var project = await FieldTemplateQueries.RequireProjectAsync(connection, actor, projectId, Capabilities.Manage, NodeLock.Update, cancellationToken);
        var templates = await FieldTemplateQueries.OfProjectAsync(connection, projectId, cancellationToken);
        if (templates.Count >= FieldDefinitions.MaxTemplates)
            throw Problem.Conflict("too-many-templates", $"A project has at most {FieldDefinitions.MaxTemplates} templates, and \"{project.Name}\" has them. Add the fields to one of these.");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await RequireFreeAsync(connection, project, id, name, fields, cancellationToken);
        await connection.RunAsync("""
            insert into field_templates (id, project_id, name, applies_to, position)
            values (@id, @projectId, @name, @AppliesTo, (select coalesce(max(position), 0) + 1 from field_templates where project_id = @projectId))
            """, new { id, projectId, name, AppliesTo = targets.Select(FieldWords.Word).ToArray() }, cancellationToken);
        await SaveAsync(connection, projectId, id, fields, cancellationToken);
        var made = await FieldTemplateQueries.GetAsync(connection, id, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("field-template.created", "field-template", id, Describe(made), projectId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    public async Task<FieldTemplate> ChangeAsync(Actor actor, Guid id, FieldTemplatePatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (project, before) = await RequireAsync(connection, actor, id, expectedVersion, cancellationToken);
        var name = patch.Has(nameof(patch.Name)) ? Names.Check("name", patch.Name) : before.Name;
        var targets = patch.Has(nameof(patch.AppliesTo)) ? FieldDefinitions.CheckTargets(patch.AppliesTo) : [.. before.AppliesTo];
        FieldDefinition[]? fields = patch.Has(nameof(patch.Fields)) ? FieldDefinitions.Check(patch.Fields) : null;
        await RequireFreeAsync(connection, project, id, name, fields ?? [], cancellationToken);
        if (fields is not null)
        {
            await LockFieldsAsync(connection, id, cancellationToken);
            await CheckKindsAsync(connection, before, fields, cancellationToken);
            await RemoveFieldsAsync(connection, actor, before, [.. before.Fields.Where(field => fields.All(kept => kept.Id != field.Id)).Select(field => field.Id)], patch.DiscardValues, cancellationToken);
            await SaveAsync(connection, project.Id, id, fields, cancellationToken);
            await FieldWordsChanged.OfFieldsAsync(connection, [.. before.Fields.Where(field => fields.Any(kept => kept.Id == field.Id && kept.Name != field.Name)).Select(field => field.Id)], cancellationToken);
        }

        await connection.RunAsync("update field_templates set name = @name, applies_to = @AppliesTo where id = @id",
            new { id, name, AppliesTo = targets.Select(FieldWords.Word).ToArray() }, cancellationToken);
        var after = await FieldTemplateQueries.GetAsync(connection, id, cancellationToken);
        var (was, becomes) = (Describe(before), Describe(after));
        if (JsonNode.DeepEquals(was, becomes))
            return before;
        await connection.RunAsync("update field_templates set version = version + 1 where id = @id", new { id }, cancellationToken);
        becomes["before"] = was;
        await events.WriteAsync(connection, actor, new Happening("field-template.changed", "field-template", id, becomes, project.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after with { Version = before.Version + 1 };
    }

    public async Task RemoveAsync(Actor actor, Guid id, bool discardValues, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (project, template) = await RequireAsync(connection, actor, id, expectedVersion, cancellationToken);
        await LockFieldsAsync(connection, id, cancellationToken);
        await RemoveFieldsAsync(connection, actor, template, [.. template.Fields.Select(field => field.Id)], discardValues, cancellationToken);
        await connection.RunAsync("update field_templates set removed_at = @Now, version = version + 1 where id = @id", new { id, Now = clock.GetUtcNow() }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("field-template.removed", "field-template", id, Describe(template), project.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<(NodeRow Project, FieldTemplate Template)> RequireAsync(NpgsqlConnection connection, Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        var projectId = await connection.RowAsync<Guid?>("select project_id from field_templates where id = @id and removed_at is null", new { id }, cancellationToken)
            ?? throw NodeAccess.Missing(actor, "such template of fields");
        NodeRow project;
        try
        {
            project = await NodeAccess.RequireAsync(connection, actor, projectId, Capabilities.Manage, NodeLock.Update, cancellationToken);
        }
        catch (Problem unseen) when (unseen.Status == 404)
        {
            throw NodeAccess.Missing(actor, "such template of fields");
        }

        // The project's lock was waited for: meanwhile it may have been removed.
        if (!await connection.RowAsync<bool>("select removed_at is null from field_templates where id = @id", new { id }, cancellationToken))
            throw NodeAccess.Missing(actor, "such template of fields");
        var template = await FieldTemplateQueries.GetAsync(connection, id, cancellationToken);
        ETags.Check(expectedVersion, template.Version);
        return (project, template);
    }

    /// <summary>Whoever sets values holds their fields shared (<see cref="FieldChanger"/>): from here on no value is set unseen.</summary>
    private static Task<int> LockFieldsAsync(NpgsqlConnection connection, Guid templateId, CancellationToken cancellationToken) =>
        connection.RunAsync("select 1 from fields where template_id = @templateId order by id for update", new { templateId }, cancellationToken);

    /// <exception cref="Problem">409: another template of the project, or a field of one, has the name.</exception>
    private static async Task RequireFreeAsync(NpgsqlConnection connection, NodeRow project, Guid id, string name, FieldDefinition[] fields, CancellationToken cancellationToken)
    {
        var taken = await connection.RowAsync<string>("select name from field_templates where project_id = @Project and id <> @id and lower(name) = lower(@name) and removed_at is null",
            new { Project = project.Id, id, name }, cancellationToken);
        if (taken is not null)
            throw Problem.Conflict("name-taken", $"\"{project.Name}\" has a template called \"{taken}\" already. Choose another name, or change that one.");
        taken = await connection.RowAsync<string>("""
            select f.name from fields f where f.project_id = @Project and f.template_id <> @id and f.removed_at is null and lower(f.name) in (select lower(n) from unnest(@Names) as n) limit 1
            """, new { Project = project.Id, id, Names = fields.Select(field => field.Name).ToArray() }, cancellationToken);
        if (taken is not null)
            throw Problem.Conflict("name-taken", $"Another template of \"{project.Name}\" has a field \"{taken}\" already. Every field of a project has a name of its own.");
    }

    /// <summary>What a value means does not change after it was written, also not for those who read earlier ones.</summary>
    private static async Task CheckKindsAsync(NpgsqlConnection connection, FieldTemplate before, FieldDefinition[] fields, CancellationToken cancellationToken)
    {
        var used = (await UsesAsync(connection, [.. before.Fields.Select(field => field.Id)], cancellationToken)).ToDictionary(row => row.FieldId);
        foreach (var field in fields.Where(field => field.Id is not null))
        {
            var known = before.Fields.FirstOrDefault(candidate => candidate.Id == field.Id)
                ?? throw Problem.Invalid($"\"{field.Name}\" has the id {field.Id}, but the template \"{before.Name}\" has no such field. Leave the id out for a new one.");
            if ((known.Type, known.Unit) != (field.Type, field.Unit) && used.TryGetValue(known.Id, out var uses))
                throw Problem.Conflict("field-in-use",
                    $"\"{known.Name}\" has had {uses.Ever} value{(uses.Ever == 1 ? "" : "s")} and stays of type {known.Type.Word()}{(known.Unit is null ? "" : $" in {known.Unit}")}. Make a new field instead.");
        }
    }

    private async Task RemoveFieldsAsync(NpgsqlConnection connection, Actor actor, FieldTemplate template, Guid[] fields, bool discardValues, CancellationToken cancellationToken)
    {
        var used = (await UsesAsync(connection, fields, cancellationToken)).Where(row => row.Now > 0).ToList();
        if (used.Count > 0 && !discardValues)
            throw Problem.Conflict("field-in-use",
                $"{string.Join(", ", used.Select(row => $"\"{row.Name}\" ({row.Now} value{(row.Now == 1 ? "" : "s")})"))} of the template \"{template.Name}\" {(used.Count == 1 ? "is" : "are")} filled in. Send discardValues to remove {(used.Count == 1 ? "it" : "them")} nevertheless; the history keeps the values.");
        var now = clock.GetUtcNow();
        await connection.RunAsync("""
            update field_values set ended_at = @now, ended_by = @Actor where field_id = any (@fields) and ended_at is null;
            update fields set removed_at = @now where id = any (@fields)
            """, new { fields, now, Actor = actor.Id }, cancellationToken);
    }

    private static Task<List<Used>> UsesAsync(NpgsqlConnection connection, Guid[] fields, CancellationToken cancellationToken) => connection.RowsAsync<Used>("""
        select v.field_id, f.name, count(*) filter (where v.ended_at is null) as now, count(*) as ever
        from field_values v join fields f on f.id = v.field_id where v.field_id = any (@fields) group by v.field_id, f.name, f.position order by f.position
        """, new { fields }, cancellationToken);

    /// <summary>Writes the fields in their order. Names may change places with each other, which the unique index sees row by row: so all names go aside first.</summary>
    private async Task SaveAsync(NpgsqlConnection connection, Guid projectId, Guid templateId, FieldDefinition[] fields, CancellationToken cancellationToken)
    {
        await connection.RunAsync("update fields set name = id::text where template_id = @templateId and removed_at is null", new { templateId }, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        for (var position = 0; position < fields.Length; position++)
        {
            var field = fields[position];
            batch.Add("""
                insert into fields (id, template_id, project_id, name, type, unit, choices, required, help, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (id) do update set name = excluded.name, type = excluded.type, unit = excluded.unit, choices = excluded.choices, required = excluded.required,
                    help = excluded.help, position = excluded.position
                """, field.Id ?? Guid.CreateVersion7(clock.GetUtcNow()), templateId, projectId, field.Name, field.Type.Word(), field.Unit, field.Choices, field.Required, field.Help ?? "", position);
        }

        if (fields.Length > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static JsonObject Describe(FieldTemplate template) => new()
    {
        ["name"] = template.Name, ["appliesTo"] = EventText.Words(template.AppliesTo.Select(FieldWords.Word)),
        ["fields"] = new JsonArray([.. template.Fields.Select(field => (JsonNode)new JsonObject
        {
            ["id"] = field.Id.ToString(), ["name"] = field.Name, ["type"] = field.Type.Word(), ["unit"] = field.Unit, ["choices"] = EventText.Words(field.Choices),
            ["required"] = field.Required, ["help"] = field.Help,
        })]),
    };
}
