using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Search.Language;
using Stemma.Hub.Web;

namespace Stemma.Hub.Search.Finding;

/// <summary>One search: a connection with settings of its own, what the actor sees, and the query bound to the index.</summary>
internal sealed class SearchSession : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;
    private readonly Lexicon _lexicon = new();

    internal SearchSession(NpgsqlConnection connection, NpgsqlTransaction transaction, Query query, Actor actor, Reach reach, TimeProvider clock)
    {
        Connection = connection;
        _transaction = transaction;
        Query = query;
        Reach = reach;
        Places = new Places(reach);
        Binder = new Binder(connection, actor, reach, Places, clock);
    }

    public NpgsqlConnection Connection { get; }
    public Query Query { get; }
    public Reach Reach { get; }
    public Places Places { get; }
    public Binder Binder { get; }

    /// <summary>What a row d must be, without access.</summary>
    /// <exception cref="Problem">400: no such field, unit or place; the answer says where.</exception>
    public async Task<Condition> BindAsync(Query query, CancellationToken cancellationToken)
    {
        try
        {
            return await _lexicon.SpellOutAsync(Connection, await Binder.BindAsync(query, cancellationToken), cancellationToken);
        }
        catch (QueryException problem)
        {
            throw NotUnderstood(problem.Error);
        }
    }

    /// <summary>What a row must be so that the words of the query's texts stand in its name, and that it is all else that is asked; null where there are no such words.</summary>
    public async Task<Condition?> BindByNameAsync(Query query, CancellationToken cancellationToken) => Binder.InName(query) is not { } inName ? null
        // A word in the name is among the words: what else the query asks is left.
        : Condition.AllOf([await _lexicon.SpellOutAsync(Connection, inName, cancellationToken), await BindAsync(QueryParser.AllOf(query.Conjuncts().Where(term => term is not Text)), cancellationToken)]);

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

    public NpgsqlBatch Command(string sql, IEnumerable<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return new NpgsqlBatch(Connection) { BatchCommands = { command } };
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
