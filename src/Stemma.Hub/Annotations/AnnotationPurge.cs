using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Annotations;

/// <summary>Deletes annotations that were removed longer ago than the trash keeps things, except where a hold or a keeping duty binds their file set. Events tell what they were.</summary>
internal sealed class AnnotationPurge(NpgsqlDataSource database, HubOptions options, TimeProvider clock)
{
    /// <returns>How many went.</returns>
    public async Task<int> PurgeDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.RunAsync("""
            with bound as (
                select s.id, s.legal_hold or above.legal_hold or coalesce(greatest(s.retain_until, above.retain_until) > @now, false) as is_bound
                from (select distinct file_set_id from annotations where removed_at <= @due) due
                join file_sets s on s.id = due.file_set_id cross join lateral duties_above(s.dataset_id) above)
            delete from annotations a using bound where a.file_set_id = bound.id and not bound.is_bound and a.removed_at <= @due
            """, new { due = now.AddDays(-options.TrashDays), now }, cancellationToken);
    }
}
