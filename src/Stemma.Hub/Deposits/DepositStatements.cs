using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Records;

namespace Stemma.Hub.Deposits;

/// <summary>
/// The statements that commit planned deposits: each does its part for all of them, so that many cost little more than one. A batch of them is one transaction,
/// begun by the check that the plans still hold (<c>begin_deposits</c> in Migrations/0015_deposits_together.sql).
/// </summary>
internal static class DepositStatements
{
    /// <param name="deposits">No two of them have the same path or make the same set.</param>
    public static void Add(NpgsqlBatch batch, EventWriter events, Actor actor, IReadOnlyList<PlannedDeposit> deposits)
    {
        foreach (var (index, dataset) in deposits.GroupBy(deposit => deposit.Plan.NodeId).OrderBy(dataset => dataset.Key).Index())
            Begin(batch, actor, dataset.Key, [.. dataset], waits: index == 0);
        AddSets(batch, [.. deposits.Where(deposit => deposit.Plan.Joins is null)]);
        AddFiles(batch, actor, deposits);
        // The task comes before the set: claims lock them in this order.
        AddTasks(batch, actor, deposits);
        foreach (var joining in deposits.Where(deposit => deposit.Plan.Joins is not null).GroupBy(deposit => deposit.FileSetId).OrderBy(set => set.Key))
            Join(batch, joining.Key, [.. joining]);
        foreach (var command in events.First(actor, [.. deposits.Select(deposit => deposit.Happening())]))
            batch.BatchCommands.Add(command);
    }

    /// <summary>The first statement: locks, and checks that what was planned is still what happens.</summary>
    /// <param name="waits">False: locks of other datasets are held already.</param>
    public static void Begin(NpgsqlBatch batch, Actor actor, Guid dataset, IReadOnlyList<PlannedDeposit> deposits, bool waits = true)
    {
        var keys = new GroupingKeys(deposits.Select(deposit => deposit.Plan.Grouping));
        batch.Add("select begin_deposits($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", actor.Id, actor.Mask, dataset, waits,
            Of(deposits, deposit => deposit.Plan.Path), keys.From, keys.To, keys.All, Of(deposits, deposit => deposit.Plan.Joins),
            Of(deposits, deposit => deposit.Plan.Current?.Id), Of(deposits, deposit => deposit.Blob), Of(deposits, deposit => deposit.Content.Size), Of(deposits, deposit => deposit.RelyOnBlob));
    }

    private static void AddSets(NpgsqlBatch batch, IReadOnlyList<PlannedDeposit> making)
    {
        if (making.Count > 0)
            batch.Add("""
                insert into file_sets (id, dataset_id, name, grouping_key, size, created_at, modified_at, origin)
                select s.id, s.dataset_id, s.name, s.grouping_key, s.size, $7, $7, s.origin from unnest($1, $2, $3, $4, $5, $6) as s(id, dataset_id, name, grouping_key, size, origin)
                """, Of(making, deposit => deposit.FileSetId), Of(making, deposit => deposit.Plan.NodeId),
                Of(making, deposit => FileSetGrouping.NameOf(deposit.Plan.Grouping.OwnKey) ?? deposit.Plan.Path), Of(making, deposit => deposit.Plan.Grouping.OwnKey),
                Of(making, deposit => deposit.Content.Size), Of(making, deposit => deposit.Facts.Via == DepositedVia.Result ? "derived" : "raw"), making[0].At);
    }

    private static void AddFiles(NpgsqlBatch batch, Actor actor, IReadOnlyList<PlannedDeposit> deposits)
    {
        batch.Add("""
            insert into files (id, file_set_id, dataset_id, path, version, role, size, sha256, blob_sha256, media_type, modified_at, deposited_via, deposited_by, deposited_at)
            select f.*, $13, $14 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as f
            """, Of(deposits, deposit => deposit.FileId), Of(deposits, deposit => deposit.FileSetId), Of(deposits, deposit => deposit.Plan.NodeId),
            Of(deposits, deposit => deposit.Plan.Path), Of(deposits, deposit => deposit.Version), Of(deposits, deposit => deposit.Plan.Role), Of(deposits, deposit => deposit.Content.Size),
            Of(deposits, deposit => deposit.Content.Digest.ToBytes()), Of(deposits, deposit => deposit.Blob), Of(deposits, deposit => MediaTypes.Of(deposit.Plan.Path)),
            Of(deposits, deposit => deposit.Facts.ModifiedAt?.ToUniversalTime()), Of(deposits, deposit => deposit.Facts.Via), actor.Id, deposits[0].At);
        foreach (var deposit in deposits)
            if (deposit.Content.Link is { } link)
                batch.Add("insert into linked_files (file_id, root, path, size, modified_at, inode) values ($1, $2, $3, $4, $5, $6)",
                    deposit.FileId, link.Root, link.Path, deposit.Content.Size, link.ModifiedAt.ToUniversalTime(), link.Inode);
    }

    private static void AddTasks(NpgsqlBatch batch, Actor actor, IReadOnlyList<PlannedDeposit> deposits)
    {
        // A set whose members are still arriving is read when they pause.
        var sets = deposits.GroupBy(deposit => deposit.FileSetId, deposit => deposit.Plan.Joins is null ? 0.0 : 1.0).OrderBy(set => set.Key).ToArray();
        batch.Add("""
            insert into tasks (id, kind, subject_id, created_by, run_after)
            select t.id, 'extract', t.subject_id, $4, now() + make_interval(secs => t.delay) from unnest($1, $2, $3) as t(id, subject_id, delay)
            on conflict (kind, subject_id) where state = 'queued' do update set run_after = excluded.run_after, max_attempts = tasks.attempt + 3
            """, Of(sets, _ => Guid.CreateVersion7()), Of(sets, set => set.Key), Of(sets, set => set.Max()), actor.Id);
        foreach (var deposit in deposits)
            if (deposit.Facts.Unpack)
                batch.Add("insert into tasks (id, kind, subject_id, created_by) values ($1, 'unpack', $2, $3)", Guid.CreateVersion7(), deposit.FileId, actor.Id);
    }

    private static void Join(NpgsqlBatch batch, Guid set, IReadOnlyList<PlannedDeposit> joining)
    {
        // A set found by a folder keeps the folder's name; one found by its files' names is called after its primary file, whichever came first.
        string[] naming = [.. joining.Select(deposit => deposit.Plan.Grouping.OwnKey).Where(key => FileSetGrouping.NameOf(key) is null).Distinct()];
        batch.Add($"""
            update file_sets set membership = membership + $2, size = size + $3, reading = 'waiting', reading_note = null, modified_at = $4, version = version + 1
            {(naming.Length > 0 ? ", name = case when grouping_key = any ($5) then coalesce((select min(path collate \"C\") from files where file_set_id = $1 and is_current and role = 'primary'), name) else name end" : "")}
            where id = $1
            """, [set, joining.Count, joining.Sum(deposit => deposit.Growth), joining[0].At, .. naming.Length > 0 ? [naming] : Array.Empty<object?>()]);
        foreach (var deposit in joining)
            if (deposit.Plan.Current is { } elsewhere && elsewhere.FileSetId != set)
                batch.Add("update file_sets set size = size - $2, membership = membership + 1, version = version + 1 where id = $1", elsewhere.FileSetId, elsewhere.Size);
    }

    private static TValue[] Of<TItem, TValue>(IReadOnlyList<TItem> items, Func<TItem, TValue> value)
    {
        var values = new TValue[items.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(items[index]);
        return values;
    }
}
