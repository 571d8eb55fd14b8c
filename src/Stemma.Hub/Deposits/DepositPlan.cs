using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>What a deposit would do now: where the walk down from the destination ends, what is at the path, and which set the file joins.</summary>
internal sealed record DepositPlan
{
    // Migrations/0015_deposits_together.sql.
    private const string Sql = "select * from plan_deposits($1, $2, $3, $4, $5, $6, $7, $8, $9)";

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

    /// <summary>Nothing but the file, its set and what records them is to be made.</summary>
    public bool IsPlain => Missing.Length == 0 && !MustGather;

    /// <exception cref="Problem">404: the destination cannot be seen. 403: it can, but not added to. 409: it is a space.</exception>
    public static async Task<DepositPlan> ReadAsync(NpgsqlConnection connection, Actor actor, Destination destination, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, actor, [destination], cancellationToken))[0].Required();

    /// <summary>Plans several deposits in one round trip, in their order.</summary>
    public static async Task<Planning[]> ReadAsync(NpgsqlConnection connection, Actor actor, IReadOnlyList<Destination> destinations, CancellationToken cancellationToken)
    {
        var plans = new Planning[destinations.Count];
        // Files of one folder walk down together.
        var folders = Enumerable.Range(0, destinations.Count).GroupBy(index => (destinations[index].NodeId, destinations[index].Folder)).Select(folder => folder.ToArray()).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var folder in folders)
            batch.BatchCommands.Add(Command(actor, [.. folder.Select(index => destinations[index])]));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var folder in folders)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var index = folder[reader.GetInt32(0)];
                plans[index] = Read(reader, actor, destinations[index]);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        for (var index = 0; index < plans.Length; index++)
            plans[index] ??= new Planning(null, Missed(actor));
        return plans;
    }

    /// <param name="folder">All with the same node and names.</param>
    private static NpgsqlBatchCommand Command(Actor actor, Destination[] folder)
    {
        var paths = folder.SelectMany(destination => Enumerable.Range(0, destination.Consumed + 1).Select(destination.Path.From)).ToArray();
        var keys = new GroupingKeys(paths.Select(FileSetGrouping.Of));
        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = folder[0].NodeId },
                new NpgsqlParameter<Guid> { TypedValue = actor.Id },
                new NpgsqlParameter<int> { TypedValue = actor.Mask },
                new NpgsqlParameter<string[]> { TypedValue = [.. folder[0].Names] },
                new NpgsqlParameter<int> { TypedValue = folder[0].Consumed },
                new NpgsqlParameter<string[]> { TypedValue = paths },
                new NpgsqlParameter<int[]> { TypedValue = keys.From },
                new NpgsqlParameter<int[]> { TypedValue = keys.To },
                new NpgsqlParameter<string[]> { TypedValue = keys.All },
            },
        };
    }

    private static Planning Read(NpgsqlDataReader row, Actor actor, Destination destination)
    {
        var (kind, depth, capabilities) = (row.GetString(2), row.GetInt32(3), (Capabilities)row.GetInt32(4));
        if (!capabilities.HasFlag(Capabilities.See))
            return new Planning(null, Missed(actor));
        if (!capabilities.HasFlag(Capabilities.Add))
            return new Planning(null, Problem.Forbidden("add files to it"));
        if (kind == "space")
            return new Planning(null, Problem.Conflict("not-a-home", "A space is a view and holds no files of its own. Deposit into a project, collection or dataset, and place that in the space."));
        var missing = kind == "dataset" ? [] : destination.Missing(depth);
        var path = destination.Path.From(missing.Length > 0 ? destination.Consumed : Math.Min(depth, destination.Consumed));
        var grouping = FileSetGrouping.Of(path);
        return new Planning(new DepositPlan(destination)
        {
            NodeId = row.GetGuid(1), Missing = missing, Path = path, Grouping = grouping, ActorName = row.IsDBNull(5) ? "" : row.GetString(5),
            Role = row.IsDBNull(7) || row.GetString(7) == grouping.OwnKey ? grouping.Role : "part",
            Joins = row.IsDBNull(6) ? null : row.GetGuid(6),
            Current = row.IsDBNull(8) ? null : new CurrentFile(row.GetGuid(8), row.GetInt32(9), Digest.From(row.GetFieldValue<byte[]>(10)), row.GetGuid(11), row.GetInt64(12), row.GetBoolean(13)),
        }, null);
    }

    private static Problem Missed(Actor actor) => NodeAccess.Missing(actor, "such project, collection or dataset");

    /// <summary>The version that stands at the path.</summary>
    /// <param name="IsStored">Its bytes are in the store; otherwise it is linked.</param>
    internal sealed record CurrentFile(Guid Id, int Version, Digest Digest, Guid FileSetId, long Size, bool IsStored);

    /// <summary>A plan, or why there is none: 404, the destination cannot be seen; 403, it can, but not added to; 409, it is a space.</summary>
    internal sealed record Planning(DepositPlan? Plan, Problem? Refusal)
    {
        public DepositPlan Required() => Plan ?? throw Refusal!;
    }
}
