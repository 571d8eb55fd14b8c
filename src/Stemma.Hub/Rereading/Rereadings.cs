using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Rereading;

/// <summary>Batches of files that are read again: begun, paused, gone on with and cancelled. <see cref="RereadingFeeder"/> does them.</summary>
internal sealed class Rereadings(NpgsqlDataSource database, EventWriter events)
{
    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Cause { get; init; } = "";
        public string Choice { get; init; } = "";
        public string? Format { get; init; }
        public string? FormatName { get; init; }
        public Guid? NodeId { get; init; }
        public NodeKind? NodeKind { get; init; }
        public string? NodeName { get; init; }
        public string State { get; init; } = "";
        public long Planned { get; init; }
        public long Same { get; init; }
        public long Changed { get; init; }
        public long NewlyRead { get; init; }
        public long Failed { get; init; }
        public long Unreadable { get; init; }
        public long Overtaken { get; init; }
        public long Reading { get; init; }
        public string StartedBy { get; init; } = "";
        public DateTime StartedAt { get; init; }
        public DateTime? EndedAt { get; init; }
        public long Version { get; init; }

        public RereadingRecord ToRecord() => new(Id, Cause, Choice, Format, FormatName, NodeId is { } node ? new NodeName(node, NodeKind!.Value, NodeName!) : null, State, Planned,
            Same + Changed + NewlyRead + Failed + Unreadable + Overtaken, Same, Changed, NewlyRead, Failed, Unreadable, Overtaken, Reading, StartedBy, StartedAt, EndedAt, Version);
    }

    private const string Columns = """
        b.id, b.cause, b.choice, b.format, coalesce(r.name, b.format) as format_name, n.id as node_id, n.kind as node_kind, n.name as node_name, b.state, b.planned, b.same, b.changed, b.newly_read, b.failed,
        b.unreadable, b.overtaken, (select count(*) from rereading_files f where f.rereading_id = b.id and not f.is_counted and f.outcome = 'waiting') as reading,
        coalesce(p.name, 'somebody') as started_by, b.started_at, b.ended_at, b.version
        from rereadings b left join readers r on r.format = b.format left join nodes n on n.id = b.node_id left join principal_names p on p.id = b.started_by
        """;

    /// <summary>Newest first.</summary>
    public async Task<Page<RereadingRecord>> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<Row>($"select {Columns} where @after::uuid is null or b.id < @after order by b.id desc limit @Take", new { after, Take = take + 1 }, cancellationToken);
        return Page.From(rows.ConvertAll(row => row.ToRecord()), take, rereading => rereading.Id.ToString());
    }

    public async Task<RereadingRecord> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, id, cancellationToken);
    }

    /// <exception cref="Problem">404.</exception>
    public static async Task<RereadingRecord> GetAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.RowAsync<Row>($"select {Columns} where b.id = @id", new { id }, cancellationToken))?.ToRecord() ?? throw Problem.NotFound("such rereading");

    /// <exception cref="Problem">400: the choice. 404: there is no such node. 409: nothing is chosen by it.</exception>
    public async Task<RereadingRecord> StartAsync(Actor actor, NewRereading asked, CancellationToken cancellationToken)
    {
        if (!RereadingChoice.Words.Contains(asked.Choice))
            throw Problem.Invalid($"choice must be one of {string.Join(", ", RereadingChoice.Words)}, but is \"{asked.Choice}\".");
        if (asked is { Choice: "unread", Format: not null })
            throw Problem.Invalid("What no reader could read has no format: leave format out with the choice unread.");
        var format = asked.Format is null ? null : Names.Check("format", asked.Format);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (asked.NodeId is { } node && (await NodeAccess.RequireAsync(connection, actor, node, Capabilities.Run, NodeLock.None, cancellationToken)).Kind == NodeKind.Space)
            throw Problem.Invalid("A space only shows what lies elsewhere: choose a project, a collection or a dataset.");
        var id = await AddAsync(connection, actor, "asked", asked with { Format = format }, cancellationToken)
            ?? throw Problem.Conflict("nothing-to-read", "There is no file to read again by that choice: all of them were read by the present readers, or there are none.");
        var made = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made;
    }

    /// <summary>When newer readers came: all that is out of date. What an upgrade before this one still had to do is part of it.</summary>
    public async Task StartAfterUpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.RunAsync("select pg_advisory_xact_lock(@Lock)", new { RereadingFeeder.Lock }, cancellationToken);
        foreach (var earlier in await connection.RowsAsync<Guid>("select id from rereadings where state in ('running', 'paused') and cause = 'upgrade' order by id for update", null, cancellationToken))
            await MoveAsync(connection, Actor.Hub, earlier, "cancelled", "newer readers came", cancellationToken);
        await AddAsync(connection, Actor.Hub, "upgrade", new NewRereading(), cancellationToken);
    }

    /// <param name="expected">The version that the caller saw; null: any.</param>
    /// <exception cref="Problem">404; 400: no such state; 409: it is over.</exception>
    public async Task<RereadingRecord> ChangeAsync(Actor actor, Guid id, RereadingPatch patch, long? expected, CancellationToken cancellationToken)
    {
        if (patch.State is not ("running" or "paused" or "cancelled"))
            throw Problem.Invalid($"state must be running, paused or cancelled, but is \"{patch.State}\".");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("select pg_advisory_xact_lock(@Lock)", new { RereadingFeeder.Lock }, cancellationToken);
        await connection.RunAsync("select 1 from rereadings where id = @id for update", new { id }, cancellationToken);
        var before = await GetAsync(connection, id, cancellationToken);
        ETags.Check(expected, before.Version);
        if (before.State is "ended" or "cancelled")
            throw Problem.Conflict("rereading-over", $"This rereading is {before.State} already. Start another.");
        if (before.State != patch.State)
            await MoveAsync(connection, actor, id, patch.State, null, cancellationToken);
        var after = await GetAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>A locked batch comes into another state. Files that are being read are read to their end; those that wait are taken back.</summary>
    private async Task MoveAsync(NpgsqlConnection connection, Actor actor, Guid id, string state, string? why, CancellationToken cancellationToken)
    {
        if (state != "running")
            await connection.RunAsync("""
                update tasks set state = 'cancelled', note = @Note, finished_at = now()
                where kind = 'reread' and state = 'queued' and payload ->> 'rereading' = @Id
                """, new { Id = id.ToString(), Note = $"the rereading was {state}" }, cancellationToken);
        if (state == "cancelled")
            await connection.RunAsync("""
                delete from rereading_files f where f.rereading_id = @id and f.outcome = 'waiting' and not f.is_counted
                  and not exists (select from tasks t where t.kind = 'reread' and t.subject_id = f.file_set_id and t.state = 'running')
                """, new { id }, cancellationToken);
        await connection.RunAsync("update rereadings set state = @state, ended_at = case when @state = 'cancelled' then now() end, version = version + 1 where id = @id", new { id, state }, cancellationToken);
        var word = state switch { "running" => "resumed", _ => state };
        await events.WriteAsync(connection, actor, new Happening($"rereading.{word}", "rereading", id, new JsonObject { ["why"] = why }), cancellationToken);
    }

    /// <returns>Null: there is nothing to read again.</returns>
    private async Task<Guid?> AddAsync(NpgsqlConnection connection, Actor actor, string cause, NewRereading asked, CancellationToken cancellationToken)
    {
        var planned = await CountAsync(connection, asked, cancellationToken);
        if (planned == 0 || await connection.RowAsync<Guid?>("select id from file_sets order by id desc limit 1", null, cancellationToken) is not { } until)
            return null;
        var id = Guid.CreateVersion7();
        await connection.RunAsync("""
            insert into rereadings (id, cause, choice, format, node_id, until_id, planned, started_by) values (@id, @cause, @Choice, @Format, @NodeId, @until, @planned, @Actor)
            """, new { id, cause, asked.Choice, asked.Format, asked.NodeId, until, planned, Actor = actor.Id }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("rereading.started", "rereading", id, new JsonObject
        {
            ["cause"] = cause, ["choice"] = asked.Choice, ["format"] = asked.Format, ["node"] = asked.NodeId?.ToString(), ["planned"] = planned,
        }, asked.NodeId is { } node ? [node] : []), cancellationToken);
        return id;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, NewRereading asked, CancellationToken cancellationToken)
    {
        if (asked.NodeId is not null)
            return await connection.RowAsync<long>($"select count(*) from ({RereadingChoice.Sql($"(select * from file_sets where dataset_id = any (array({RereadingChoice.Datasets})))")}) chosen",
                new { asked.Choice, asked.Format, asked.NodeId }, cancellationToken);
        // Of the whole hub: from the index, since it may be a million.
        var state = await ReaderQueries.GetAsync(connection, cancellationToken);
        var readers = state.Readers.Where(reader => asked.Format is null || reader.Format == asked.Format).ToList();
        var unread = asked.Format is null ? state.Unread : new UnreadFiles(0, 0, 0);
        return asked.Choice switch
        {
            "outdated" => readers.Sum(reader => reader.OutOfDate) + unread.OutOfDate,
            "unread" => unread.NoReader + unread.Failed,
            _ => readers.Sum(reader => reader.Files) + unread.NoReader + unread.Failed,
        };
    }
}
