using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;
using Stemma.Hub.Hosting;

namespace Stemma.Hub.Search.Indexing;

/// <summary>
/// Takes what changed into the index, in batches, one hub at a time. A moment behind the catalog, so that a deposit does not wait for it; what a search shows
/// is fetched from the catalog itself, under its access rules.
/// </summary>
internal sealed partial class SearchIndexer(NpgsqlDataSource database, ArtifactStore artifacts, Numbering numbering, ILogger<SearchIndexer> logger) : BackgroundService
{
    public const int BatchSize = 500;
    private const long Lock = 0x7365_6172_6368; // "search"

    /// <summary>A savepoint, before what may fail.</summary>
    private const string Before = "before";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly DocumentWriter _documents = new(numbering);
    private readonly PlaceIndex _places = new(numbering);

    private sealed record Change(Guid ObjectId, bool IsNode);

    /// <summary>Takes in one batch.</summary>
    /// <returns>How many changes were taken; 0 when nothing waits, or another hub is at it.</returns>
    public async Task<int> TakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.RowAsync<bool>("select pg_try_advisory_xact_lock(@Lock)", new { Lock }, cancellationToken))
            return 0;
        // Nodes first: their names are what files are found by as well, and say which project a file's keys belong to.
        var changes = await connection.RowsAsync<Change>($"""
            delete from search_changes where id in (
                select id from (
                    (select id, is_node from search_changes where is_node order by id limit {BatchSize}) union all
                    (select id, is_node from search_changes where not is_node order by id limit {BatchSize})) c
                order by is_node desc, id limit {BatchSize})
            returning object_id, is_node
            """, null, cancellationToken);
        if (changes.Count == 0)
            return 0;
        try
        {
            await WriteAsync(transaction, changes, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return changes.Count;
        }
        catch
        {
            numbering.Forget();
            throw;
        }
    }

    /// <summary>All at once; where that fails by what is in them, one by one, so that one row does not keep the others from being found.</summary>
    private async Task WriteAsync(NpgsqlTransaction transaction, List<Change> changes, CancellationToken cancellationToken)
    {
        var nodes = changes.Where(change => change.IsNode).Select(change => change.ObjectId).Distinct().ToArray();
        var sets = changes.Where(change => !change.IsNode).Select(change => change.ObjectId).Distinct().ToArray();
        await transaction.SaveAsync(Before, cancellationToken);
        try
        {
            if (nodes.Length > 0)
                await _places.WriteAsync(transaction.Connection!, nodes, byNameOnly: false, cancellationToken);
            if (sets.Length > 0)
                await WriteSetsAsync(transaction.Connection!, sets, byNameOnly: false, cancellationToken);
            return;
        }
        catch (Exception problem) when (IsOfARow(problem))
        {
            LogOneByOne(problem);
            await transaction.RollbackAsync(Before, cancellationToken);
            numbering.Forget();
        }

        foreach (var id in nodes)
            await WriteAloneAsync(transaction, id, byNameOnly => _places.WriteAsync(transaction.Connection!, [id], byNameOnly, cancellationToken), cancellationToken);
        foreach (var id in sets)
            await WriteAloneAsync(transaction, id, byNameOnly => WriteSetsAsync(transaction.Connection!, [id], byNameOnly, cancellationToken), cancellationToken);
    }

    /// <summary>With all its words, else with those of its name, else not.</summary>
    /// <param name="writeAsync">Takes whether by its name only.</param>
    private async Task WriteAloneAsync(NpgsqlTransaction transaction, Guid id, Func<bool, Task> writeAsync, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync(Before, cancellationToken);
        foreach (var byNameOnly in new[] { false, true })
            try
            {
                await writeAsync(byNameOnly);
                break;
            }
            catch (Exception problem) when (IsOfARow(problem))
            {
                if (byNameOnly)
                    LogLeftOut(id, problem);
                else
                    LogByNameOnly(id, problem);
                await transaction.RollbackAsync(Before, cancellationToken);
                numbering.Forget();
            }

        await transaction.ReleaseAsync(Before, cancellationToken);
    }

    private async Task WriteSetsAsync(NpgsqlConnection connection, Guid[] sets, bool byNameOnly, CancellationToken cancellationToken)
    {
        var found = await IndexedFileSet.LoadAsync(connection, sets, cancellationToken);
        await _documents.WriteAsync(connection, sets, found.ConvertAll(set => byNameOnly ? DocumentBuilder.ByName(set) : DocumentBuilder.Build(set, OriginalOf(set))), cancellationToken);
    }

    /// <summary>
    /// It would fail again however often it is tried: PostgreSQL refuses the data (class 22) or finds them too large (54), or we stumble over them.
    /// All else, such as a database that is away, goes over.
    /// </summary>
    private static bool IsOfARow(Exception problem) => problem switch
    {
        PostgresException refused => refused.SqlState[..2] is "22" or "54",
        NpgsqlException or OperationCanceledException => false,
        _ => true,
    };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyLoop.RunAsync(
        // A full batch: more waits. Otherwise changes gather for a moment, since many together cost less.
        async cancellationToken => await TakeAsync(cancellationToken) < BatchSize ? Pause : TimeSpan.Zero, LogFailed, TimeSpan.FromSeconds(2), TimeProvider.System, stoppingToken);

    private JsonElement? OriginalOf(IndexedFileSet set)
    {
        try
        {
            return OriginalTree.Load(artifacts, set.OriginalSha256, set.OriginalSize);
        }
        catch (JsonException problem)
        {
            LogUnreadable(set.Id, problem);
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Changes could not be taken into the search index; they wait, and are tried again in a moment")]
    private partial void LogFailed(Exception problem);

    [LoggerMessage(2, LogLevel.Warning, "The original metadata of file set {Id} cannot be understood; it is indexed without")]
    private partial void LogUnreadable(Guid id, Exception problem);

    [LoggerMessage(3, LogLevel.Warning, "A batch of changes could not be taken into the search index; they are taken one by one")]
    private partial void LogOneByOne(Exception problem);

    [LoggerMessage(4, LogLevel.Error, "What is known of {Id}, or of a node below it, cannot be taken into the search index; they are found by their names only, until they change")]
    private partial void LogByNameOnly(Guid id, Exception problem);

    [LoggerMessage(5, LogLevel.Error, "{Id}, or a node below it, cannot be taken into the search index, not even by name; they are not found, or as they were, until they change")]
    private partial void LogLeftOut(Guid id, Exception problem);
}
