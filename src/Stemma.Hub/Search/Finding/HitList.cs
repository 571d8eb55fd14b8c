using Stemma.Hub.Search.Language;

namespace Stemma.Hub.Search.Finding;

/// <summary>Which documents are on a page, and in which order.</summary>
internal sealed class HitList(SearchSession session, SearchOrder order, WalkPolicy? policy = null)
{
    private readonly WalkPolicy _policy = policy ?? WalkPolicy.Default;

    /// <summary>How many hits are gathered only to be counted. Beyond, an estimate does.</summary>
    private const double CountUpTo = 100_000;

    /// <param name="Key">By which hits are ordered; null where the row has none.</param>
    internal sealed record Hit(int Number, int Tier, object? Key);

    /// <param name="Total">How many hits there are; null where they were not gathered.</param>
    /// <param name="About">Then about how many.</param>
    internal sealed record Hits(IReadOnlyList<Hit> Items, long? Total, long? About);

    public async Task<Hits> PageAsync(Query query, int take, SearchCursor? after, CancellationToken cancellationToken)
    {
        var condition = await session.BindAsync(query, cancellationToken);
        if (session.Reach.IsEmpty || condition == Condition.False)
            return new Hits([], 0, null);
        if (condition is Condition.All { Terms.IsEmpty: true })
            return new Hits((await WalkAsync(condition, null, 1, take, after, null, cancellationToken))!, after is null ? await CountAllAsync(cancellationToken) : null, null);
        // A word in the name is among the words: what else the query asks is left.
        var named = order == SearchOrder.Relevance && Binder.InName(query) is { } inName
            ? Condition.AllOf([inName, await session.BindAsync(QueryParser.AllOf(query.Conjuncts().Where(term => term is not Text)), cancellationToken)]) : null;
        return (order.IsNewest ? await WalkAsync(condition, named, take, after, cancellationToken) : null) ?? await GatherAsync(condition, named, take, after, cancellationToken);
    }

    /// <summary>How many hits there are, or about.</summary>
    public async Task<Hits> CountAsync(Query query, CancellationToken cancellationToken)
    {
        var condition = await session.BindAsync(query, cancellationToken);
        if (session.Reach.IsEmpty || condition == Condition.False)
            return new Hits([], 0, null);
        if (condition is Condition.All { Terms.IsEmpty: true })
            return new Hits([], await CountAllAsync(cancellationToken), null);
        if (await session.EstimateAsync(condition, cancellationToken) is > CountUpTo and var estimate)
            return new Hits([], null, (long)(estimate * session.Reach.Share));
        var parameters = new List<object>();
        await using var command = session.Command($"select count(*) from {Rows.Of(Condition.AllOf([condition, session.Reach.ToCondition()]), parameters)}", parameters);
        return new Hits([], (long)(await command.ExecuteScalarAsync(cancellationToken))!, null);
    }

    /// <summary>The newest until the page is full, where that takes less than gathering all hits.</summary>
    /// <returns>Null where it does not.</returns>
    private async Task<Hits?> WalkAsync(Condition condition, Condition? named, int take, SearchCursor? after, CancellationToken cancellationToken)
    {
        var estimate = await session.EstimateAsync(condition, cancellationToken);
        var all = await session.EstimateAsync(Condition.True, cancellationToken);
        long? Steps(double hits) => _policy.Steps(hits, all, session.Reach.Share, take);
        if (Steps(estimate) is not { } steps)
            return null;
        var about = (long)(estimate * session.Reach.Share);
        if (named is null)
            return await WalkAsync(condition, null, 1, take, after, steps, cancellationToken) is { } found ? new Hits(found, null, about) : null;
        var hits = new List<Hit>();
        if (after is null or { Tier: 0 })
        {
            var first = Steps(await session.EstimateAsync(named, cancellationToken)) is { } few ? await WalkAsync(named, null, 0, take, after, few, cancellationToken) : null;
            hits.AddRange(first ?? [.. (await GatherAsync(named, null, take, after is null ? null : after with { Tier = 1 }, cancellationToken)).Items.Select(hit => hit with { Tier = 0 })]);
            after = null;
        }

        if (hits.Count == take)
            return new Hits(hits, null, about);
        return await WalkAsync(condition, named, 1, take - hits.Count, after, steps, cancellationToken) is { } others ? new Hits([.. hits, .. others], null, about) : null;
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
                paging = $"(tier > {tierAt} or tier = {tierAt} and (key is null or (key, number) {compare} (${parameters.Count}, {numberAt})))";
            }
        }

        parameters.Add(take);
        await using var command = session.Command($"""
            with hits as materialized (select d.number, {order.Key} as key from {hits}){names},
            ranked as (select h.number, h.key, {tier} as tier from hits h)
            select number, tier, r.key, (select count(*) from hits) from ranked r where {paging} order by tier, r.key {direction} nulls last, number {direction} limit ${parameters.Count}
            """, parameters);
        var items = new List<Hit>();
        long total = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(new Hit(reader.GetInt32(0), reader.GetInt32(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetValue(2)));
            total = reader.GetInt64(3);
        }

        return new Hits(items, total, null);
    }

    /// <param name="without">What was shown before.</param>
    /// <param name="steps">How many rows may be looked at; null: all.</param>
    /// <returns>Null where the page is not full after so many.</returns>
    private async Task<List<Hit>?> WalkAsync(Condition condition, Condition? without, int tier, int take, SearchCursor? after, long? steps, CancellationToken cancellationToken)
    {
        var parameters = new List<object>();
        // The dataset first: it lies in the row, and the words lie apart. In a case, so that the planner keeps to it.
        var where = $"case when {session.Reach.ToCondition().ToSql(parameters)} then {Condition.AllOf(without is null ? [condition] : [condition, new Condition.None(without)]).ToSql(parameters)} else false end";
        var (direction, compare) = order.Descending ? ("desc", "<") : ("asc", ">");
        var beyond = "true";
        if (after is { Key: { } key })
        {
            parameters.AddRange([key, after.Number]);
            beyond = $"({order.Key}, d.number) {compare} (${parameters.Count - 1}, ${parameters.Count})";
            if (!order.IsNewest)
                beyond = $"({order.Key} is null or {beyond})";
        }
        else if (after is not null)
        {
            parameters.Add(after.Number);
            beyond = $"{order.Key} is null and d.number {compare} ${parameters.Count}";
        }

        parameters.Add(take);
        // Every row has its newest, and the index serves its order only where nothing is said of those without.
        var inOrder = $"order by {order.Key} {direction}{(order.IsNewest ? "" : " nulls last")}, d.number {direction}";
        var rows = steps is null ? $"search_documents d where {beyond} and" : $"(select d.* from search_documents d where {beyond} {inOrder} limit {steps}) d where";
        await using var command = session.Command($"select d.number, {order.Key} from {rows} {where} {inOrder} limit ${parameters.Count}", parameters);
        var items = new List<Hit>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new Hit(reader.GetInt32(0), tier, await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetValue(1)));
        return steps is null || items.Count == take ? items : null;
    }

    private async Task<long> CountAllAsync(CancellationToken cancellationToken)
    {
        await using var command = session.Command("select coalesce(sum(count), 0) from search_dataset_values d where d.code = 0 and ", session.Reach.ToCondition(), "");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
