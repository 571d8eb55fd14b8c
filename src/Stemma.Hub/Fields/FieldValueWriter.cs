using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;

namespace Stemma.Hub.Fields;

/// <summary>A value that is set, replaced or cleared. Before and after differ.</summary>
internal sealed record FieldChange(FieldSubject Subject, Field Field, FieldContent? Before, FieldContent? After);

/// <summary>Writes values, and one event per object. The objects and the fields are held by the transaction.</summary>
internal sealed class FieldValueWriter(EventWriter events, TimeProvider clock)
{
    public async Task WriteAsync(NpgsqlConnection connection, Actor actor, IReadOnlyList<FieldChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return;
        var now = clock.GetUtcNow();
        FieldChange[] set = [.. changes.Where(change => change.After is not null)];
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("""
                update field_values v set ended_at = $3, ended_by = $4
                from unnest($1::uuid[], $2::uuid[]) as c(object_id, field_id) where v.object_id = c.object_id and v.field_id = c.field_id and v.ended_at is null
                """, changes.Select(change => change.Subject.Id).ToArray(), changes.Select(change => change.Field.Id).ToArray(), now, actor.Id);
            batch.Add("""
                insert into field_values (id, object_id, object_kind, field_id, text, number, number_si, date, person_id, link_kind, link_id, link_url, set_at, set_by)
                select c.*, $13, $14 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::float8[], $7::float8[], $8::date[], $9::uuid[], $10::text[], $11::uuid[], $12::text[]) as c
                """,
                set.Select(_ => Guid.CreateVersion7(now)).ToArray(), set.Select(change => change.Subject.Id).ToArray(), set.Select(change => change.Subject.Target!.Value.Word()).ToArray(),
                set.Select(change => change.Field.Id).ToArray(), set.Select(change => change.After!.Text).ToArray(), set.Select(change => change.After!.Number).ToArray(),
                set.Select(change => change.After!.NumberSi).ToArray(), set.Select(change => change.After!.Date).ToArray(), set.Select(change => change.After!.PersonId).ToArray(),
                set.Select(change => change.After!.LinkKind).ToArray(), set.Select(change => change.After!.LinkId).ToArray(), set.Select(change => change.After!.LinkUrl).ToArray(), now, actor.Id);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        // In one order everywhere: taking an object's next number locks it.
        foreach (var ofOne in changes.GroupBy(change => change.Subject).OrderBy(group => group.Key.Id))
            await events.WriteAsync(connection, actor, Describe(ofOne.Key, ofOne), cancellationToken);
    }

    private static Happening Describe(FieldSubject subject, IEnumerable<FieldChange> changes) => new("fields.changed", subject.Target!.Value.Word(), subject.Id, new JsonObject
    {
        ["name"] = subject.Name,
        ["fields"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject
        {
            ["id"] = change.Field.Id.ToString(), ["name"] = change.Field.Name, ["from"] = change.Before?.ToEvent(change.Field.Unit), ["to"] = change.After?.ToEvent(change.Field.Unit),
        })]),
    }, subject.Dataset is { } dataset ? [dataset] : []);
}
