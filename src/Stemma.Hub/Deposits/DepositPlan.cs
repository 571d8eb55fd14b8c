using Npgsql;
using NpgsqlTypes;
using Stemma.Hub.Accounts;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>What a deposit would do now: where the walk down from the destination ends, what is at the path, and which set the file joins.</summary>
internal sealed record DepositPlan
{
    // One round trip; Migrations/0011_cached_plans.sql.
    private const string Sql = "select p.*, (select f.blob_sha256 is not null from files f where f.id = p.file_id) from plan_deposit($1, $2, $3, $4, $5, $6, $7, $8) p";

    private DepositPlan(Destination destination) => Destination = destination;

    public Destination Destination { get; }

    /// <summary>The deepest node of the way that stands.</summary>
    public required Guid NodeId { get; init; }

    /// <summary>Names of nodes to be made below <see cref="NodeId"/>, the last a dataset; empty where the dataset stands.</summary>
    public required string[] Missing { get; init; }

    /// <summary>Path in the dataset.</summary>
    public required string Path { get; init; }

    public required FileSetGrouping Grouping { get; init; }

    /// <summary>The set that the file joins; null: it makes one.</summary>
    public required Guid? Joins { get; init; }

    /// <summary>primary, part or sidecar: in a set found by a folder further up, every file is a part.</summary>
    public required string Role { get; init; }

    public required CurrentFile? Current { get; init; }

    /// <summary>How the depositor is called now.</summary>
    public required string ActorName { get; init; }

    /// <summary>The file makes a folder one set, whose files may be in other sets by now.</summary>
    public bool MustGather => Grouping.Gathers is not null && Joins is null;

    /// <exception cref="Problem">404: the destination cannot be seen. 403: it can, but not added to. 409: it is a space.</exception>
    public static async Task<DepositPlan> ReadAsync(NpgsqlConnection connection, Actor actor, Destination destination, CancellationToken cancellationToken)
    {
        var paths = Enumerable.Range(0, destination.Consumed + 1).Select(destination.Path.From).ToArray();
        var groupings = paths.Select(FileSetGrouping.Of).ToArray();
        var keys = groupings.SelectMany((grouping, consumed) => grouping.Keys.Select(key => (consumed, key))).ToArray();
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = destination.NodeId },
                new NpgsqlParameter<Guid> { TypedValue = actor.Id },
                new NpgsqlParameter<int> { TypedValue = actor.Mask },
                new NpgsqlParameter<string[]> { TypedValue = [.. destination.Names] },
                new NpgsqlParameter<int> { TypedValue = destination.Consumed },
                new NpgsqlParameter<string[]> { TypedValue = paths },
                new NpgsqlParameter<int[]> { TypedValue = [.. keys.Select(key => key.consumed)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.key)] },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw NodeAccess.Missing(actor, "such project, collection or dataset");
        var (kind, depth, capabilities) = (reader.GetString(1), reader.GetInt32(2), (Capabilities)reader.GetInt32(3));
        if (!capabilities.HasFlag(Capabilities.See))
            throw NodeAccess.Missing(actor, "such project, collection or dataset");
        if (!capabilities.HasFlag(Capabilities.Add))
            throw Problem.Forbidden("add files to it");
        if (kind == "space")
            throw Problem.Conflict("not-a-home", "A space is a view and holds no files of its own. Deposit into a project, collection or dataset, and place that in the space.");
        var consumed = Math.Min(depth, destination.Consumed);
        var missing = kind == "dataset" ? [] : destination.Missing(depth);
        if (missing.Length > 0)
            consumed = destination.Consumed;
        return new DepositPlan(destination)
        {
            NodeId = reader.GetGuid(0), Missing = missing, Path = paths[consumed], Grouping = groupings[consumed],
            Role = reader.IsDBNull(5) || reader.GetString(5) == groupings[consumed].OwnKey ? groupings[consumed].Role : "part",
            Joins = reader.IsDBNull(4) ? null : reader.GetGuid(4),
            Current = reader.IsDBNull(6) ? null : new CurrentFile(reader.GetGuid(6), reader.GetInt32(7), Digest.From(reader.GetFieldValue<byte[]>(8)), reader.GetGuid(9), reader.GetInt64(10), reader.GetBoolean(12)),
            ActorName = reader.IsDBNull(11) ? "" : reader.GetString(11),
        };
    }

    /// <summary>The version that stands at the path.</summary>
    /// <param name="IsStored">Its bytes are in the store; otherwise it is linked.</param>
    internal sealed record CurrentFile(Guid Id, int Version, Digest Digest, Guid FileSetId, long Size, bool IsStored);
}
