using System.Text.Json.Nodes;
using Dapper;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;

namespace Stemma.Hub.Deposits;

/// <summary>
/// Moves files that turn out to belong to another set into it. Sets that lose all files are removed, with an event that says where these went.
/// The caller's transaction owns the dataset's grouping (<c>own_grouping</c>), so that no file joins a set that is being emptied.
/// </summary>
internal static class FileSetGathering
{
    private sealed record Member(string Path, Guid FileSetId, string SetName);

    private sealed record Terms
    {
        public Guid Id { get; init; }
        public string? Licence { get; init; }
        public string? RightsHolder { get; init; }
        public DateTime? EmbargoUntil { get; init; }
        public DateTime? RetainUntil { get; init; }
        public bool LegalHold { get; init; }

        public JsonObject ToJson() => new()
        {
            ["licence"] = Licence, ["rightsHolder"] = RightsHolder, ["embargoUntil"] = EventText.Time(EmbargoUntil), ["retainUntil"] = EventText.Time(RetainUntil), ["legalHold"] = LegalHold,
        };
    }

    /// <summary>Waits for deposits under way in the dataset, and keeps new ones waiting until the transaction ends.</summary>
    public static Task OwnAsync(NpgsqlConnection connection, Guid dataset, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("select own_grouping(@dataset)", new { dataset }, cancellationToken: cancellationToken));

    /// <summary>Gathers the files of a folder.</summary>
    public static async Task GatherAsync(
        NpgsqlConnection connection, EventWriter events, Actor actor, Guid dataset, Guid into, GatheredFolder folder, CancellationToken cancellationToken)
    {
        var candidates = await connection.QueryAsync<Member>(new CommandDefinition("""
            select f.path, f.file_set_id as fileSetId, s.name as setName
            from files f join file_sets s on s.id = f.file_set_id
            where f.dataset_id = @dataset and f.is_current and f.file_set_id <> @into and s.trashed_at is null and starts_with(f.path, @prefix)
            """, new { dataset, into, prefix = folder.Path.Length == 0 ? "" : folder.Path + "/" }, cancellationToken: cancellationToken));
        await MoveAsync(connection, events, actor, dataset, into, [.. candidates.Where(member => folder.Holds(member.Path))], cancellationToken);
    }

    /// <summary>Gathers the files at these paths, and notes the others as awaited: whoever arrives there joins the set.</summary>
    /// <returns>Whether files came in, so that the set is to be read again.</returns>
    public static async Task<bool> AwaitAsync(
        NpgsqlConnection connection, EventWriter events, Actor actor, Guid dataset, Guid into, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into awaited_members (file_set_id, dataset_id, path) select @into, @dataset, unnest(@paths) on conflict do nothing",
            new { into, dataset, paths = paths.ToArray() }, cancellationToken: cancellationToken));
        // A set that has been read by itself, with companions of its own, is not taken apart: of two companions the one that came first keeps its members.
        var here = await connection.QueryAsync<Member>(new CommandDefinition("""
            select f.path, f.file_set_id as fileSetId, s.name as setName
            from files f join file_sets s on s.id = f.file_set_id
            where f.dataset_id = @dataset and f.is_current and f.file_set_id <> @into and s.trashed_at is null and f.path = any (@paths)
              and not exists (select from awaited_members a where a.file_set_id = f.file_set_id)
            """, new { dataset, into, paths = paths.ToArray() }, cancellationToken: cancellationToken));
        await MoveAsync(connection, events, actor, dataset, into, here.AsList(), cancellationToken);
        return here.AsList().Count > 0;
    }

    private static async Task MoveAsync(
        NpgsqlConnection connection, EventWriter events, Actor actor, Guid dataset, Guid into, IReadOnlyList<Member> members, CancellationToken cancellationToken)
    {
        if (members.Count == 0)
            return;
        var paths = members.Select(member => member.Path).ToArray();
        var from = members.Select(member => member.FileSetId).Distinct().ToArray();
        await TaskQueue.LockBeforeSetsAsync(connection, from, cancellationToken);
        // What bound the files binds them where they go: of all sets, whether they keep other files or not.
        var terms = (await connection.RowsAsync<Terms>(
            "select id, licence, rights_holder, embargo_until, retain_until, legal_hold from file_sets where id = any (@from) order by id for no key update", new { from }, cancellationToken))
            .ToDictionary(set => set.Id);
        await using (var move = new NpgsqlBatch(connection))
        {
            move.Add("""
                update file_sets i set legal_hold = i.legal_hold or e.legal_hold, retain_until = greatest(i.retain_until, e.retain_until), embargo_until = greatest(i.embargo_until, e.embargo_until),
                    licence = coalesce(i.licence, e.licence), rights_holder = coalesce(i.rights_holder, e.rights_holder)
                from (select bool_or(legal_hold) as legal_hold, max(retain_until) as retain_until, max(embargo_until) as embargo_until,
                        (array_agg(licence order by id) filter (where licence is not null))[1] as licence,
                        (array_agg(rights_holder order by id) filter (where rights_holder is not null))[1] as rights_holder
                    from file_sets where id = any ($2)) e
                where i.id = $1
                """, into, from);
            // All versions of a path stay together.
            move.Add("update files set file_set_id = $1, role = 'part' where dataset_id = $2 and path = any ($3) and file_set_id = any ($4)", into, dataset, paths, from);
            foreach (var set in from.Append(into))
                move.Add("update file_sets set size = coalesce((select sum(size) from files where file_set_id = $1 and is_current), 0), membership = membership + 1, modified_at = now(), version = version + 1 where id = $1", set);
            await move.ExecuteNonQueryAsync(cancellationToken);
        }

        var emptied = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from file_sets s where id = any (@from) and not exists (select from files where file_set_id = s.id)", new { from }, cancellationToken: cancellationToken))).AsList();
        foreach (var set in members.GroupBy(member => (member.FileSetId, member.SetName)))
            await events.WriteAsync(connection, actor, new Happening("file-set.gathered", "file-set", set.Key.FileSetId, new JsonObject
            {
                ["name"] = set.Key.SetName, ["into"] = into.ToString(), ["files"] = set.Count(), ["emptied"] = emptied.Contains(set.Key.FileSetId), ["terms"] = terms[set.Key.FileSetId].ToJson(),
                ["paths"] = new JsonArray([.. set.Select(member => member.Path).Order(StringComparer.Ordinal).Take(1000).Select(path => (JsonNode)path)]),
            }, into, dataset), cancellationToken);

        await using var finish = new NpgsqlBatch(connection);
        foreach (var set in emptied)
        {
            // Who and what the set was about goes along; what was read from it alone is derived, and read again from the whole.
            finish.Add("update tasks set state = 'cancelled', note = 'its files are read together with others now', finished_at = now() where subject_id = $1 and kind in ('extract', 'reread') and state in ('queued', 'running')", set);
            finish.Add("insert into session_file_sets (session_id, file_set_id) select session_id, $2 from session_file_sets where file_set_id = $1 on conflict do nothing", set, into);
            finish.Add("delete from session_file_sets where file_set_id = $1", set);
            finish.Add("insert into sample_file_sets (sample_id, file_set_id) select sample_id, $2 from sample_file_sets where file_set_id = $1 on conflict do nothing", set, into);
            finish.Add("delete from sample_file_sets where file_set_id = $1", set);
            finish.Add("update file_sets i set tags = array(select distinct unnest(i.tags || e.tags) order by 1) from file_sets e where i.id = $2 and e.id = $1", set, into);
            finish.Add("delete from awaited_members where file_set_id = $1", set);
            finish.Add("update file_sets set extraction_id = null where id = $1", set);
            finish.Add("delete from images where file_set_id = $1", set);
            finish.Add("delete from artifacts where extraction_id in (select id from extractions where file_set_id = $1)", set);
            finish.Add("delete from extractions where file_set_id = $1", set);
            finish.Add("delete from file_sets where id = $1", set);
        }

        foreach (var set in from.Except(emptied).Append(into))
            QueueReading(finish, actor, set);
        await finish.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Has a set read (again). The task first, then the set: claims lock them in this order.</summary>
    internal static void QueueReading(NpgsqlBatch batch, Actor actor, Guid set)
    {
        batch.Add("""
            insert into tasks (id, kind, subject_id, created_by) values ($1, 'extract', $2, $3)
            on conflict (kind, subject_id) where state = 'queued' do update set run_after = least(tasks.run_after, excluded.run_after), max_attempts = tasks.attempt + 3
            """, Guid.CreateVersion7(), set, actor.Id);
        batch.Add("update file_sets set reading = 'waiting', reading_note = null where id = $1", set);
    }
}
