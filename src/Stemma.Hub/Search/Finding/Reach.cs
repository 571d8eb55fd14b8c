using Npgsql;
using Stemma.Hub.Accounts;

namespace Stemma.Hub.Search.Finding;

/// <summary>The datasets that an actor sees now, by their numbers. A search names them; the index itself knows nothing of access.</summary>
/// <param name="Datasets">Seen.</param>
/// <param name="Hidden">Those that are not, and those in the trash.</param>
/// <param name="Scopes">Where the actor may see.</param>
internal sealed record Reach(int[] Datasets, int[] Hidden, Guid[] Scopes)
{
    /// <summary>Up to this many the index on the dataset may be of use; beyond, planning with the list would cost more than it brings.</summary>
    private const int Few = 200;

    /// <summary>SQL of a common table expression of those scopes; <c>@Scopes</c> is their list. Unnested, so that planning does not look at each.</summary>
    public const string Mine = "mine as materialized (select unnest(@Scopes) as scope_id)";

    public bool IsEmpty => Datasets.Length == 0;

    /// <summary>How much of all is seen, between 0 and 1.</summary>
    public double Share => (double)Datasets.Length / Math.Max(1, Datasets.Length + Hidden.Length);

    public static async Task<Reach> OfAsync(NpgsqlConnection connection, Actor actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with mine as materialized (select scope_id from scopes_of($1, $2) where capabilities & 1 <> 0),
            all_datasets as (select n.number, n.trashed_at is null and n.scope_id in (select scope_id from mine) as is_seen from nodes n where n.kind = 'dataset')
            select coalesce(array_agg(number) filter (where is_seen), '{}'), coalesce(array_agg(number) filter (where not is_seen), '{}'), (select coalesce(array_agg(scope_id), '{}') from mine)
            from all_datasets
            """, connection) { Parameters = { new() { Value = actor.Id }, new() { Value = actor.Mask } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Reach(reader.GetFieldValue<int[]>(0), reader.GetFieldValue<int[]>(1), reader.GetFieldValue<Guid[]>(2));
    }

    /// <summary>A row d lies where the actor sees it. The shorter list is named.</summary>
    public Condition ToCondition() => this switch
    {
        { IsEmpty: true } => Condition.False,
        { Hidden.Length: 0 } => Condition.True,
        _ when Hidden.Length < Datasets.Length => new Condition.Sql("d.dataset + 0 <> all ({0})", Hidden),
        { Datasets.Length: <= Few } => new Condition.Sql("d.dataset = any ({0})", Datasets),
        _ => new Condition.Sql("d.dataset + 0 = any ({0})", Datasets),
    };

    /// <summary>Only what lies in these.</summary>
    public Reach Within(IEnumerable<int> datasets)
    {
        var kept = datasets.ToHashSet();
        return new Reach([.. Datasets.Where(kept.Contains)], [.. Hidden, .. Datasets.Where(dataset => !kept.Contains(dataset))], Scopes);
    }
}
