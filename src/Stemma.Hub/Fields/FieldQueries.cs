using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>What people wrote about nodes and file sets.</summary>
internal sealed class FieldQueries(NpgsqlDataSource database)
{
    private sealed record Above(Guid Id, NodeKind Kind, string Name, bool IsVisible);

    private sealed record VersionRow(long Version);

    /// <summary>The fields that the project asks for, and whatever else was written about it or above it.</summary>
    public async Task<ObjectFields> GetAsync(Actor actor, Guid id, bool isFileSet, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, actor, await FieldSubject.RequireAsync(connection, actor, id, isFileSet, Capabilities.See, forUpdate: false, cancellationToken), cancellationToken);
    }

    public static async Task<ObjectFields> GetAsync(NpgsqlConnection connection, Actor actor, FieldSubject subject, CancellationToken cancellationToken)
    {
        var above = await AboveAsync(connection, actor, subject.Above, cancellationToken);
        var project = ProjectOf(subject, above);
        Guid[] ids = [subject.Id, .. above.Select(node => node.Id)];
        var values = await connection.RowsAsync<FieldValueRow>($"""
            select {FieldValueRow.Columns} from field_values v where v.object_id = any (@ids) and v.ended_at is null
            """, new { ids, actor.Id, actor.Mask }, cancellationToken);
        var templates = await connection.RowsAsync<TemplateRow>($"""
            select {TemplateRow.Columns} from field_templates t
            where t.removed_at is null and (t.project_id = @project or t.id in (select f.template_id from fields f where f.id = any (@Valued)))
            order by t.project_id is distinct from @project, t.position, t.id
            """, new { project, Valued = values.Select(value => value.FieldId).Distinct().ToArray() }, cancellationToken);
        var fields = await FieldTemplateQueries.FieldsAsync(connection, templates, cancellationToken);
        var groups = templates.ConvertAll(template => new FieldGroup(template.Id, template.Name,
        [
            .. fields.Where(field => field.TemplateId == template.Id)
                .Select(field => Of(field.ToField(), subject, above, values, template.ProjectId == project && subject.Target is { } target && template.Targets.Contains(target)))
                .Where(field => field.CanBeSet || field.Own is not null || field.Inherited is not null),
        ]));
        return new ObjectFields(project, [.. groups.Where(group => group.Fields.Count > 0)], await VersionAsync(connection, subject.Id, cancellationToken));
    }

    /// <summary>The project that an object lies in, which it asks for fields; null for a space.</summary>
    public static async Task<Guid?> ProjectAsync(NpgsqlConnection connection, Actor actor, FieldSubject subject, CancellationToken cancellationToken) =>
        ProjectOf(subject, await AboveAsync(connection, actor, subject.Above, cancellationToken));

    /// <summary>How often an object's values have changed.</summary>
    public static async Task<long> VersionAsync(NpgsqlConnection connection, Guid objectId, CancellationToken cancellationToken) =>
        (await connection.RowAsync<VersionRow>("select count(*) + count(ended_at) as version from field_values where object_id = @objectId", new { objectId }, cancellationToken))!.Version;

    /// <summary>Every value that an object has had, newest first.</summary>
    public async Task<Page<PastFieldValue>> HistoryAsync(Actor actor, Guid id, bool isFileSet, Guid? field, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var before = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FieldSubject.RequireAsync(connection, actor, id, isFileSet, Capabilities.See, forUpdate: false, cancellationToken);
        // Ids are numbered by time.
        var rows = await connection.RowsAsync<FieldValueRow>($"""
            select {FieldValueRow.Columns} from field_values v
            where v.object_id = @ObjectId and (@field::uuid is null or v.field_id = @field::uuid) and (@before::uuid is null or v.id < @before::uuid)
            order by v.id desc limit @Take
            """, new { ObjectId = id, field, before, actor.Id, actor.Mask, Take = take + 1 }, cancellationToken);
        var fields = (await connection.RowsAsync<FieldRow>($"select {FieldRow.Columns} from fields f where f.id = any (@Ids)",
            new { Ids = rows.Select(row => row.FieldId).Distinct().ToArray() }, cancellationToken)).ToDictionary(row => row.Id);
        return Page.From([.. rows.Select(row => new PastFieldValue(row.Id, row.FieldId, fields[row.FieldId].Name, fields[row.FieldId].Unit, row.ToValue(),
            row.EndedBy is { } ended ? new PrincipalName(ended, row.EndedByName ?? "") : null, row.EndedAt))], take, value => value.Id.ToString());
    }

    private static Task<List<Above>> AboveAsync(NpgsqlConnection connection, Actor actor, Guid? node, CancellationToken cancellationToken) => connection.RowsAsync<Above>("""
        with recursive up as (
            select n.*, 0 as depth from nodes n where n.id = @node
            union all
            select n.*, up.depth + 1 from up join nodes n on n.id = up.parent_id)
        select id, kind, name, capabilities_on(@Id, @Mask, scope_id) & 1 <> 0 as is_visible from up order by depth
        """, new { node, actor.Id, actor.Mask }, cancellationToken);

    private static Guid? ProjectOf(FieldSubject subject, List<Above> above) => subject.Target is null ? null : above.Count > 0 ? above[^1].Id : subject.Id;

    private static ObjectField Of(Field field, FieldSubject subject, List<Above> above, List<FieldValueRow> values, bool canBeSet)
    {
        var own = values.Find(value => value.FieldId == field.Id && value.ObjectId == subject.Id);
        foreach (var node in above)
            if (values.Find(value => value.FieldId == field.Id && value.ObjectId == node.Id) is { } inherited)
                return new ObjectField(field, canBeSet, own?.ToValue(), new InheritedFieldValue(inherited.ToValue(), node.IsVisible ? new NodeName(node.Id, node.Kind, node.Name) : null));
        return new ObjectField(field, canBeSet, own?.ToValue(), null);
    }
}
