using System.Text.Json;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Web;

namespace Stemma.Hub.Rereading;

/// <summary>Notes how reading a set again came out, in the transaction of the result. The batch's sums are made later by one writer, so that results do not wait for each other.</summary>
internal static class RereadOutcomes
{
    /// <param name="rereading">The batch; null: somebody had this one set read again, which is noted where it came out differently.</param>
    /// <param name="difference">Null: nothing was read before, or other members.</param>
    public static void Add(NpgsqlBatch batch, Guid set, Guid? rereading, EarlierReading? earlier, ReadingDifference? difference, ReaderMark mark)
    {
        var changes = JsonSerializer.SerializeToElement(difference?.Changes ?? [], WireJson.Options);
        var before = JsonSerializer.SerializeToElement(earlier?.Mark, WireJson.Options);
        var after = JsonSerializer.SerializeToElement(mark, WireJson.Options);
        if (rereading is { } id)
            batch.Add("""
                update rereading_files set outcome = $3, before = $4, after = $5, changes = $6, change_count = $7, keys = $8, at = now()
                where rereading_id = $1 and file_set_id = $2 and outcome = 'waiting'
                """, id, set, Outcome(earlier, difference), before, after, changes, difference?.Count ?? 0, difference?.Keys ?? []);
        else if (difference is { Count: > 0 })
            batch.Add("""
                insert into rereading_files (id, file_set_id, outcome, before, after, changes, change_count, keys, is_counted) values ($1, $2, 'changed', $3, $4, $5, $6, $7, true)
                """, Guid.CreateVersion7(), set, before, after, changes, difference.Count, difference.Keys);
    }

    private static string Outcome(EarlierReading? earlier, ReadingDifference? difference) => (earlier, difference) switch
    {
        (null, _) => "newly_read",
        (_, null) => "overtaken",
        (_, { Count: > 0 }) => "changed",
        _ => "same",
    };

    /// <summary>The result was dropped.</summary>
    public static void AddOvertaken(NpgsqlBatch batch, Guid set, Guid? rereading) =>
        batch.Add("update rereading_files set outcome = 'overtaken', at = now() where rereading_id = $1 and file_set_id = $2 and outcome = 'waiting'", rereading, set);
}
