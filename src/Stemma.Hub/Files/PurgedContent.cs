using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Files;

/// <summary>
/// Takes the content of what was purged away, in pieces: what reading gave, what was marked in images, links to shares, tasks, and the files' hold on their bytes. Of a set its name, size and digests stay.
/// Every piece is a transaction that can be done again; several hubs take different objects.
/// </summary>
internal sealed class PurgedContent(NpgsqlDataSource database, TimeProvider clock)
{
    private const int PieceSets = 100;

    /// <summary>Takes the next piece away.</summary>
    /// <returns>False: there is none, or other hubs are at them.</returns>
    public async Task<bool> ClearNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.RowAsync<Guid?>("select object_id from clearings order by decided_at, object_id limit 1 for update skip locked", null, cancellationToken) is not { } cleared)
            return false;
        // The set itself; or sets of a dataset that were not thrown away by themselves before: those have an end of their own.
        var sets = (await connection.RowsAsync<Guid>($"""
            select id from file_sets where id = @cleared
            union all
            (select id from file_sets where dataset_id = @cleared and trashed_at is null order by grouping_key limit {PieceSets})
            """, new { cleared }, cancellationToken)).ToArray();
        await ClearAsync(connection, sets, cancellationToken);
        await connection.RunAsync($"""
            delete from clearings where object_id = @cleared
            and not exists (select from file_sets where dataset_id = @cleared and trashed_at is null)
            """, new { cleared }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task ClearAsync(NpgsqlConnection connection, Guid[] sets, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Tasks come before sets: claims and results lock them in this order. A result on its way finds its attempt void.
        batch.Add("""
            update tasks set state = 'cancelled', note = 'the files were removed for good', finished_at = now(), lease_until = null
            where state in ('queued', 'running') and (subject_id = any ($1) or subject_id in (select id from files where file_set_id = any ($1)))
            """, sets);
        batch.Add("""
            update file_sets s set extraction_id = null, reading_note = null, tags = '{}', version = s.version + 1, purged_at = coalesce(s.purged_at, $2),
                   trashed_at = coalesce(s.trashed_at, d.trashed_at), trashed_by = coalesce(s.trashed_by, d.trashed_by), trash_id = coalesce(s.trash_id, d.trash_id)
            from nodes d where s.id = any ($1) and d.id = s.dataset_id
            """, sets, clock.GetUtcNow());
        batch.Add("delete from annotations where file_set_id = any ($1)", sets);
        batch.Add("delete from artifacts where extraction_id in (select id from extractions where file_set_id = any ($1))", sets);
        batch.Add("delete from images where file_set_id = any ($1)", sets);
        batch.Add("delete from extractions where file_set_id = any ($1)", sets);
        batch.Add("delete from rereading_files where file_set_id = any ($1)", sets);
        batch.Add("delete from unread_file_sets where file_set_id = any ($1)", sets);
        batch.Add("delete from remarks where object_id = any ($1)", sets);
        batch.Add("delete from awaited_members where file_set_id = any ($1)", sets);
        batch.Add("delete from field_values where object_id = any ($1)", sets);
        batch.Add("delete from linked_files where file_id in (select id from files where file_set_id = any ($1))", sets);
        batch.Add("update files set blob_sha256 = null, is_current = false where file_set_id = any ($1) and (blob_sha256 is not null or is_current)", sets);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
