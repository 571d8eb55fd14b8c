using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search.Finding;

/// <summary>Which documents are on a page, and in which order.</summary>
internal sealed class HitList(SearchSession session, SearchOrder order)
{
    /// <summary>Up to about so many hits all are gathered, counted and sorted. Beyond, the newest are walked until the page is full: then each step finds one soon.</summary>
    private const double GatherUpTo = 60_000;

    /// <summary>A walk that would look at more rows than this costs more than gathering.</summary>
    private const double WalkUpTo = 30_000;

    internal sealed record Hit(int Number, int Tier, string? Key);

    /// <param name="Total">How many hits there are; null where they were not gathered.</param>
    /// <param name="About">Then about how many.</param>
    internal sealed record Hits(IReadOnlyList<Hit> Items, long? Total, long? About);

    public async Task<Hits> PageAsync(Query query, int take, SearchCursor? after, CancellationToken cancellationToken)
    {
        var condition = await session.BindAsync(query, cancellationToken);
        if (session.Reach.IsEmpty || condition == Condition.False)
            return new Hits([], 0, null);
        // A word in the name is among the words: what else the query asks is left.
        var named = order == SearchOrder.Relevance && Binder.InName(query) is { } inName
            ? Condition.AllOf([inName, await session.BindAsync(QueryParser.AllOf(query.Conjuncts().Where(term => term is not Text)), cancellationToken)]) : null;
        var isAll = condition is Condition.All { Terms.IsEmpty: true };
        var estimate = isAll ? double.MaxValue : await session.EstimateAsync(condition, cancellationToken);
        var all = await session.EstimateAsync(Condition.True, cancellationToken);
        bool Walks(double hits) => hits > GatherUpTo && take * all / Math.Max(1, Math.Min(hits, all) * session.Reach.Share) < WalkUpTo;
        if (!isAll && !(order.IsNewest && Walks(estimate)))
            return await GatherAsync(condition, named, take, after, cancellationToken);

        var about = isAll ? null : (long?)(estimate * session.Reach.Share);
        var total = isAll && after is null ? await CountAllAsync(cancellationToken) : (long?)null;
        if (named is null)
            return new Hits(await WalkAsync(condition, null, 1, take, after, cancellationToken), total, about);
        var hits = new List<Hit>();
        if (after is null or { Tier: 0 })
        {
            hits.AddRange(Walks(await session.EstimateAsync(named, cancellationToken))
                ? await WalkAsync(named, null, 0, take, after, cancellationToken)
                : (await GatherAsync(named, null, take, after is null ? null : after with { Tier = 1 }, cancellationToken)).Items.Select(hit => hit with { Tier = 0 }));
            after = null;
        }

        if (hits.Count < take)
            hits.AddRange(await WalkAsync(condition, named, 1, take - hits.Count, after, cancellationToken));
        return new Hits(hits, total, about);
    }

    /// <param name="named">Those of the hits whose names match.</param>
    private async Task<Hits> GatherAsync(Condition condition, Condition? named, int take, SearchCursor? after, CancellationToken cancellationToken)
    {
        var parameters = new List<object>();
        var access = session.Reach.ToCondition();
        var hits = Rows.Of(Condition.AllOf([condition, access]), parameters);
        var names = named is null ? "" : $", named as materialized (select d.number from {Rows.Of(Condition.AllOf([named, access]), parameters)})";
        var tier = named is null ? "1" : "case when h.number in (select number from named) then 0 else 1 end";
        var (direction, compare) = order.Descending ? ("desc", "<") : ("asc", ">");
        var paging = "true";
        if (after is not null)
        {
            parameters.AddRange([after.Tier, after.Number]);
            var (tierAt, numberAt) = ($"${parameters.Count - 1}", $"${parameters.Count}");
            if (after.Key is null)
                paging = $"(tier > {tierAt} or tier = {tierAt} and key is null and number {compare} {numberAt})";
            else
            {
                parameters.Add(after.Key);
                paging = $"(tier > {tierAt} or tier = {tierAt} and (key is null or (key, number) {compare} (${parameters.Count}::text::{order.Type}, {numberAt})))";
            }
        }

        parameters.Add(take);
        await using var command = session.Command($"""
            with hits as materialized (select d.number, {order.Key} as key from {hits}){names},
            ranked as (select h.number, h.key, {tier} as tier from hits h)
            select number, tier, r.key::text as written, (select count(*) from hits) from ranked r where {paging} order by tier, r.key {direction} nulls last, number {direction} limit ${parameters.Count}
            """, parameters);
        var items = new List<Hit>();
        long total = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(new Hit(reader.GetInt32(0), reader.GetInt32(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2)));
            total = reader.GetInt64(3);
        }

        return new Hits(items, total, null);
    }

    /// <param name="without">What was shown before.</param>
    private async Task<List<Hit>> WalkAsync(Condition condition, Condition? without, int tier, int take, SearchCursor? after, CancellationToken cancellationToken)
    {
        var parameters = new List<object>();
        // The dataset first: it lies in the row, and the words lie apart. In a case, so that the planner keeps to it.
        var where = $"case when {session.Reach.ToCondition().ToSql(parameters)} then {Condition.AllOf(without is null ? [condition] : [condition, new Condition.None(without)]).ToSql(parameters)} else false end";
        var (direction, compare) = order.Descending ? ("desc", "<") : ("asc", ">");
        if (after is { Key: { } key })
        {
            parameters.AddRange([key, after.Number]);
            var beyond = $"({order.Key}, d.number) {compare} (${parameters.Count - 1}::text::{order.Type}, ${parameters.Count})";
            // Every row has its newest: without the alternative the index takes up where the page before ended.
            where += order.IsNewest ? $" and {beyond}" : $" and ({order.Key} is null or {beyond})";
        }
        else if (after is not null)
        {
            parameters.Add(after.Number);
            where += $" and {order.Key} is null and d.number {compare} ${parameters.Count}";
        }

        parameters.Add(take);
        await using var command = session.Command($"""
            select d.number, ({order.Key})::text from search_documents d where {where} order by {order.Key} {direction} nulls last, d.number {direction} limit ${parameters.Count}
            """, parameters);
        var items = new List<Hit>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new Hit(reader.GetInt32(0), tier, await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1)));
        return items;
    }

    private async Task<long> CountAllAsync(CancellationToken cancellationToken)
    {
        await using var command = session.Command("select coalesce(sum(count), 0) from search_dataset_values d where d.code = 0 and ", session.Reach.ToCondition(), "");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
