using Dapper;
using Npgsql;

namespace Stemma.Hub.Database;

/// <summary>Dapper with the cancellation token where it belongs: last.</summary>
internal static class SqlExtensions
{
    static SqlExtensions() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public static async Task<List<T>> RowsAsync<T>(this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();

    /// <summary>The first row; null (or the type's default) where there is none.</summary>
    public static Task<T?> RowAsync<T>(this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));

    /// <returns>How many rows were changed.</returns>
    public static Task<int> RunAsync(this NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
