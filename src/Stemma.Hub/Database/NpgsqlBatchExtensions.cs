using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Stemma.Hub.Database;

internal static class NpgsqlBatchExtensions
{
    /// <summary>Adds a statement with positional parameters; a <see cref="JsonElement"/> becomes jsonb, null becomes NULL.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter switch
            {
                JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
                JsonElement json => new NpgsqlParameter { Value = SqlText.Clean(json.GetRawText()), NpgsqlDbType = NpgsqlDbType.Jsonb },
                _ => new NpgsqlParameter { Value = parameter ?? DBNull.Value },
            });
        batch.BatchCommands.Add(command);
    }
}
