using Npgsql;
using NpgsqlTypes;

namespace Stemma.Bench.Catalog;

/// <summary>Rows of one table by binary COPY.</summary>
internal static class CopyRows
{
    /// <param name="columns">As in the statement: name, and the type that its values have.</param>
    /// <param name="rows">Values in the order of the columns; null: nothing recorded.</param>
    public static async Task CopyAsync(this NpgsqlConnection connection, string table, (string Name, NpgsqlDbType Type)[] columns, IEnumerable<object?[]> rows)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({string.Join(", ", columns.Select(column => column.Name))}) from stdin (format binary)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            foreach (var (place, value) in row.Index())
                if (value is null)
                    await copy.WriteNullAsync();
                else
                    await copy.WriteAsync(value, columns[place].Type);
        }

        await copy.CompleteAsync();
    }
}
