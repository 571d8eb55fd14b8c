using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;

namespace Stemma.Hub.Records;

/// <summary>Something that happened, to be recorded in the transaction of the change.</summary>
/// <param name="Type">Stable and dotted: <c>node.created</c>, <c>file.deposited</c>.</param>
/// <param name="ObjectKind">project, collection, dataset, space, file-set, file, account, group, …</param>
/// <param name="Data">Enough to tell the story in words years later: names, paths, digests, old and new values. No personal data: people are ids.</param>
/// <param name="AlsoOf">Other objects whose history this belongs to.</param>
public sealed record Happening(string Type, string ObjectKind, Guid ObjectId, JsonObject Data, params IReadOnlyList<Guid> AlsoOf);

/// <summary>Writes events. Body: canonical JSON of schema, type, object with its sequence, actor, time and data.</summary>
public sealed class EventWriter(TimeProvider clock)
{
    public const int SchemaVersion = 1;

    /// <summary>Takes an object's next number, which locks its row until the end of the transaction.</summary>
    /// <param name="objects">SQL that gives the object's id, and 1.</param>
    internal static string NextSql(string objects = "values ($1, 1)") =>
        $"insert into object_sequences (object_id, last) {objects} on conflict (object_id) do update set last = object_sequences.last + 1 returning last";

    private const string InsertSql = """
        with event as (
            insert into events (id, object_id, object_kind, object_sequence, type, schema_version, actor_id, occurred_at, body, salt, leaf_digest)
            select e.id, e.object_id, e.object_kind, e.object_sequence, e.type, $9, $10, $11, e.body, e.salt, e.leaf_digest
            from unnest($1, $2, $3, $4, $5, $6, $7, $8) as e(id, object_id, object_kind, object_sequence, type, body, salt, leaf_digest))
        insert into event_objects (object_id, event_id) select * from unnest($12, $13)
        """;

    /// <summary>Records a happening. Taking the object's next number locks its row in <c>object_sequences</c>, which orders the changes of one object.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Actor actor, Happening happening, CancellationToken cancellationToken)
    {
        long sequence;
        await using (var next = new NpgsqlCommand(NextSql(), connection))
        {
            next.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happening.ObjectId });
            sequence = (long)(await next.ExecuteScalarAsync(cancellationToken))!;
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Numbered(actor, (happening, sequence)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records a happening of each of many objects, in two round trips.</summary>
    /// <param name="happenings">No object twice.</param>
    public async Task WriteAllAsync(NpgsqlConnection connection, Actor actor, IReadOnlyList<Happening> happenings, CancellationToken cancellationToken)
    {
        if (happenings.Count == 0)
            return;
        var sequences = new Dictionary<Guid, long>();
        // In the order of the ids, so that two who record of the same objects do not wait for each other.
        await using (var next = new NpgsqlCommand($"{NextSql("select id, 1 from unnest($1) as id order by id")}, object_id", connection))
        {
            next.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. happenings.Select(happening => happening.ObjectId)] });
            await using var reader = await next.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                sequences[reader.GetGuid(1)] = reader.GetInt64(0);
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Numbered(actor, [.. happenings.Select(happening => (happening, sequences[happening.ObjectId]))]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The commands that record the first events of new objects, for a batch that needs no further round trip.</summary>
    public IEnumerable<NpgsqlBatchCommand> First(Actor actor, params IReadOnlyList<Happening> happenings)
    {
        var sequence = new NpgsqlBatchCommand("insert into object_sequences (object_id, last) select id, 1 from unnest($1) as id");
        sequence.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. happenings.Select(happening => happening.ObjectId)] });
        yield return sequence;
        yield return Numbered(actor, [.. happenings.Select(happening => (happening, 1L))]);
    }

    /// <summary>The command that records happenings whose numbers were taken with <see cref="NextSql"/> in the same transaction.</summary>
    internal NpgsqlBatchCommand Numbered(Actor actor, params IReadOnlyList<(Happening Happening, long Sequence)> happenings)
    {
        var at = clock.GetUtcNow().InMicroseconds(); // The body must say the same instant as the row.
        var rows = happenings.Select(one => (one.Happening, one.Sequence, Id: Guid.CreateVersion7(at), Body: Body(actor, one.Happening, one.Sequence, at), Salt: RandomNumberGenerator.GetBytes(16))).ToArray();
        var objects = rows.SelectMany(row => row.Happening.AlsoOf.Append(row.Happening.ObjectId).Distinct(), (row, id) => (Object: id, Event: row.Id)).ToArray();
        return new NpgsqlBatchCommand(InsertSql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => row.Id)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => row.Happening.ObjectId)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Happening.ObjectKind)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => row.Sequence)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Happening.Type)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. rows.Select(row => row.Body)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. rows.Select(row => row.Salt)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. rows.Select(row => SHA256.HashData([.. row.Salt, .. row.Body]))] },
                new NpgsqlParameter<int> { TypedValue = SchemaVersion },
                new NpgsqlParameter<Guid> { TypedValue = actor.Id },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = at },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. objects.Select(pair => pair.Object)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. objects.Select(pair => pair.Event)] },
            },
        };
    }

    private static byte[] Body(Actor actor, Happening happening, long sequence, DateTimeOffset at) => CanonicalJson.Serialize(new JsonObject
    {
        ["schema"] = SchemaVersion,
        ["type"] = happening.Type,
        ["object"] = new JsonObject { ["kind"] = happening.ObjectKind, ["id"] = happening.ObjectId.ToString(), ["sequence"] = sequence },
        ["actor"] = actor.Id.ToString(),
        ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        ["data"] = happening.Data.DeepClone(),
    });
}
