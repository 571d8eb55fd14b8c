using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>Opens searches.</summary>
internal sealed class SearchSessions(NpgsqlDataSource database, ReachCache reaches, TimeProvider clock)
{
    /// <summary>
    /// Plans are made for the words that are asked for, and for what the actor sees: one for any would take a common word for a rare one. Bitmaps of many hits stay exact, and words are
    /// never looked for by reading the whole table. Starting helpers takes longer than most searches. A search that nobody can wait for ends.
    /// </summary>
    private const string Settings = """
        set local plan_cache_mode = force_custom_plan; set local work_mem = '64MB'; set local enable_seqscan = off; set local jit = off;
        set local max_parallel_workers_per_gather = 0; set local statement_timeout = '60s'
        """;

    /// <exception cref="Problem">400: the query cannot be read; the answer says where.</exception>
    public async Task<SearchSession> OpenAsync(Actor actor, string? text, CancellationToken cancellationToken)
    {
        if (!QueryParser.TryParse(text ?? "", out var query, out var error))
            throw SearchSession.NotUnderstood(error);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction? transaction = null;
        try
        {
            // Not to be cancelled: pages that complete what is typed give requests up all the time, and these take a moment only.
            // A transaction whose beginning is on its way when it is given up would leave the connection to the next one out of step.
            transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, CancellationToken.None);
            await connection.RunAsync(Settings, null, CancellationToken.None);
            var reach = await reaches.OfAsync(connection, actor, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new SearchSession(connection, transaction, query, actor, reach, clock);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }
}
