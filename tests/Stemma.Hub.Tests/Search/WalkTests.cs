using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;
using Stemma.Hub.Search.Finding;
using Stemma.Hub.Sharing;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>Pages are the same whether hits are gathered or the newest are walked, which happens in large catalogs only.</summary>
public sealed class WalkTests(TestDatabase database)
{
    private static readonly WalkPolicy AlwaysGathers = new(double.MaxValue, 1, 1), AlwaysWalks = new(-1, 0, 1e-9), SoonTired = new OneStep();

    private sealed record OneStep() : WalkPolicy(-1, 0, 1)
    {
        public override long? Steps(double hits, double rows, double share, long take) => 1;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("gold")]
    [InlineData("gold OR steel")]
    [InlineData("gold grain")]
    [InlineData("-gold")]
    [InlineData("gold voltage:>=200kV")]
    [InlineData("voltage:300kV")]
    [InlineData("tag:b")]
    [InlineData("date:2017..2018")]
    [InlineData("date:2018 gold")]
    public async Task Walking_finds_what_gathering_finds(string query)
    {
        await using var stage = await SearchStage.SetAsync(database);
        var olga = await stage.Hub.AccountAsync("olga");
        string[] vocabulary = ["gold", "steel", "grain", "iron"];
        for (var number = 0; number < 6; number++)
        {
            var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync($"{vocabulary[number % 3]} project"), $"d{number}");
            if (number % 2 == 0)
                await stage.Administrator.MustAsync("PUT", $"nodes/{dataset}/grants/{olga.Id}", new System.Text.Json.Nodes.JsonObject { ["role"] = "guest" });
            for (var file = 0; file < 7; file++)
                await stage.FileAsync(dataset, $"{vocabulary[(file + number) % 4]}_{file}.dm3",
                    file % 3 == 0 ? new { accelerating_voltage = 300_000.0, acquisition_time = $"201{6 + (file % 4)}-05-0{1 + number}" } : new { specimen = vocabulary[file % 4], accelerating_voltage = 80_000.0 * file }, tags: file % 2 == 0 ? ["b"] : []);
        }

        await stage.IndexedAsync();
        await stage.RunAsync("analyze search_documents", new { });
        foreach (var actor in new[] { new Actor(stage.Administrator.Id, Capabilities.All, true, true, false), new Actor(olga.Id, Capabilities.All, true, false, false) })
        {
            var gathered = await NumbersAsync(stage, actor, query, AlwaysGathers, 4);
            gathered.Count.ShouldBe(gathered.Distinct().Count());
            gathered.ShouldNotBeEmpty();
            foreach (var policy in new[] { AlwaysWalks, SoonTired })
                (await NumbersAsync(stage, actor, query, policy, 4)).ShouldBe(gathered, $"{policy} {query}");
        }
    }

    [Fact]
    public void A_walk_is_taken_where_hits_are_common_and_pages_small()
    {
        var policy = WalkPolicy.Default;
        policy.Steps(hits: 500, rows: 100_000, share: 1, take: 101).ShouldBeNull();
        policy.Steps(hits: 50_000, rows: 100_000, share: 1, take: 101).ShouldBe(2_778);
        policy.Steps(hits: 50_000, rows: 1_000_000, share: 0.0001, take: 101).ShouldBeNull();
    }

    /// <summary>Of all hits, page by page, by cursors; the pages that begin at their positions are the same.</summary>
    private static async Task<List<int>> NumbersAsync(SearchStage stage, Actor actor, string query, WalkPolicy policy, int take)
    {
        var found = new List<int>();
        SearchCursor? after = null;
        while (true)
        {
            await using var session = await stage.Hub.Services.GetRequiredService<SearchSessions>().OpenAsync(actor, query, Cancelled);
            var page = await new HitList(session, SearchOrder.Relevance, policy).PageAsync(session.Query, take, after, 0, Cancelled);
            (await new HitList(session, SearchOrder.Relevance, policy).PageAsync(session.Query, take, null, found.Count, Cancelled)).Items.Select(hit => hit.Number)
                .ShouldBe(page.Items.Select(hit => hit.Number), $"{policy} {query} at {found.Count}");
            found.AddRange(page.Items.Select(hit => hit.Number));
            if (page.Items.Count < take)
                return found;
            after = new SearchCursor(page.Items[^1].Tier, page.Items[^1].Key, page.Items[^1].Number);
        }
    }
}
