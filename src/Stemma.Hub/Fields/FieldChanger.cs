using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Fields;

/// <summary>Setting and clearing values of one object.</summary>
internal sealed class FieldChanger(NpgsqlDataSource database, FieldValueWriter writer, LiveEvents live)
{
    public async Task<ObjectFields> ChangeAsync(Actor actor, Guid id, bool isFileSet, FieldChanges asked, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var subject = await FieldSubject.RequireAsync(connection, actor, id, isFileSet, Capabilities.Edit, forUpdate: true, cancellationToken);
        if (await FieldQueries.ProjectAsync(connection, actor, subject, cancellationToken) is not { } project)
            throw Problem.Conflict("space-has-no-fields", $"\"{subject.Name}\" is a space, a view over things that live in projects. Describe these where they live.");
        var before = await FieldQueries.GetAsync(connection, actor, subject, cancellationToken);
        ETags.Check(expectedVersion, before.Version);
        await HoldAsync(connection, before, cancellationToken);
        // What was removed before the fields were held is not there any more.
        before = await FieldQueries.GetAsync(connection, actor, subject, cancellationToken);
        var changes = await UnderstandAsync(connection, actor, project, subject, before, asked, cancellationToken);
        await writer.WriteAsync(connection, actor, changes, cancellationToken);
        var after = await FieldQueries.GetAsync(connection, actor, subject, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (changes.Count > 0 && subject.Dataset is { } dataset)
            live.Publish(new LiveEvent("fields", dataset, JsonSerializer.Serialize(new Notice(id), WireJson.Options)));
        else if (changes.Count > 0)
            live.Node(id, subject.ParentId, "changed");
        return after;
    }

    /// <summary>Nobody removes or changes these fields until the transaction ends.</summary>
    private static Task<int> HoldAsync(NpgsqlConnection connection, ObjectFields fields, CancellationToken cancellationToken) => connection.RunAsync(
        "select 1 from fields where id = any (@Ids) order by id for share", new { Ids = fields.Groups.SelectMany(group => group.Fields).Select(field => field.Field.Id).ToArray() }, cancellationToken);

    private static async Task<List<FieldChange>> UnderstandAsync(
        NpgsqlConnection connection, Actor actor, Guid project, FieldSubject subject, ObjectFields fields, FieldChanges asked, CancellationToken cancellationToken)
    {
        var known = fields.Groups.SelectMany(group => group.Fields).ToList();
        var current = (await connection.RowsAsync<FieldValueRow>($"select {FieldValueRow.Columns} from field_values v where v.object_id = @ObjectId and v.ended_at is null",
            new { ObjectId = subject.Id, actor.Id, actor.Mask }, cancellationToken)).ToDictionary(row => row.FieldId, row => row.Content);
        var input = new FieldInput(connection, actor, project);
        List<FieldChange> changes = [];
        foreach (var (key, value) in asked.Values)
        {
            var field = known.Find(candidate => Guid.TryParse(key, out var id) ? candidate.Field.Id == id : string.Equals(candidate.Field.Name, key.Trim(), StringComparison.OrdinalIgnoreCase))
                ?? throw Problem.Invalid($"\"{subject.Name}\" has no field \"{key}\". It has {Names(known)}.");
            var understood = await input.ReadAsync(field.Field, Written(field.Field, value), cancellationToken);
            if (understood.Problem is { } problem)
                throw Problem.Invalid($"{field.Field.Name}: {problem}.");
            if (understood.Content is not null && !field.CanBeSet)
                throw Problem.Conflict("field-of-another-place", $"\"{field.Field.Name}\" is a field of other objects or of another project. Its value here can be removed, but not changed.");
            var before = current.GetValueOrDefault(field.Field.Id);
            if (changes.Exists(change => change.Field.Id == field.Field.Id))
                throw Problem.Invalid($"\"{field.Field.Name}\" stands there twice.");
            if (before != understood.Content)
                changes.Add(new FieldChange(subject, field.Field, before, understood.Content));
        }

        return changes;
    }

    /// <summary>The file set whose values changed.</summary>
    private sealed record Notice(Guid ObjectId);

    private static string Names(List<ObjectField> fields) => fields.Count == 0 ? "none; its project defines them in templates" : string.Join(", ", fields.Select(field => $"\"{field.Field.Name}\""));

    private static string? Written(Field field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Problem.Invalid($"{field.Name}: expected text, a number or null, but found {value.ValueKind.ToString().ToLowerInvariant()}."),
    };
}
