using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
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
                var commit = new Commit(Guid.CreateVersion7(), plan.Joins ?? Guid.CreateVersion7(), RelyOnBlob: placed == false, Now());
                return plan.Missing.Length == 0 && !plan.MustGather
                    ? await CommitPlannedAsync(actor, facts, content, plan, commit, also)
                    : await CommitExclusivelyAsync(actor, destination, facts, content, plan, commit, also);
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

    // SQLSTATEs raised by begin_deposit.
    private const string PlanNoLongerHolds = "ST001", BytesWithoutRow = "ST002";

    /// <summary>Somebody else was faster in a way that the plan can follow.</summary>
    private static bool MovedOn(PostgresException exception) => exception.SqlState is PlanNoLongerHolds or BytesWithoutRow
        or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

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
        var digest = content.Digest.ToBytes();
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("select begin_deposit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                actor.Id, actor.Mask, plan.NodeId, plan.Path, plan.Grouping.Keys.ToArray(), plan.Joins, (Guid?)null, digest, content.Size, relyOnBlob);
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("update files set blob_sha256 = $2 where id = $1 and path = $3 and is_current and blob_sha256 is null", current.Id, digest, plan.Path);
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

    /// <summary>The usual case, in one round trip: a batch is one transaction, begun by the check that the plan still holds.</summary>
    private async Task<Deposited> CommitPlannedAsync(Actor actor, DepositFacts facts, DepositContent content, DepositPlan plan, Commit commit, Action<NpgsqlBatch, Guid>? also)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        AddStatements(batch, actor, facts, content, plan, commit, also);
        // Not cancelled when the sender goes away: the bytes are here, and an answer that is not heard can be asked for again.
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        return Announce(facts, content, plan, commit, actor);
    }

    /// <summary>The rare case: nodes are to be made on the way, or files of other sets to be gathered.</summary>
    private async Task<Deposited> CommitExclusivelyAsync(
        Actor actor, Destination destination, DepositFacts facts, DepositContent content, DepositPlan planned, Commit commit, Action<NpgsqlBatch, Guid>? also)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var found = planned.Missing.Length == 0 ? null
            : await nodes.FindOrCreateAsync(connection, actor, planned.NodeId, planned.Missing, CancellationToken.None);
        var dataset = found?.Dataset.Id ?? planned.NodeId;
        if (planned.Grouping.Gathers is not null)
            await FileSetGathering.OwnAsync(connection, dataset, CancellationToken.None);

        // With the locks held, what is planned now is what happens.
        var plan = await DepositPlan.ReadAsync(connection, actor, destination, CancellationToken.None);
        if (plan.Current?.Digest == content.Digest || plan.Missing.Length > 0)
            throw new PostgresException("somebody else was faster", "ERROR", "ERROR", PlanNoLongerHolds);
        commit = commit with { FileSetId = plan.Joins ?? commit.FileSetId };
        await using (var batch = new NpgsqlBatch(connection))
        {
            AddStatements(batch, actor, facts, content, plan, commit, also);
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        if (plan is { MustGather: true, Grouping.Gathers: { } folder })
            await FileSetGathering.GatherAsync(connection, events, actor, dataset, commit.FileSetId, folder, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        var parent = planned.NodeId;
        foreach (var created in found?.Created ?? [])
        {
            live.Node(created.Id, parent, "created");
            parent = created.Id;
        }

        return Announce(facts, content, plan, commit, actor);
    }

    private void AddStatements(NpgsqlBatch batch, Actor actor, DepositFacts facts, DepositContent content, DepositPlan plan, Commit commit, Action<NpgsqlBatch, Guid>? also)
    {
        var digest = content.Digest.ToBytes();
        var blob = content.Link is null ? digest : null;
        batch.Add("select begin_deposit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            actor.Id, actor.Mask, plan.NodeId, plan.Path, plan.Grouping.Keys.ToArray(), plan.Joins, plan.Current?.Id, blob, content.Size, commit.RelyOnBlob);
        if (plan.Current is { } replaced)
            batch.Add("select require_path($1, $2)", replaced.Id, plan.Path);
        if (plan.Joins is null)
            batch.Add("insert into file_sets (id, dataset_id, name, grouping_key, size, created_at, modified_at, origin) values ($1, $2, $3, $4, $5, $6, $6, $7)",
                commit.FileSetId, plan.NodeId, FileSetGrouping.NameOf(plan.Grouping.OwnKey) ?? plan.Path, plan.Grouping.OwnKey, content.Size, commit.At,
                facts.Via == DepositedVia.Result ? "derived" : "raw");
        batch.Add("""
            insert into files (id, file_set_id, dataset_id, path, version, role, size, sha256, blob_sha256, media_type, modified_at, deposited_by, deposited_at, deposited_via)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, commit.FileId, commit.FileSetId, plan.NodeId, plan.Path, Version(plan), plan.Role, content.Size, digest, blob,
            MediaTypes.Of(plan.Path), facts.ModifiedAt?.ToUniversalTime(), actor.Id, commit.At, facts.Via);
        if (content.Link is { } link)
            batch.Add("insert into linked_files (file_id, root, path, size, modified_at, inode) values ($1, $2, $3, $4, $5, $6)",
                commit.FileId, link.Root, link.Path, content.Size, link.ModifiedAt.ToUniversalTime(), link.Inode);

        // A set whose members are still arriving is read when they pause. The task comes before the set: claims lock them in this order.
        batch.Add("""
            insert into tasks (id, kind, subject_id, created_by, run_after) values ($1, 'extract', $2, $3, now() + make_interval(secs => $4))
            on conflict (kind, subject_id) where state = 'queued' do update set run_after = excluded.run_after, max_attempts = tasks.attempt + 3
            """, Guid.CreateVersion7(), commit.FileSetId, actor.Id, plan.Joins is null ? 0.0 : 1.0);
        if (facts.Unpack)
            batch.Add("insert into tasks (id, kind, subject_id, created_by) values ($1, 'unpack', $2, $3)", Guid.CreateVersion7(), commit.FileId, actor.Id);
        if (plan.Joins is not null)
            JoinSet(batch, content, plan, commit);
        foreach (var command in events.First(actor, Describe(facts, content, plan, commit)))
            batch.BatchCommands.Add(command);
        also?.Invoke(batch, commit.FileId);
    }

    private static void JoinSet(NpgsqlBatch batch, DepositContent content, DepositPlan plan, Commit commit)
    {
        var before = plan.Current is { } current && current.FileSetId == commit.FileSetId ? current.Size : 0;
        // A set found by a folder keeps the folder's name; one found by its files' names is called after its primary file, whichever came first.
        var named = FileSetGrouping.NameOf(plan.Grouping.OwnKey) is null;
        batch.Add($"""
            update file_sets set membership = membership + 1, size = size + $2, reading = 'waiting', reading_note = null, modified_at = $3, version = version + 1
            {(named ? ", name = case when grouping_key = $4 then coalesce((select min(path collate \"C\") from files where file_set_id = $1 and is_current and role = 'primary'), name) else name end" : "")}
            where id = $1
            """, [commit.FileSetId, content.Size - before, commit.At, .. named ? [plan.Grouping.OwnKey] : Array.Empty<object?>()]);
        if (plan.Current is { } elsewhere && elsewhere.FileSetId != commit.FileSetId)
            batch.Add("update file_sets set size = size - $2, membership = membership + 1, version = version + 1 where id = $1", elsewhere.FileSetId, elsewhere.Size);
    }

    private static Happening Describe(DepositFacts facts, DepositContent content, DepositPlan plan, Commit commit)
    {
        var data = new JsonObject
        {
            ["path"] = plan.Path, ["size"] = content.Size, ["sha256"] = content.Digest.Hex, ["version"] = Version(plan), ["via"] = facts.Via,
            ["dataset"] = plan.NodeId.ToString(), ["fileSet"] = commit.FileSetId.ToString(), ["joined"] = plan.Joins is not null,
        };
        if (facts.ModifiedAt is { } modified)
            data["modifiedAt"] = modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'");
        if (plan.Current is { } before)
            data["replaces"] = new JsonObject { ["file"] = before.Id.ToString(), ["sha256"] = before.Digest.Hex, ["version"] = before.Version };
        if (content.Link is { } link)
            data["linked"] = new JsonObject { ["root"] = link.Root, ["path"] = link.Path };
        if (facts.Unpack)
            data["unpack"] = true;
        return new Happening("file.deposited", "file", commit.FileId, data, commit.FileSetId, plan.NodeId);
    }

    private Deposited Announce(DepositFacts facts, DepositContent content, DepositPlan plan, Commit commit, Actor actor)
    {
        signal.Pulse();
        queue.Announce(commit.FileSetId, plan.NodeId, "waiting", null, null);
        var file = new FileRecord(commit.FileId, plan.Path, Version(plan), plan.Role, content.Size, content.Digest.Hex, MediaTypes.Of(plan.Path),
            facts.ModifiedAt, commit.At, new PrincipalName(actor.Id, plan.ActorName), facts.Via, content.Link is null ? "stored" : "linked", content.Link is null ? null : "present",
            commit.FileSetId, plan.NodeId, IsCurrent: true);
        return new Deposited(file, commit.FileSetId, plan.NodeId, AlreadyThere: false);
    }

    private static int Version(DepositPlan plan) => (plan.Current?.Version ?? 0) + 1;

    /// <summary>In PostgreSQL's microseconds, so that the answer says what the row says.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % 10));
    }

    /// <param name="RelyOnBlob">The bytes were in the store before: their row must be found.</param>
    private sealed record Commit(Guid FileId, Guid FileSetId, bool RelyOnBlob, DateTimeOffset At);
}
