using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>
/// The one way for files into the hub: uploads, harvest, archives, links and results all end in <see cref="CommitAsync"/>. Bytes are made
/// durable first, then everything that the catalog says about them is committed in one transaction.
/// </summary>
internal sealed class DepositService(
    NpgsqlDataSource database, LocalBlobStore store, NodePaths nodes, EventWriter events, LiveEvents live, TaskQueue queue, TaskSignal signal, HubOptions options, TimeProvider clock)
{
    // Each retry means that somebody else got on: this many only when very many deposit into one new set at once.
    private const int MaxAttempts = 100;

    /// <summary>Receives bytes and deposits them. Access is checked before the first byte is read, and again in the transaction.</summary>
    /// <param name="length">How many bytes will come; null: not known.</param>
    /// <param name="expected">The digest that the depositor says the bytes have.</param>
    /// <exception cref="Problem">404, 403: see <see cref="DepositPlan"/>. 413: too large. 422: the bytes are not those announced; nothing is kept. 507: the disk is full.</exception>
    public async Task<Deposited> DepositAsync(
        Actor actor, Destination destination, DepositFacts facts, PipeReader body, long? length, Digest? expected, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(actor, destination, cancellationToken);
        using var incoming = store.Begin(length);
        await incoming.ReceiveAsync(body, options.MaxFileBytes, cancellationToken);
        if (expected is { } announced && incoming.Digest() is var received && received != announced)
            throw Mismatch(announced, received, incoming.Length);
        return await CommitAsync(actor, destination, facts, new DepositContent(incoming), plan, null, cancellationToken);
    }

    /// <summary>Refuses a deposit that would not be allowed, before its bytes are sent.</summary>
    /// <exception cref="Problem">404, 403: see <see cref="DepositPlan"/>.</exception>
    public Task RequireAsync(Actor actor, Destination destination, CancellationToken cancellationToken) => PlanAsync(actor, destination, cancellationToken);

    /// <summary>Deposits what has been received (or is linked).</summary>
    /// <param name="plan">A plan read before; null: it is read now.</param>
    /// <param name="also">Further statements for the same transaction, given the file's id.</param>
    internal async Task<Deposited> CommitAsync(
        Actor actor, Destination destination, DepositFacts facts, DepositContent content, DepositPlan? plan, Action<NpgsqlBatch, Guid>? also, CancellationToken cancellationToken)
    {
        bool? placed = null;
        for (var attempt = 1; ; attempt++)
        {
            var fresh = plan is null;
            plan ??= await PlanAsync(actor, destination, cancellationToken);
            if (plan.Current is { } current && current.Digest == content.Digest)
            {
                if (fresh && (content.Incoming is null || current.IsStored))
                    return await AlreadyThereAsync(actor, facts, plan, current, also, cancellationToken);
                if (fresh)
                {
                    placed ??= await store.PlaceAsync(content.Incoming!, replace: false);
                    try
                    {
                        return await TakeInAsync(actor, facts, content, plan, current, placed == false, also);
                    }
                    catch (PostgresException moved) when (attempt < MaxAttempts && MovedOn(moved))
                    {
                        if (moved.SqlState == BytesWithoutRow)
                            placed = await store.PlaceAsync(content.Incoming!, replace: true);
                    }
                }

                plan = null; // What was there before the bytes came may be gone by now.
                continue;
            }

            if (content.Incoming is not null)
                placed ??= await store.PlaceAsync(content.Incoming, replace: false);
            try
            {
                var planned = PlannedDeposit.Of(facts, content, plan, relyOnBlob: placed == false, Now());
                return plan.IsPlain
                    ? (await CommitPlannedAsync(actor, [planned], also))[0]
                    : await CommitExclusivelyAsync(actor, destination, planned, also);
            }
            catch (PostgresException unfit) when (IsTooLong(unfit))
            {
                throw RelativePath.Refuse($"The path has {Encoding.UTF8.GetByteCount(plan.Path)} bytes, too many for the catalog to find it by. Shorten the names of its folders.");
            }
            catch (PostgresException moved) when (attempt < MaxAttempts && MovedOn(moved))
            {
                if (moved.SqlState == BytesWithoutRow)
                    placed = await store.PlaceAsync(content.Incoming!, replace: true);
                plan = null;
                if (attempt > 2)
                    await Task.Delay(Random.Shared.Next(attempt * 2), cancellationToken);
            }
        }
    }

    internal static Problem Mismatch(Digest announced, Digest received, long length) => new(422, "digest-mismatch", "The bytes are not those announced",
        $"The announced SHA-256 is {announced}, but the {length} bytes received have {received}. Nothing was kept. Send them again; if it happens again, the file changes while it is read, or the network damages it.");

    // SQLSTATEs raised by begin_deposits.
    private const string PlanNoLongerHolds = "ST001", BytesWithoutRow = "ST002";

    /// <summary>Somebody else was faster in a way that the plan can follow.</summary>
    internal static bool MovedOn(PostgresException exception) => exception.SqlState is PlanNoLongerHolds or BytesWithoutRow
        or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>An index has no room for the path: some 2700 bytes, after PostgreSQL pressed them together.</summary>
    internal static bool IsTooLong(PostgresException exception) => exception.SqlState == PostgresErrorCodes.ProgramLimitExceeded;

    private async Task<DepositPlan> PlanAsync(Actor actor, Destination destination, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await DepositPlan.ReadAsync(connection, actor, destination, cancellationToken);
    }

    private async Task<Deposited> AlreadyThereAsync(
        Actor actor, DepositFacts facts, DepositPlan plan, DepositPlan.CurrentFile current, Action<NpgsqlBatch, Guid>? also, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (also is not null || facts.Unpack)
        {
            await using (var batch = new NpgsqlBatch(connection))
            {
                Unpack(batch, actor, facts, current.Id);
                also?.Invoke(batch, current.Id);
                await batch.ExecuteNonQueryAsync(CancellationToken.None);
            }

            signal.Pulse();
        }

        return new Deposited(await FileQueries.ByIdAsync(connection, current.Id, cancellationToken), current.FileSetId, plan.NodeId, AlreadyThere: true);
    }

    /// <summary>The bytes of a linked file came: from now on they are in the store, whatever becomes of the file on its share.</summary>
    private async Task<Deposited> TakeInAsync(
        Actor actor, DepositFacts facts, DepositContent content, DepositPlan plan, DepositPlan.CurrentFile current, bool relyOnBlob, Action<NpgsqlBatch, Guid>? also)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using (var batch = new NpgsqlBatch(connection))
        {
            // No version is replaced: the one that stands gets its bytes.
            DepositStatements.Begin(batch, actor, plan.NodeId, [PlannedDeposit.Of(facts, content, plan with { Current = null }, relyOnBlob, Now())]);
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("update files set blob_sha256 = $2 where id = $1 and path = $3 and is_current and blob_sha256 is null", current.Id, content.Digest.ToBytes(), plan.Path);
            if (await batch.ExecuteNonQueryAsync(CancellationToken.None) == 0)
                throw new PostgresException("somebody else was faster", "ERROR", "ERROR", PlanNoLongerHolds);
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("delete from linked_files where file_id = $1", current.Id);
            Unpack(batch, actor, facts, current.Id);
            also?.Invoke(batch, current.Id);
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await events.WriteAsync(connection, actor, new Happening("file.taken-in", "file", current.Id, new JsonObject
        {
            ["path"] = plan.Path, ["size"] = content.Size, ["sha256"] = content.Digest.Hex, ["version"] = current.Version, ["via"] = facts.Via,
        }, current.FileSetId, plan.NodeId), CancellationToken.None);
        var file = await FileQueries.ByIdAsync(connection, current.Id, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        signal.Pulse();
        return new Deposited(file, current.FileSetId, plan.NodeId, AlreadyThere: true);
    }

    /// <summary>Has an archive that was there already unpacked, unless that waits or goes on.</summary>
    private static void Unpack(NpgsqlBatch batch, Actor actor, DepositFacts facts, Guid file)
    {
        if (facts.Unpack)
            batch.Add("""
                insert into tasks (id, kind, subject_id, created_by) select $1, 'unpack', $2, $3
                where not exists (select from tasks where kind = 'unpack' and subject_id = $2 and state in ('queued', 'running'))
                on conflict (kind, subject_id) where state = 'queued' do nothing
                """, Guid.CreateVersion7(), file, actor.Id);
    }

    /// <summary>The usual case, in one round trip: a batch is one transaction, begun by the check that the plans still hold.</summary>
    /// <param name="deposits">All of plain plans and one time; no two of them have the same path or make the same set.</param>
    internal async Task<IReadOnlyList<Deposited>> CommitPlannedAsync(Actor actor, IReadOnlyList<PlannedDeposit> deposits, Action<NpgsqlBatch, Guid>? also)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        DepositStatements.Add(batch, events, actor, deposits);
        foreach (var deposit in deposits)
            also?.Invoke(batch, deposit.FileId);
        // Not cancelled when the sender goes away: the bytes are here, and an answer that is not heard can be asked for again.
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        return Announce(actor, deposits);
    }

    /// <summary>The rare case: nodes are to be made on the way, or files of other sets to be gathered.</summary>
    private async Task<Deposited> CommitExclusivelyAsync(Actor actor, Destination destination, PlannedDeposit planned, Action<NpgsqlBatch, Guid>? also)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var found = planned.Plan.Missing.Length == 0 ? null
            : await nodes.FindOrCreateAsync(connection, actor, planned.Plan.NodeId, planned.Plan.Missing, CancellationToken.None);
        var dataset = found?.Dataset.Id ?? planned.Plan.NodeId;
        if (planned.Plan.Grouping.Gathers is not null)
            await FileSetGathering.OwnAsync(connection, dataset, CancellationToken.None);

        // With the locks held, what is planned now is what happens.
        var plan = await DepositPlan.ReadAsync(connection, actor, destination, CancellationToken.None);
        if (plan.Current?.Digest == planned.Content.Digest || plan.Missing.Length > 0)
            throw new PostgresException("somebody else was faster", "ERROR", "ERROR", PlanNoLongerHolds);
        var deposit = planned with { Plan = plan, FileSetId = plan.Joins ?? planned.FileSetId };
        await using (var batch = new NpgsqlBatch(connection))
        {
            DepositStatements.Add(batch, events, actor, [deposit]);
            also?.Invoke(batch, deposit.FileId);
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        if (plan is { MustGather: true, Grouping.Gathers: { } folder })
            await FileSetGathering.GatherAsync(connection, events, actor, dataset, deposit.FileSetId, folder, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        var parent = planned.Plan.NodeId;
        foreach (var created in found?.Created ?? [])
        {
            live.Node(created.Id, parent, "created");
            parent = created.Id;
        }

        return Announce(actor, [deposit])[0];
    }

    /// <summary>In PostgreSQL's microseconds, so that the answer says what the row says.</summary>
    internal DateTimeOffset Now() => clock.GetUtcNow().InMicroseconds();

    private Deposited[] Announce(Actor actor, IReadOnlyList<PlannedDeposit> deposits)
    {
        signal.Pulse();
        foreach (var set in deposits.DistinctBy(deposit => deposit.FileSetId))
            queue.Announce(set.FileSetId, set.Plan.NodeId, "waiting", null, null);
        return [.. deposits.Select(deposit => deposit.Told(actor))];
    }
}
