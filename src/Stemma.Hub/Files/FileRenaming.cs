using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Deposits;
using Stemma.Hub.Queue;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>
/// Gives a file another path in its dataset. Which files are read together is told from their paths, so only a file that is a set by itself
/// is renamed, and only to a path at which it still is one.
/// </summary>
internal sealed class FileRenaming(NpgsqlDataSource database, EventWriter events, TaskQueue queue, TaskSignal signal, TimeProvider clock)
{
    /// <returns>The file at its new path, and the version of its set.</returns>
    /// <exception cref="Problem">404, 403: see <see cref="FileSetAccess"/>. 400: the path cannot be used. 409: it is taken, or other files are read together with this one, here or there. 412: see <see cref="ETags"/>.</exception>
    public async Task<(FileRecord File, long Version)> RenameAsync(Actor actor, Guid id, FilePatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        var to = RelativePath.Parse(patch.Path).ToString();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await FileSetAccess.OfFileAsync(connection, actor, id, Capabilities.Edit, cancellationToken);
        // No file joins a set or comes to a path while this is decided.
        await FileSetGathering.OwnAsync(connection, found.DatasetId, cancellationToken);
        await TaskQueue.LockBeforeSetsAsync(connection, [found.Id], cancellationToken);
        var set = await FileSetAccess.RequireAsync(connection, actor, found.Id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, set.Version);
        var files = await connection.RowsAsync<(Guid Id, string Path)>("select id, path from files where file_set_id = @Id order by path", new { set.Id }, cancellationToken);
        // Another change may have moved the file into another set since.
        var from = files.Find(file => file.Id == id).Path ?? throw ETags.Stale();
        if (from == to)
            return (await FileQueries.ByIdAsync(connection, id, cancellationToken), set.Version);
        if (files.Find(file => file.Path != from).Path is { } beside)
            throw Problem.Conflict("read-together", $"{from} is read together with {beside}, and such files find each other by their names. The set can be moved to another dataset as a whole; for other names deposit its files anew.");
        if (FileSetGrouping.NameOf(set.GroupingKey) is { } folder)
            throw Problem.Conflict("read-together", $"{from} belongs to \"{folder}\", which is read as a whole by the names of what is in it. Deposit it anew where it is to be.");

        var grouping = FileSetGrouping.Of(to);
        await RequireAloneAsync(connection, set, to, grouping, cancellationToken);
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.Add("update files set path = $2, media_type = $3, role = $4 where file_set_id = $1", set.Id, to, MediaTypes.Of(to), grouping.Role);
            batch.Add("update file_sets set name = $2, grouping_key = $3, modified_at = $4, version = version + 1 where id = $1", set.Id, to, grouping.OwnKey, clock.GetUtcNow());
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        var awaits = await AwaitAnewAsync(connection, actor, set.Id, from, to, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("file.renamed", "file", id, new JsonObject
        {
            ["from"] = from, ["to"] = to, ["versions"] = files.Count, ["dataset"] = set.DatasetId.ToString(),
        }, set.Id, set.DatasetId), cancellationToken);
        var file = await FileQueries.ByIdAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (awaits)
            signal.Pulse();
        queue.Announce(set.Id, set.DatasetId, awaits ? "waiting" : set.Reading, awaits ? null : set.ReadingNote, null);
        return (file, set.Version + 1);
    }

    /// <exception cref="Problem">409: at that path there is a file, or the file would be read together with others.</exception>
    private static async Task RequireAloneAsync(NpgsqlConnection connection, FileSetRow set, string to, FileSetGrouping grouping, CancellationToken cancellationToken)
    {
        if (await connection.RowAsync<bool>("select exists (select from files where dataset_id = @DatasetId and path = @to and is_current)", new { set.DatasetId, to }, cancellationToken))
            throw Problem.Conflict("path-taken", $"This dataset has a file {to} already. Choose another name, or move or throw that one away first.");
        var joined = await connection.RowAsync<string>("select name from file_sets where id in (select id from file_set_for(@DatasetId, @to, @Keys)) and id <> @Id", new { set.Id, set.DatasetId, to, Keys = grouping.Keys.ToArray() }, cancellationToken);
        if (joined is not null)
            throw Problem.Conflict("would-join", $"A file called {to} would be read together with \"{joined}\". Choose another name; or, if the two belong together, deposit it there anew.");
        if (grouping.Gathers is not null || FileSetGrouping.NameOf(grouping.OwnKey) is not null)
            throw Problem.Conflict("would-gather", $"A file called {to} would make its folder one file set. Choose another name; or, if that is meant, deposit it there anew.");
    }

    /// <summary>Companions lie beside the file that names them: where its folder changes, it is read again, and names them anew.</summary>
    private static async Task<bool> AwaitAnewAsync(NpgsqlConnection connection, Actor actor, Guid set, string from, string to, CancellationToken cancellationToken)
    {
        if (from.LastIndexOf('/') is var old && to.LastIndexOf('/') is var now && from.AsSpan(0, old + 1).SequenceEqual(to.AsSpan(0, now + 1)))
            return false;
        if (await connection.RunAsync("delete from awaited_members where file_set_id = @set", new { set }, cancellationToken) == 0)
            return false;
        await using var batch = new NpgsqlBatch(connection);
        FileSetGathering.QueueReading(batch, actor, set);
        batch.Add("update file_sets set membership = membership + 1 where id = $1", set);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }
}
