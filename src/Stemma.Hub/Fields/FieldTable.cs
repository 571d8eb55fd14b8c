using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>A line of a table: an object, and its own values by field.</summary>
internal sealed record TableLine(FieldSubject Subject, string Path, IReadOnlyDictionary<Guid, FieldValueRow> Values)
{
    /// <summary>Another one whenever a value of the line was changed: values are ended and made anew. Begins with a letter, so that no spreadsheet takes it for a number.</summary>
    public string Version
    {
        get
        {
            var ids = string.Join(' ', Values.Values.Select(value => value.Id).Order());
            return $"v{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ids)))[..12]}";
        }
    }
}

/// <summary>All datasets, or all file sets, below a node, with the fields that their project asks for.</summary>
/// <param name="Fields">In their order: a column each.</param>
internal sealed record FieldTable(Guid Project, IReadOnlyList<Field> Fields, IReadOnlyList<TableLine> Lines)
{
    /// <summary>A table is held in memory, and written in one transaction.</summary>
    public const int MaxLines = 10_000;

    private sealed record LineRow(Guid Id, Guid? DatasetId, Guid? ParentId, string Name, string Path);

    /// <summary>The heading of the column that tells which values a line had when it was taken out.</summary>
    public const string VersionHeading = "row version";

    /// <summary>The heading of a field's column.</summary>
    public static string Heading(Field field) => field.Unit is null ? field.Name : $"{field.Name} [{field.Unit}]";

    /// <summary>The heading and a row per object, as they are exported.</summary>
    public IEnumerable<string[]> ToRows()
    {
        yield return ["id", "path", VersionHeading, .. Fields.Select(Heading)];
        foreach (var line in Lines)
            yield return [line.Subject.Id.ToString(), line.Path, line.Version, .. Fields.Select(column => line.Values.GetValueOrDefault(column.Id)?.Exported ?? "")];
    }

    /// <param name="forUpdate">The objects and the fields are held until the transaction ends.</param>
    /// <exception cref="Problem">409: the node is a space, or holds too much.</exception>
    public static async Task<FieldTable> LoadAsync(
        NpgsqlConnection connection, Actor actor, Guid nodeId, FieldTarget target, Capabilities needed, bool forUpdate, CancellationToken cancellationToken)
    {
        var node = await FieldSubject.RequireAsync(connection, actor, nodeId, isFileSet: false, needed, forUpdate: false, cancellationToken);
        if (await FieldQueries.ProjectAsync(connection, actor, node, cancellationToken) is not { } project)
            throw Problem.Conflict("space-has-no-fields", $"\"{node.Name}\" is a space: things live in projects, and have tables there.");
        var lines = await LinesAsync(connection, nodeId, target, forUpdate, cancellationToken);
        if (forUpdate)
            await connection.RunAsync("select 1 from fields where project_id = @project and removed_at is null order by id for share", new { project }, cancellationToken);
        var templates = (await FieldTemplateQueries.OfProjectAsync(connection, project, cancellationToken)).Where(template => template.Targets.Contains(target)).ToList();
        var rows = await FieldTemplateQueries.FieldsAsync(connection, templates, cancellationToken);
        Field[] fields = [.. templates.SelectMany(template => rows.Where(row => row.TemplateId == template.Id)).Select(row => row.ToField())];
        if (lines.Count > MaxLines)
            throw Problem.Conflict("table-too-long", $"A table has at most {MaxLines} rows, but \"{node.Name}\" holds more. Take a collection or dataset in it.");
        var values = (await connection.RowsAsync<FieldValueRow>($"""
            select {FieldValueRow.Columns} from field_values v where v.object_id = any (@Objects) and v.field_id = any (@Asked) and v.ended_at is null
            """, new { Objects = lines.Select(line => line.Id).ToArray(), Asked = fields.Select(field => field.Id).ToArray(), actor.Id, actor.Mask }, cancellationToken)).ToLookup(row => row.ObjectId);
        return new FieldTable(project, fields,
            [.. lines.Select(line => new TableLine(new FieldSubject(line.Id, target, line.Name, line.DatasetId, line.ParentId), line.Path, values[line.Id].ToDictionary(value => value.FieldId)))]);
    }

    // Sharing is inherited: whoever may do something with a node may do it with all below it.
    private static async Task<List<LineRow>> LinesAsync(NpgsqlConnection connection, Guid nodeId, FieldTarget target, bool forUpdate, CancellationToken cancellationToken)
    {
        const string down = """
            with recursive down(id, kind, parent_id, name, path) as (
                select n.id, n.kind, n.parent_id, n.name, n.name::text from nodes n where n.id = @nodeId
                union all
                select n.id, n.kind, n.parent_id, n.name, case when down.id = @nodeId then n.name else down.path || '/' || n.name end
                from down join nodes n on n.parent_id = down.id and n.trashed_at is null)
            """;
        var select = target == FieldTarget.FileSet
            ? $"{down} select s.id, s.dataset_id, null::uuid as parent_id, s.name, case when s.dataset_id = @nodeId then s.name else d.path || '/' || s.name end as path from file_sets s join down d on d.id = s.dataset_id where s.trashed_at is null"
            : $"{down} select d.id, null::uuid as dataset_id, d.parent_id, d.name, d.path from down d where d.kind = 'dataset'";
        var parameters = new { nodeId, Take = MaxLines + 1 };
        if (forUpdate)
            await connection.RunAsync($"select 1 from {(target == FieldTarget.FileSet ? "file_sets" : "nodes")} where id in (select id from ({select}) as lines limit @Take) order by id for no key update", parameters, cancellationToken);
        return await connection.RowsAsync<LineRow>($"{select} order by path, id limit @Take", parameters, cancellationToken);
    }
}
