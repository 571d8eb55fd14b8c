using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Search.Indexing;

/// <summary>Queues what has words of a field or of a person that are called otherwise from now on. In the transaction of that change.</summary>
internal static class FieldWordsChanged
{
    public static Task<int> OfFieldsAsync(NpgsqlConnection connection, Guid[] fields, CancellationToken cancellationToken) => connection.RunAsync("""
        insert into search_changes (object_id, is_node)
        select distinct v.object_id, v.object_kind <> 'file-set' from field_values v where v.field_id = any (@fields) and v.ended_at is null
        """, new { fields }, cancellationToken);

    public static Task<int> OfPersonAsync(NpgsqlConnection connection, Guid person, CancellationToken cancellationToken) => connection.RunAsync("""
        insert into search_changes (object_id, is_node)
        select distinct v.object_id, v.object_kind <> 'file-set' from field_values v where v.person_id = @person and v.ended_at is null
        """, new { person }, cancellationToken);
}
