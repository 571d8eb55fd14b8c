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

    /// <param name="after">Where the page before ended; null: at the beginning, or at <paramref name="skip"/>.</param>
    /// <param name="skip">How many hits are passed over.</param>
    public async Task<Hits> PageAsync(Query query, int take, SearchCursor? after, int skip, CancellationToken cancellationToken)
    {
        var condition = await session.BindAsync(query, cancellationToken);
        if (session.Reach.IsEmpty || condition == Condition.False)
            return new Hits([], 0, null);
        if (condition is Condition.All { Terms.IsEmpty: true })
            return new Hits((await WalkAsync(condition, null, new Window(1, take, after, skip, null), cancellationToken))!, after is null ? await CountAllAsync(cancellationToken) : null, null);
        var named = order == SearchOrder.Relevance ? await session.BindByNameAsync(query, cancellationToken) : null;
        return (order.IsNewest && (named is null || skip == 0) ? await WalkAsync(condition, named, take, after, skip, cancellationToken) : null)
            ?? await GatherAsync(condition, named, take, after, skip, cancellationToken);
    }

    /// <summary>How many hits there are, or about.</summary>
    public async Task<Hits> CountAsync(Query query, CancellationToken cancellationToken)
    {
        var condition = await session.BindAsync(query, cancellationToken);
        if (session.Reach.IsEmpty || condition == Condition.False)
            return new Hits([], 0, null);
        if (condition is Condition.All { Terms.IsEmpty: true })
            return new Hits([], await CountAllAsync(cancellationToken), null);
        if (await session.EstimateAsync([condition], cancellationToken) is [> CountUpTo and var estimate])
            return new Hits([], null, (long)(estimate * session.Reach.Share));
        return new Hits([], await CountAsync(condition, cancellationToken), null);
    }

    /// <summary>The newest until the page is full, where that takes less than gathering all hits.</summary>
    /// <returns>Null where it does not.</returns>
    private async Task<Hits?> WalkAsync(Condition condition, Condition? named, int take, SearchCursor? after, int skip, CancellationToken cancellationToken)
    {
        var estimates = await session.EstimateAsync([condition, condition.Newest, named ?? Condition.False], cancellationToken);
        var (estimate, all, ofNamed) = (estimates[0], estimates[1], estimates[2]);
        long? Steps(double hits) => _policy.Steps(hits, all, session.Reach.Share, (long)take + skip);
        if (Steps(estimate) is not { } steps)
            return null;
        var about = (long)(estimate * session.Reach.Share);
        if (named is null)
            return await WalkAsync(condition, null, new Window(1, take, after, skip, steps), cancellationToken) is { } found ? new Hits(found, null, about) : null;
        var hits = new List<Hit>();
        if (after is null or { Tier: 0 })
        {
            var first = Steps(ofNamed) is { } few ? await WalkAsync(named, null, new Window(0, take, after, 0, few), cancellationToken) : null;
            hits.AddRange(first ?? [.. (await GatherAsync(named, null, take, after is null ? null : after with { Tier = 1 }, 0, cancellationToken)).Items.Select(hit => hit with { Tier = 0 })]);
            after = null;
        }

        if (hits.Count == take)
            return new Hits(hits, null, about);
        return await WalkAsync(condition, named, new Window(1, take - hits.Count, after, 0, steps), cancellationToken) is { } others ? new Hits([.. hits, .. others], null, about) : null;
    }

    /// <param name="named">Those of the hits whose names match.</param>
    private async Task<Hits> GatherAsync(Condition condition, Condition? named, int take, SearchCursor? after, int skip, CancellationToken cancellationToken)
    {
        var parameters = new List<object>();
        var access = session.Reach.ToCondition();
        var hits = Condition.AllOf([condition, access]).ToSql(parameters);
        var names = named is null ? "" : $", named as materialized (select d.number from search_documents d where {Condition.AllOf([named, access]).ToSql(parameters)})";
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

        parameters.AddRange([take, skip]);
        await using var command = session.Command($"""
            with hits as materialized (select d.number, {order.Key} as key from search_documents d where {hits}){names},
            ranked as (select h.number, h.key, {tier} as tier from hits h)
            select number, tier, r.key, (select count(*) from hits) from ranked r where {paging} order by tier, r.key {direction} nulls last, number {direction}
            limit ${parameters.Count - 1} offset ${parameters.Count}
            """, parameters);
        var items = new List<Hit>();
        long total = 0;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
            {
                items.Add(new Hit(reader.GetInt32(0), reader.GetInt32(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetValue(2)));
                total = reader.GetInt64(3);
            }

        // Past the end no row says how many there are.
        return new Hits(items, items.Count == 0 && skip > 0 ? await CountAsync(condition, cancellationToken) : total, null);
    }

    private async Task<long> CountAsync(Condition condition, CancellationToken cancellationToken)
    {
        await using var command = session.Command("select count(*) from search_documents d where ", Condition.AllOf([condition, session.Reach.ToCondition()]), "");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A part of the list.</summary>
    /// <param name="Steps">How many rows may be looked at; null: all.</param>
    private sealed record Window(int Tier, int Take, SearchCursor? After, int Skip, long? Steps);

    /// <param name="without">What was shown before.</param>
    /// <returns>Null where the page is not full after so many steps.</returns>
    private async Task<List<Hit>?> WalkAsync(Condition condition, Condition? without, Window window, CancellationToken cancellationToken)
    {
        var parameters = new List<object>();
        // The dataset first: it lies in the row, and the words lie apart. In a case, so that the planner keeps to it.
        var where = $"case when {session.Reach.ToCondition().ToSql(parameters)} then {Condition.AllOf(without is null ? [condition] : [condition, new Condition.None(without)]).ToSql(parameters)} else false end";
        var (direction, compare) = order.Descending ? ("desc", "<") : ("asc", ">");
        var within = order.IsNewest ? condition.Newest.ToSql(parameters) : "true";
        if (window.After is { Key: { } key })
        {
            parameters.AddRange([key, window.After.Number]);
            var beyond = $"({order.Key}, d.number) {compare} (${parameters.Count - 1}, ${parameters.Count})";
            within += order.IsNewest ? $" and {beyond}" : $" and ({order.Key} is null or {beyond})";
        }
        else if (window.After is not null)
        {
            parameters.Add(window.After.Number);
            within += $" and {order.Key} is null and d.number {compare} ${parameters.Count}";
        }

        parameters.AddRange([window.Take, window.Skip]);
        // Every row has its newest, and the index serves its order only where nothing is said of those without.
        var inOrder = $"order by {order.Key} {direction}{(order.IsNewest ? "" : " nulls last")}, d.number {direction}";
        var rows = window.Steps is null ? $"search_documents d where {within} and" : $"(select d.* from search_documents d where {within} {inOrder} limit {window.Steps}) d where";
        await using var command = session.Command($"select d.number, {order.Key} from {rows} {where} {inOrder} limit ${parameters.Count - 1} offset ${parameters.Count}", parameters);
        var items = new List<Hit>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new Hit(reader.GetInt32(0), window.Tier, await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetValue(1)));
        return window.Steps is null || items.Count == window.Take ? items : null;
    }

    private async Task<long> CountAllAsync(CancellationToken cancellationToken)
    {
        await using var command = session.Command("select coalesce(sum(count), 0) from search_dataset_values d where d.code = 0 and ", session.Reach.ToCondition(), "");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
