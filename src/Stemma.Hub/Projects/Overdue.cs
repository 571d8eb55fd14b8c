using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Projects;

/// <summary>Something that has been in the trash for longer than its grace period.</summary>
internal sealed record Overdue
{
    private const int PageRows = 100;

    public Guid Id { get; init; }

    /// <value>Where it was: the node above; null for a project or space.</value>
    public Guid? HomeId { get; init; }

    public DateTime TrashedAt { get; init; }

    /// <summary>What was thrown away until <c>Due</c> has been in the trash for longer than its grace period.</summary>
    public static (DateTimeOffset Due, DateTimeOffset Now) Limits(HubOptions options, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return (now.AddDays(-options.TrashDays), now);
    }

    /// <summary>Ends one after the other, the longest in the trash first; what came to be bound or was put back meanwhile is passed over.</summary>
    /// <param name="alias">Of the table in <paramref name="due"/>, with columns id and trashed_at.</param>
    /// <param name="home">Its column that names the node above.</param>
    /// <param name="due">From <c>from</c> on; parameters <c>@due</c> (thrown away until then) and <c>@now</c>.</param>
    /// <param name="end">Decides under its own locks; false where nothing was ended.</param>
    /// <returns>How many were ended.</returns>
    public static async Task<int> EndEachAsync(
        NpgsqlDataSource database, string alias, string home, string due, HubOptions options, TimeProvider clock,
        Func<NpgsqlConnection, Overdue, Task<bool>> end, CancellationToken cancellationToken)
    {
        var ended = 0;
        var (afterTime, after) = (DateTime.MinValue.ToUniversalTime(), Guid.Empty);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var limits = Limits(options, clock);
            var page = await connection.RowsAsync<Overdue>($"""
                select {alias}.id, {alias}.{home} as home_id, {alias}.trashed_at {due} and ({alias}.trashed_at, {alias}.id) > (@afterTime, @after)
                order by {alias}.trashed_at, {alias}.id limit {PageRows}
                """, new { limits.Due, limits.Now, afterTime, after }, cancellationToken);
            foreach (var row in page)
                if (await end(connection, row))
                    ended++;
            if (page.Count < PageRows)
                return ended;
            (afterTime, after) = (page[^1].TrashedAt, page[^1].Id);
        }
    }
}
