using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Harvest;

/// <summary>Sources, as administrators keep them.</summary>
internal sealed class HarvestSources(NpgsqlDataSource database, EventWriter events, HubOptions options, HarvestService service)
{
    private const int MaxSeconds = 86400;
    private static readonly string[] States = [.. Enum.GetValues<HarvestState>().Select(Word)];

    public async Task<Page<HarvestSourceRecord>> ListAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var (name, id) = KeysetByName.Parse(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.RowsAsync<HarvestSource>($"""
            select {HarvestSource.Columns} from harvest_sources s
            where @name::text is null or (s.name, s.id) > (@name, @id::uuid) order by s.name, s.id limit @limit
            """, new { name, id, limit = take + 1 }, cancellationToken);
        var page = Page.From(rows, take, source => KeysetByName.Key(source.Name, source.Id));
        return new Page<HarvestSourceRecord>(await DescribeAsync(connection, page.Items, cancellationToken), page.Next);
    }

    public async Task<HarvestSourceRecord> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await DescribeAsync(connection, [await RequireAsync(connection, id, hold: false, cancellationToken)], cancellationToken))[0];
    }

    public async Task<HarvestSourceRecord> CreateAsync(Actor actor, NewHarvestSource asked, CancellationToken cancellationToken)
    {
        var source = new HarvestSource
        {
            Id = Guid.CreateVersion7(), Name = Names.Check("name", asked.Name), Folder = asked.Folder, NodeId = asked.NodeId, Levels = asked.Levels, Dataset = asked.Dataset, Mode = asked.Mode,
            Include = [.. asked.Include ?? []], Exclude = [.. asked.Exclude ?? NameFilter.DefaultExclude], StableSeconds = asked.StableSeconds, PollSeconds = asked.PollSeconds, Paused = asked.Paused,
            Sidecars = asked.Sidecars,
            CreatedBy = actor.Id,
        };
        Check(source);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await RequireDestinationAsync(connection, actor, source, cancellationToken);
            await connection.RunAsync("""
                insert into harvest_sources (id, name, folder, node_id, levels, dataset, mode, include, exclude, stable_seconds, poll_seconds, paused, sidecars, created_by)
                values (@Id, @Name, @Folder, @NodeId, @Levels, @Dataset, @ModeWord, @Include, @Exclude, @StableSeconds, @PollSeconds, @Paused, @Sidecars, @CreatedBy)
                """, source, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("harvest-source.created", "harvest-source", source.Id, Describe(source), source.NodeId), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await service.FollowAsync(cancellationToken);
        return await GetAsync(source.Id, cancellationToken);
    }

    /// <param name="expected">The version that the caller saw; null: any.</param>
    public async Task<HarvestSourceRecord> ChangeAsync(Actor actor, Guid id, HarvestSourcePatch patch, long? expected, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var before = await RequireAsync(connection, id, hold: true, cancellationToken);
            ETags.Check(expected, before.Version);
            var source = new HarvestSource
            {
                Id = id, Name = patch.Name is null ? before.Name : Names.Check("name", patch.Name), Folder = patch.Folder ?? before.Folder, NodeId = patch.NodeId ?? before.NodeId,
                Levels = patch.Levels ?? before.Levels, Dataset = patch.Dataset ?? before.Dataset, Mode = patch.Mode ?? before.Mode, Include = patch.Include?.ToArray() ?? before.Include,
                Exclude = patch.Exclude?.ToArray() ?? before.Exclude, StableSeconds = patch.StableSeconds ?? before.StableSeconds, PollSeconds = patch.PollSeconds ?? before.PollSeconds,
                Paused = patch.Paused ?? before.Paused, Sidecars = patch.Sidecars ?? before.Sidecars,
            };
            Check(source);
            if (patch.NodeId is not null)
                await RequireDestinationAsync(connection, actor, source, cancellationToken);
            // What was wrong with the source as it was is not said of the source as it is.
            await connection.RunAsync($"""
                update harvest_sources set name = @Name, folder = @Folder, node_id = @NodeId, levels = @Levels, dataset = @Dataset, mode = @ModeWord, include = @Include, exclude = @Exclude,
                       stable_seconds = @StableSeconds, poll_seconds = @PollSeconds, paused = @Paused, sidecars = @Sidecars, last_problem = null, taking_problem = null,
                       {(patch.Folder is null ? "" : "root_device = null, root_inode = null,")} version = version + 1
                where id = @Id
                """, source, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("harvest-source.changed", "harvest-source", id,
                new JsonObject { ["before"] = Describe(before), ["after"] = Describe(source) }, before.NodeId, source.NodeId), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await service.FollowAsync(cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    /// <summary>Ends the watch and forgets what it saw. What was taken stays.</summary>
    public async Task DeleteAsync(Actor actor, Guid id, long? expected, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var source = await RequireAsync(connection, id, hold: true, cancellationToken);
            ETags.Check(expected, source.Version);
            await connection.RunAsync("delete from harvest_sources where id = @id", new { id }, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("harvest-source.deleted", "harvest-source", id, Describe(source), source.NodeId), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await service.FollowAsync(cancellationToken);
    }

    public async Task<Page<HarvestEntryRecord>> EntriesAsync(Guid id, string? state, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (state is not null && !States.Contains(state))
            throw Problem.Invalid($"state must be one of {string.Join(", ", States)}, but is \"{state}\".");
        var take = Cursor.Limit(limit);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RequireAsync(connection, id, hold: false, cancellationToken);
        var rows = await connection.RowsAsync<HarvestEntryRecord>($"""
            select e.path, e.size, e.modified_at, e.state, e.problem, encode(e.sha256, 'hex') as sha256, e.file_id, f.file_set_id, f.dataset_id, e.moved_to,
                   e.first_seen_at, e.changed_at, e.taken_at, e.attempts, e.retry_at
            from harvest_entries e left join files f on f.id = e.file_id
            where e.source_id = @id {(state is null ? "" : "and e.state = @state")} and e.path > @after order by e.path limit @limit
            """, new { id, state, after = Cursor.Decode(cursor) ?? "", limit = take + 1 }, cancellationToken);
        return Page.From(rows, take, entry => entry.Path);
    }

    /// <exception cref="Problem">409: the source is paused, or cannot be scanned.</exception>
    public async Task<HarvestScanned> ScanAsync(Guid id, CancellationToken cancellationToken)
    {
        var source = await GetAsync(id, cancellationToken);
        await service.FollowAsync(cancellationToken);
        var watcher = service.Find(id) ?? throw Problem.Conflict("harvest-paused", $"\"{source.Name}\" is paused. Set paused to false, then scan.");
        try
        {
            var scan = await watcher.ScanAsync(cancellationToken);
            source = await GetAsync(id, cancellationToken);
            return new HarvestScanned(scan, source.Entries, source.Problem);
        }
        catch (SourceAwayException away)
        {
            throw new Problem(409, "source-away", "The source cannot be scanned", away.Message);
        }
    }

    private static async Task<HarvestSource> RequireAsync(NpgsqlConnection connection, Guid id, bool hold, CancellationToken cancellationToken) =>
        await connection.RowAsync<HarvestSource>($"select {HarvestSource.Columns} from harvest_sources s where s.id = @id {(hold ? "for update" : "")}", new { id }, cancellationToken)
            ?? throw Problem.NotFound("such harvest source");

    private static async Task RequireDestinationAsync(NpgsqlConnection connection, Actor actor, HarvestSource source, CancellationToken cancellationToken)
    {
        var node = await NodeAccess.RequireAsync(connection, actor, source.NodeId, Capabilities.Add, NodeLock.Share, cancellationToken);
        if (node.Kind == NodeKind.Space)
            throw Problem.Conflict("space-holds-no-nodes", $"\"{node.Name}\" is a space: things live in projects, and are placed in spaces. Choose a project, a collection or a dataset.");
    }

    private void Check(HarvestSource source)
    {
        SharePlace.Find(options, source.Folder);
        NameFilter.Check(source.Include, "include");
        NameFilter.Check(source.Exclude, "exclude");
        // The rule of all deposits, tried on a path that it cannot refuse.
        _ = new Destination(source.NodeId, RelativePath.Parse("file"), source.Levels, source.Dataset);
        if (source.StableSeconds is < 0 or > MaxSeconds)
            throw Problem.Invalid($"stableSeconds must be between 0 and {MaxSeconds}, but is {source.StableSeconds}.");
        if (source.PollSeconds is < 1 or > MaxSeconds)
            throw Problem.Invalid($"pollSeconds must be between 1 and {MaxSeconds}, but is {source.PollSeconds}.");
    }

    private static string Word(HarvestState state) => state.ToString().ToLowerInvariant();

    private static JsonObject Describe(HarvestSource source) => new()
    {
        ["name"] = source.Name, ["folder"] = source.Folder, ["node"] = source.NodeId.ToString(), ["levels"] = source.Levels, ["dataset"] = source.Dataset, ["mode"] = source.ModeWord,
        ["include"] = EventText.Words(source.Include), ["exclude"] = EventText.Words(source.Exclude), ["stableSeconds"] = source.StableSeconds, ["pollSeconds"] = source.PollSeconds,
        ["paused"] = source.Paused, ["sidecars"] = source.Sidecars,
    };

    private async Task<List<HarvestSourceRecord>> DescribeAsync(NpgsqlConnection connection, IReadOnlyList<HarvestSource> sources, CancellationToken cancellationToken)
    {
        var nodes = (await connection.RowsAsync<NodeRow>("select n.id, n.kind, n.name from nodes n where n.id = any (@ids)",
            new { ids = sources.Select(source => source.NodeId).ToArray() }, cancellationToken)).ToDictionary(node => node.Id);
        var counts = (await connection.RowsAsync<(Guid Source, string State, long Count)>("select source_id, state, count(*) from harvest_entries where source_id = any (@ids) group by source_id, state",
            new { ids = sources.Select(source => source.Id).ToArray() }, cancellationToken)).ToLookup(row => row.Source);
        return [.. sources.Select(source => new HarvestSourceRecord(
            source.Id, source.Name, source.Folder, new NodeName(source.NodeId, nodes[source.NodeId].Kind, nodes[source.NodeId].Name), source.Levels, source.Dataset, source.Mode, source.Include, source.Exclude,
            source.StableSeconds, source.PollSeconds, source.Paused, source.Sidecars, source.LastScanAt, service.Find(source.Id)?.ScanningSince, source.Problem, Count(counts[source.Id]),
            source.CreatedAt, source.CreatedBy, source.Version))];
    }

    private static HarvestCounts Count(IEnumerable<(Guid Source, string State, long Count)> rows)
    {
        var counts = rows.ToDictionary(row => row.State, row => row.Count);
        return new HarvestCounts(Of(HarvestState.Growing), Of(HarvestState.Taken), Of(HarvestState.Unchanged), Of(HarvestState.Failed), Of(HarvestState.Moved), Of(HarvestState.Gone));

        long Of(HarvestState state) => counts.GetValueOrDefault(Word(state));
    }
}
