using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

internal sealed record TemplateRow
{
    public const string Columns = "t.id, t.project_id, t.name, t.applies_to, t.version";

    public Guid Id { get; init; }
    public Guid ProjectId { get; init; }
    public string Name { get; init; } = "";
    public string[] AppliesTo { get; init; } = [];
    public long Version { get; init; }

    public FieldTarget[] Targets => [.. AppliesTo.Select(FieldWords.Target)];
}

internal sealed record FieldRow
{
    public const string Columns = "f.id, f.template_id, f.name, f.type, f.unit, f.choices, f.required, f.help";

    public Guid Id { get; init; }
    public Guid TemplateId { get; init; }
    public string Name { get; init; } = "";
    public FieldType Type { get; init; }
    public string? Unit { get; init; }
    public string[] Choices { get; init; } = [];
    public bool Required { get; init; }
    public string Help { get; init; } = "";

    public Field ToField(long? uses = null) => new(Id, Name, Type, Unit, Choices, Required, Help, uses);
}

/// <summary>Templates of a project, in their order.</summary>
internal sealed class FieldTemplateQueries(NpgsqlDataSource database)
{
    private sealed record Uses(Guid FieldId, long Count);

    public async Task<Page<FieldTemplate>> ListAsync(Actor actor, Guid projectId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RequireProjectAsync(connection, actor, projectId, Capabilities.See, NodeLock.None, cancellationToken);
        var templates = await OfProjectAsync(connection, projectId, cancellationToken);
        return new Page<FieldTemplate>(await WithFieldsAsync(connection, templates, cancellationToken), null);
    }

    public static Task<List<TemplateRow>> OfProjectAsync(NpgsqlConnection connection, Guid? projectId, CancellationToken cancellationToken) => connection.RowsAsync<TemplateRow>(
        $"select {TemplateRow.Columns} from field_templates t where t.project_id = @projectId and t.removed_at is null order by t.position, t.id", new { projectId }, cancellationToken);

    public static Task<List<FieldRow>> FieldsAsync(NpgsqlConnection connection, IEnumerable<TemplateRow> templates, CancellationToken cancellationToken) => connection.RowsAsync<FieldRow>(
        $"select {FieldRow.Columns} from fields f where f.template_id = any (@Ids) and f.removed_at is null order by f.position, f.id",
        new { Ids = templates.Select(template => template.Id).ToArray() }, cancellationToken);

    public static async Task<FieldTemplate> GetAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        var template = await connection.RowAsync<TemplateRow>($"select {TemplateRow.Columns} from field_templates t where t.id = @id", new { id }, cancellationToken);
        return (await WithFieldsAsync(connection, [template!], cancellationToken))[0];
    }

    private static async Task<List<FieldTemplate>> WithFieldsAsync(NpgsqlConnection connection, List<TemplateRow> templates, CancellationToken cancellationToken)
    {
        var fields = await FieldsAsync(connection, templates, cancellationToken);
        var uses = (await connection.RowsAsync<Uses>("select field_id, count(*) as count from field_values where field_id = any (@Ids) and ended_at is null group by field_id",
            new { Ids = fields.Select(field => field.Id).ToArray() }, cancellationToken)).ToDictionary(row => row.FieldId, row => row.Count);
        return templates.ConvertAll(template => new FieldTemplate(template.Id, template.ProjectId, template.Name, template.Targets,
            [.. fields.Where(field => field.TemplateId == template.Id).Select(field => field.ToField(uses.GetValueOrDefault(field.Id)))], template.Version));
    }

    /// <exception cref="Problem">409: it is no project.</exception>
    public static async Task<NodeRow> RequireProjectAsync(
        NpgsqlConnection connection, Actor actor, Guid projectId, Capabilities needed, NodeLock hold, CancellationToken cancellationToken)
    {
        var project = await NodeAccess.RequireAsync(connection, actor, projectId, needed, hold, cancellationToken);
        return project.Kind == NodeKind.Project
            ? project
            : throw Problem.Conflict("not-a-project", $"\"{project.Name}\" is a {project.Kind.Word()}, and templates of fields belong to projects.");
    }
}
