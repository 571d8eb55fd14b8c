using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Stemma.Hub.Accounts;

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
    /// <param name="id">The object's id in SQL.</param>
    internal static string NextSql(string id = "$1") =>
        $"insert into object_sequences (object_id, last) values ({id}, 1) on conflict (object_id) do update set last = object_sequences.last + 1 returning last";

    private const string InsertSql = """
        with event as (
            insert into events (id, object_id, object_kind, object_sequence, type, schema_version, actor_id, occurred_at, body, salt, leaf_digest)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id)
        insert into event_objects (object_id, event_id) select object_id, event.id from event, unnest($12) as object_id
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
        batch.BatchCommands.Add(Numbered(actor, happening, sequence));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The commands that record the first event of a new object, for a batch that needs no further round trip.</summary>
    public IEnumerable<NpgsqlBatchCommand> First(Actor actor, Happening happening)
    {
        var sequence = new NpgsqlBatchCommand("insert into object_sequences (object_id, last) values ($1, 1)");
        sequence.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happening.ObjectId });
        yield return sequence;
        yield return Numbered(actor, happening, 1);
    }

    /// <summary>The command that records a happening whose number was taken with <see cref="NextSql"/> in the same transaction.</summary>
    internal NpgsqlBatchCommand Numbered(Actor actor, Happening happening, long sequence)
    {
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.Ticks % 10)); // PostgreSQL keeps microseconds; the body must say the same instant as the row.
        var body = CanonicalJson.Serialize(new JsonObject
        {
            ["schema"] = SchemaVersion,
            ["type"] = happening.Type,
            ["object"] = new JsonObject { ["kind"] = happening.ObjectKind, ["id"] = happening.ObjectId.ToString(), ["sequence"] = sequence },
            ["actor"] = actor.Id.ToString(),
            ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["data"] = happening.Data.DeepClone(),
        });
        var salt = RandomNumberGenerator.GetBytes(16);
        Guid[] objects = [.. happening.AlsoOf.Append(happening.ObjectId).Distinct()];
        return new NpgsqlBatchCommand(InsertSql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(at) },
                new NpgsqlParameter<Guid> { TypedValue = happening.ObjectId },
                new NpgsqlParameter<string> { TypedValue = happening.ObjectKind },
                new NpgsqlParameter<long> { TypedValue = sequence },
                new NpgsqlParameter<string> { TypedValue = happening.Type },
                new NpgsqlParameter<int> { TypedValue = SchemaVersion },
                new NpgsqlParameter<Guid> { TypedValue = actor.Id },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = at },
                new NpgsqlParameter<byte[]> { TypedValue = body },
                new NpgsqlParameter<byte[]> { TypedValue = salt },
                new NpgsqlParameter<byte[]> { TypedValue = SHA256.HashData([.. salt, .. body]) },
                new NpgsqlParameter<Guid[]> { TypedValue = objects, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
    }
}
