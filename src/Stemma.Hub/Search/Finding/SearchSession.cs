using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>One search: a connection with settings of its own, what the actor sees, and the query bound to the index.</summary>
internal sealed class SearchSession : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private SearchSession(NpgsqlConnection connection, NpgsqlTransaction transaction, Query query, Actor actor, Reach reach, Places places, TimeProvider clock)
    {
        Connection = connection;
        _transaction = transaction;
        Query = query;
        Reach = reach;
        Places = places;
        Binder = new Binder(connection, actor, reach, places, clock);
    }

    public NpgsqlConnection Connection { get; }
    public Query Query { get; }
    public Reach Reach { get; }
    public Places Places { get; }
    public Binder Binder { get; }

    /// <exception cref="Problem">400: the query cannot be read; the answer says where.</exception>
    public static async Task<SearchSession> OpenAsync(NpgsqlDataSource database, Actor actor, TimeProvider clock, string? text, CancellationToken cancellationToken)
    {
        if (!QueryParser.TryParse(text ?? "", out var query, out var error))
            throw NotUnderstood(error);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction? transaction = null;
        try
        {
            // Not to be cancelled: pages that complete what is typed give requests up all the time, and these take a moment only.
            // A transaction whose beginning is on its way when it is given up would leave the connection to the next one out of step.
            transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, CancellationToken.None);
            // Bitmaps of many hits stay exact, and words are never looked for by reading the whole table. Starting helpers takes longer than most searches.
            // A search that nobody can wait for ends.
            await connection.RunAsync("set local work_mem = '64MB'; set local enable_seqscan = off; set local jit = off; set local max_parallel_workers_per_gather = 0; set local statement_timeout = '60s'", null, CancellationToken.None);
            var reach = await Reach.OfAsync(connection, actor, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new SearchSession(connection, transaction, query, actor, reach, new Places(reach), clock);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a row d must be, without access.</summary>
    /// <exception cref="Problem">400: no such field, unit or place; the answer says where.</exception>
    public async Task<Condition> BindAsync(Query query, CancellationToken cancellationToken)
    {
        try
        {
            return await Binder.BindAsync(query, cancellationToken);
        }
        catch (QueryException problem)
        {
            throw NotUnderstood(problem.Error);
        }
    }

    /// <summary>About how many rows match, by PostgreSQL's statistics.</summary>
    public async Task<double> EstimateAsync(Condition condition, CancellationToken cancellationToken)
    {
        await using var explain = Command("explain (format json) select from search_documents d where ", condition, "");
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(cancellationToken))!);
        return plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    /// <summary>A command around a condition.</summary>
    public NpgsqlBatch Command(string before, Condition condition, string after)
    {
        var parameters = new List<object>();
        return Command($"{before}{condition.ToSql(parameters)}{after}", parameters);
    }

    /// <summary>A command whose plan is made for the words that are asked for: one for any would take a common word for a rare one.</summary>
    public NpgsqlBatch Command(string sql, IEnumerable<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return new NpgsqlBatch(Connection) { BatchCommands = { new("set local plan_cache_mode = force_custom_plan"), command, new("set local plan_cache_mode = auto") } };
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    public static Problem NotUnderstood(QueryError error) => new(400, "invalid-query", "The search cannot be understood", error.Message)
    {
        Members = new Dictionary<string, object?> { ["position"] = error.Position, ["length"] = error.Length },
    };
}
