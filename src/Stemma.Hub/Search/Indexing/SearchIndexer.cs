using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;

namespace Stemma.Hub.Search.Indexing;

/// <summary>
/// Takes what changed into the index, in batches, one hub at a time. A moment behind the catalog, so that a deposit does not wait for it; what a search shows
/// is fetched from the catalog itself, under its access rules.
/// </summary>
internal sealed partial class SearchIndexer(NpgsqlDataSource database, ArtifactStore artifacts, Numbering numbering, ILogger<SearchIndexer> logger) : BackgroundService
{
    public const int BatchSize = 500;
    private const long Lock = 0x7365_6172_6368; // "search"
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
            if (changes.Where(change => change.IsNode).Select(change => change.ObjectId).Distinct().ToArray() is { Length: > 0 } nodes)
                await _places.WriteAsync(connection, nodes, cancellationToken);
            if (changes.Where(change => !change.IsNode).Select(change => change.ObjectId).Distinct().ToArray() is { Length: > 0 } sets)
            {
                var found = await IndexedFileSet.LoadAsync(connection, sets, cancellationToken);
                await _documents.WriteAsync(connection, sets, found.ConvertAll(set => DocumentBuilder.Build(set, OriginalOf(set))), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return changes.Count;
        }
        catch
        {
            numbering.Forget();
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                // A full batch: more waits. Otherwise changes gather for a moment, since many together cost less.
                if (await TakeAsync(stoppingToken) < BatchSize)
                    await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Whatever it is, it must not stop the hub: changes wait, and everything else goes on.
                LogFailed(problem);
                await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }

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
}
