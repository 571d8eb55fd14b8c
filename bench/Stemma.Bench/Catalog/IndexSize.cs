using Npgsql;

namespace Stemma.Bench.Catalog;

/// <summary>What the index of all files takes on the disk, table by table and index by index.</summary>
internal static class IndexSize
{
    public static async Task TellAsync(Report report, NpgsqlConnection connection, int files, string size)
    {
        await using var command = new NpgsqlCommand("""
            select c.relname, pg_total_relation_size(c.oid) from pg_class c where c.relname like 'search\_%' and c.relkind = 'r' and c.relname <> 'search_changes'
            union all
            select c.relname || ' (rows and words only)', pg_table_size(c.oid) from pg_class c where c.relname = 'search_documents'
            union all
            select i.relname, pg_relation_size(i.oid) from pg_class c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid where c.relname like 'search\_%' and pg_relation_size(i.oid) >= 1 << 20
            order by 2 desc
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            report.Add(new SizeMeasurement("catalog", $"{size}: {reader.GetString(0)}", reader.GetInt64(1), reader.GetInt64(1) / files));
    }
}
