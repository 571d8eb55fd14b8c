using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Throwing nodes away together with all beneath them, and putting them back.</summary>
internal sealed class Trash(NpgsqlDataSource database, EventWriter events, LiveEvents live, HubOptions options, TimeProvider clock, IEnumerable<ITrashed> others)
{
    /// <summary>Most of one request.</summary>
    public const int MaxRestored = 1000;

    private sealed record Duty(string Name, bool LegalHold, DateTime? RetainUntil);

    private sealed record Contents
    {
        public Guid[] Ids { get; init; } = [];
        public long FileSets { get; init; }
    }

    private sealed record RootRow
    {
        public Guid Id { get; init; }
        public NodeKind Kind { get; init; }
        public Guid? ParentId { get; init; }
        public string Name { get; init; } = "";
        public Capabilities Capabilities { get; init; }
        public string? ParentName { get; init; }
        public bool ParentTrashed { get; init; }
        public DateTime? PurgedAt { get; init; }
    }

    private sealed record ItemRow
    {
        public Guid TrashId { get; init; }
        public Guid Id { get; init; }
        public TrashKind Kind { get; init; }
        public string Name { get; init; } = "";
        public DateTime TrashedAt { get; init; }
        public DateTime? PurgesAt { get; init; }
        public Guid? TrashedBy { get; init; }
        public string? TrashedByName { get; init; }
        public Guid? FromId { get; init; }
        public NodeKind? FromKind { get; init; }
        public string? FromName { get; init; }
    }

    /// <summary>What is needed to throw a node away or put it back.</summary>
    private static Capabilities Needed(NodeKind kind) => kind.IsRoot() ? Capabilities.Manage : Capabilities.Edit;

    public async Task<Trashed> TrashAsync(Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, node.Version);
        var trashId = await TrashAsync(connection, actor, node, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(id, node.ParentId, "removed");
        return new Trashed(trashId);
    }

    /// <summary>Throws away every demo project that the actor may manage.</summary>
    public async Task TrashDemoAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var projects = await connection.RowsAsync<NodeRow>($"""
            select {NodeRow.Columns}, mine.capabilities from nodes n join scopes_of(@Id, @Mask) mine on mine.scope_id = n.scope_id
            where n.is_demo and n.parent_id is null and n.trashed_at is null and mine.capabilities & 1 <> 0 order by n.id
            """, new { actor.Id, actor.Mask }, cancellationToken);
        if (projects.Count == 0)
            throw NodeAccess.Missing(actor, "demo project");
        foreach (var project in projects)
            await TrashAsync(connection, actor, project, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var project in projects)
            live.Node(project.Id, null, "removed");
    }

    /// <summary>Within a transaction that has the tree for itself.</summary>
    private async Task<Guid> TrashAsync(NpgsqlConnection connection, Actor actor, NodeRow node, CancellationToken cancellationToken)
    {
        NodeAccess.Check(node, Needed(node.Kind));
        await RequireNoDutyAsync(connection, node, cancellationToken);
        var now = clock.GetUtcNow();
        var trashId = Guid.CreateVersion7(now);
        // What was in the trash already stays under its own number.
        var contents = (await connection.RowAsync<Contents>("""
            with recursive down as (
                select n.id from nodes n where n.id = @Id
                union all
                select c.id from nodes c join down on c.parent_id = down.id where c.trashed_at is null),
            trashed as (
                update nodes n set trashed_at = @now, trashed_by = @By, trash_id = @trashId, version = version + 1 from down where n.id = down.id returning n.id)
            select array_agg(id) as ids, (select count(*) from file_sets f where f.dataset_id in (select id from down) and f.trashed_at is null) as file_sets from trashed
            """, new { node.Id, now, By = actor.Id, trashId }, cancellationToken))!;
        await events.WriteAsync(connection, actor, new Happening("node.trashed", node.Kind.Word(), node.Id, new JsonObject
        {
            ["name"] = node.Name, ["trashId"] = trashId.ToString(), ["nodes"] = contents.Ids.Length, ["fileSets"] = contents.FileSets,
        }, [.. node.ParentId is { } parent ? contents.Ids.Append(parent) : contents.Ids]), cancellationToken);
        return trashId;
    }

    /// <exception cref="Problem">409: a hold or a keeping duty, of the node, of something above that binds it, or of something in it.</exception>
    private async Task RequireNoDutyAsync(NpgsqlConnection connection, NodeRow node, CancellationToken cancellationToken)
    {
        var duty = await connection.RowAsync<Duty>("""
            with recursive up as (
                select n.id, n.parent_id, n.name, n.legal_hold, n.retain_until from nodes n where n.id = @Id
                union all
                select n.id, n.parent_id, n.name, n.legal_hold, n.retain_until from up join nodes n on n.id = up.parent_id),
            down as (
                select n.id, n.name, n.legal_hold, n.retain_until from nodes n where n.id = @Id
                union all
                select c.id, c.name, c.legal_hold, c.retain_until from nodes c join down on c.parent_id = down.id where c.trashed_at is null)
            select name, legal_hold, retain_until from (
                select name, legal_hold, retain_until from up
                union all select name, legal_hold, retain_until from down
                union all select f.name, f.legal_hold, f.retain_until from file_sets f where f.dataset_id in (select id from down) and f.trashed_at is null) as bound
            where legal_hold or retain_until > @Now
            order by legal_hold desc, retain_until desc limit 1
            """, new { node.Id, Now = clock.GetUtcNow() }, cancellationToken);
        if (duty is not null)
            throw Refusal(node.Name, duty.Name, duty.LegalHold, duty.RetainUntil);
    }

    /// <summary>Why something cannot be thrown away.</summary>
    internal static Problem Refusal(string name, string bound, bool legalHold, DateTime? retainUntil) => legalHold
        ? Problem.Conflict("legal-hold", $"\"{name}\" cannot go to the trash: \"{bound}\" is under legal hold. Whoever manages it can lift the hold.")
        : Problem.Conflict("must-be-kept", $"\"{name}\" cannot go to the trash: \"{bound}\" must be kept until {retainUntil:yyyy-MM-dd}.");

    /// <summary>Why something cannot be put back any more.</summary>
    internal static Problem Purged(string name, DateTime at) => new(410, "purged", "Gone for good",
        $"\"{name}\" was in the trash until its grace period ended, and was removed for good on {at:yyyy-MM-dd}. What happened to it is still in the history; deposit the files anew if you have them.");

    public async Task<Page<TrashItem>> ListAsync(Actor actor, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var beforeId = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Trash ids are numbered by time: their order is the order of throwing away.
        var rows = await connection.RowsAsync<ItemRow>("""
            with mine as materialized (select scope_id, capabilities from scopes_of(@Id, @Mask)),
            items as (
                select n.trash_id, n.id, n.kind, n.name, n.trashed_at, n.trashed_by, p.id as from_id, p.kind as from_kind, p.name as from_name, p.scope_id as from_scope,
                       n.id as bound_by, n.legal_hold, n.retain_until
                from nodes n join mine on mine.scope_id = n.scope_id left join nodes p on p.id = n.parent_id
                where n.trashed_at is not null and n.purged_at is null and p.trash_id is distinct from n.trash_id
                  and mine.capabilities & (case when n.parent_id is null then 32 else 8 end) <> 0
                union all
                select f.trash_id, f.id, 'fileSet', f.name, f.trashed_at, f.trashed_by, d.id, d.kind, d.name, d.scope_id, d.id, f.legal_hold, f.retain_until
                from file_sets f join nodes d on d.id = f.dataset_id join mine on mine.scope_id = d.scope_id
                where f.trashed_at is not null and f.purged_at is null and d.trashed_at is null and mine.capabilities & 8 <> 0),
            page as (
                select * from items where @beforeId::uuid is null or trash_id < @beforeId::uuid order by trash_id desc limit @Take)
            select i.trash_id, i.id, i.kind, i.name, i.trashed_at, i.trashed_by, who.name as trashed_by_name,
                   case when not i.legal_hold and not above.legal_hold
                       then greatest(i.trashed_at + make_interval(hours => 24 * @TrashDays), i.retain_until, above.retain_until) end as purges_at,
                   case when visible.scope_id is not null then i.from_id end as from_id, i.from_kind, i.from_name
            from page i cross join lateral duties_above(i.bound_by) above
            left join principal_names who on who.id = i.trashed_by
            left join mine visible on visible.scope_id = i.from_scope and visible.capabilities & 1 <> 0
            order by i.trash_id desc
            """, new { actor.Id, actor.Mask, beforeId, options.TrashDays, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => new TrashItem(row.TrashId, row.Id, row.Kind, row.Name, row.TrashedAt, row.PurgesAt,
            row.TrashedBy is { } by ? new PrincipalName(by, row.TrashedByName ?? "") : null,
            row.FromId is { } from ? new NodeName(from, row.FromKind!.Value, row.FromName!) : null))], take, item => item.TrashId.ToString());
    }

    public async Task<Restored> RestoreAsync(Actor actor, Guid trashId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var (restored, announce) = await RestoreAsync(connection, actor, trashId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        announce?.Invoke();
        return restored;
    }

    /// <summary>Puts back many, each in a transaction of its own: all wait for the tree while it is held. Those that cannot come back stay in the trash.</summary>
    public async Task<RestoredMany> RestoreAllAsync(Actor actor, IReadOnlyList<Guid> asked, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. asked.Distinct()];
        if (ids.Length is 0 or > MaxRestored)
            throw Problem.Invalid($"trashIds names 1 to {MaxRestored} things, but names {ids.Length} here.");
        List<Restored> restored = [];
        var refused = new Refusals();
        foreach (var id in ids)
            try
            {
                restored.Add(await RestoreAsync(actor, id, cancellationToken));
            }
            catch (Problem problem)
            {
                refused.Add(id, problem);
            }

        return new RestoredMany(restored, refused.Beside(restored.Count));
    }

    /// <summary>Within a transaction that has the tree for itself.</summary>
    /// <returns>What came back, and what tells open pages of it, after the commit.</returns>
    private async Task<(Restored Restored, Action? Announce)> RestoreAsync(NpgsqlConnection connection, Actor actor, Guid trashId, CancellationToken cancellationToken)
    {
        var root = await connection.RowAsync<RootRow>("""
            select n.id, n.kind, n.parent_id, n.name, c.capabilities, p.name as parent_name, coalesce(p.trashed_at is not null, false) as parent_trashed, n.purged_at
            from nodes n left join nodes p on p.id = n.parent_id cross join lateral capabilities_on(@Id, @Mask, n.scope_id) as c(capabilities)
            where n.trash_id = @trashId and p.trash_id is distinct from n.trash_id and c.capabilities & 1 <> 0
            """, new { trashId, actor.Id, actor.Mask }, cancellationToken);
        if (root is null)
        {
            foreach (var other in others)
                if (await other.TryRestoreAsync(connection, actor, trashId, cancellationToken) is { } restored)
                    return (restored, null);

            throw NodeAccess.Missing(actor, "such thing in the trash");
        }

        if (!root.Capabilities.HasFlag(Needed(root.Kind)))
            throw NodeAccess.Refused(Needed(root.Kind), root.Name);
        if (root.PurgedAt is { } purged)
            throw Purged(root.Name, purged);
        if (root.ParentTrashed)
            throw Problem.Conflict("parent-in-trash", $"\"{root.Name}\" was in \"{root.ParentName}\", which is in the trash itself. Put that back first.");
        var name = await FreeNameAsync(connection, root, cancellationToken);
        var ids = await connection.RowsAsync<Guid>("""
            update nodes set trashed_at = null, trashed_by = null, trash_id = null, version = version + 1, name = case when id = @Id then @name else name end
            where trash_id = @trashId returning id
            """, new { trashId, root.Id, name }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("node.restored", root.Kind.Word(), root.Id, new JsonObject
        {
            ["name"] = name, ["nameBefore"] = root.Name, ["trashId"] = trashId.ToString(), ["nodes"] = ids.Count,
        }, [.. root.ParentId is { } parent ? ids.Append(parent) : ids]), cancellationToken);
        if (root.ParentId is null && !await Ownership.HasOwnerAsync(connection, root.Id, cancellationToken))
            await AdoptAsync(connection, actor, root.Id, root.Kind, name, cancellationToken);
        return (new Restored(root.Id, Enum.Parse<TrashKind>(root.Kind.ToString()), name), () => live.Node(root.Id, root.ParentId, "created"));
    }

    /// <summary>Its owners left while it was in the trash: whoever puts it back owns it.</summary>
    private async Task AdoptAsync(NpgsqlConnection connection, Actor actor, Guid id, NodeKind kind, string name, CancellationToken cancellationToken)
    {
        await connection.RunAsync("""
            insert into grants (id, node_id, principal_id, capabilities, granted_by) values (@GrantId, @id, @Owner, @Capabilities, @Owner)
            on conflict (node_id, principal_id) do update set capabilities = excluded.capabilities, expires_at = null, granted_by = excluded.granted_by
            """, new { GrantId = Guid.CreateVersion7(clock.GetUtcNow()), id, Owner = actor.Id, Capabilities = (int)Capabilities.All }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("node.handed-over", kind.Word(), id,
            new JsonObject { ["name"] = name, ["principal"] = actor.Id.ToString(), ["from"] = null }, actor.Id), cancellationToken);
    }

    /// <summary>The node's name, or that with " (restored)" where a sibling has taken it meanwhile.</summary>
    private static async Task<string> FreeNameAsync(NpgsqlConnection connection, RootRow root, CancellationToken cancellationToken)
    {
        if (root.ParentId is null)
            return root.Name;
        for (var attempt = 0; ; attempt++)
        {
            var suffix = attempt switch { 0 => "", 1 => " (restored)", _ => $" (restored {attempt})" };
            var name = (root.Name.Length + suffix.Length > NodeNames.MaxLength ? root.Name[..(NodeNames.MaxLength - suffix.Length)] : root.Name) + suffix;
            if (!await connection.RowAsync<bool>("select exists (select from nodes where parent_id = @ParentId and name = @name and trashed_at is null)",
                new { root.ParentId, name }, cancellationToken))
                return name;
        }
    }
}
