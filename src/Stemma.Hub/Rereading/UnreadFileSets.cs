using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Rereading;

/// <summary>Remembers what could not be read, and which readers tried: newer ones may.</summary>
internal static class UnreadFileSets
{
    /// <param name="reading">no_reader or failed.</param>
    /// <param name="generation">Of the readers that tried; null: not known.</param>
    public static Task NoteAsync(NpgsqlConnection connection, Guid set, string reading, int? generation, CancellationToken cancellationToken) => connection.RunAsync("""
        insert into unread_file_sets (file_set_id, reading, generation) values (@set, @reading, @generation)
        on conflict (file_set_id) do update set reading = excluded.reading, generation = excluded.generation
        """, new { set, reading, generation }, cancellationToken);

    /// <summary>It was read.</summary>
    public static void Forget(NpgsqlBatch batch, Guid set) => batch.Add("delete from unread_file_sets where file_set_id = $1", set);
}
