using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>Cursors come from strangers as well: whatever they hold, the answer is a page or says what is wrong.</summary>
public sealed class SearchCursorTests(TestDatabase database)
{
    private static async Task<SearchStage> StageAsync(TestDatabase database)
    {
        var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        for (var file = 0; file < 5; file++)
            await stage.FileAsync(dataset, $"f{file}.dm3", file == 4 ? null : new { pixel_size = (1 + file / 2) * 1.1e-10, instrument = $"Titan {file / 2}", acquisition_time = $"201{file / 2}-03-01T10:00:00.123456" });
        await stage.IndexedAsync();
        return stage;
    }

    [Fact]
    public async Task Pages_of_every_kind_of_key_follow_each_other_in_both_directions()
    {
        await using var stage = await StageAsync(database);
        foreach (var sort in new[] { "relevance", "newest", "-newest", "name", "size", "pixel_size", "-pixel_size", "instrument", "-instrument", "date", "-date", "added" })
            foreach (var query in new[] { "", "dm3" })
                (await stage.NamesAsync(query, more: $"&sort={sort}", limit: 1)).ShouldBe(await stage.NamesAsync(query, more: $"&sort={sort}"), sort);
    }

    [Fact]
    public async Task A_page_at_a_position_is_what_stands_there_in_the_whole_list()
    {
        await using var stage = await StageAsync(database);
        foreach (var sort in new[] { "relevance", "newest", "-pixel_size", "instrument" })
            foreach (var query in new[] { "", "dm3" })
            {
                var all = await stage.NamesAsync(query, more: $"&sort={sort}");
                for (var offset = 0; offset <= all.Count; offset++)
                    (await stage.SearchAsync(query, more: $"&sort={sort}&limit=2&offset={offset}"))["items"]!.AsArray().Select(item => (string)item!["file"]!["name"]!).ShouldBe(all.Skip(offset).Take(2), $"{query} {sort} {offset}");
            }

        foreach (var query in new[] { "", "dm3" })
        {
            var past = await stage.SearchAsync(query, more: $"&offset={int.MaxValue}");
            past["items"]!.AsArray().ShouldBeEmpty();
            ((long)past["total"]!).ShouldBe((await stage.NamesAsync(query)).Count, query);
        }

        var cursor = (string)(await stage.SearchAsync("", more: "&limit=2"))["next"]!;
        await stage.Administrator.MustFailAsync(400, "invalid", "GET", $"search?q=&offset=2&cursor={cursor}");
        await stage.Administrator.MustFailAsync(400, "invalid", "GET", "search?q=&offset=-1");
    }

    [Theory]
    [InlineData("instrument", "pixel_size")]
    [InlineData("name", "date")]
    [InlineData("date", "size")]
    [InlineData("pixel_size", "-pixel_size")]
    [InlineData("relevance", "newest")]
    public async Task A_cursor_of_another_order_is_refused_and_says_so(string given, string asked)
    {
        await using var stage = await StageAsync(database);
        var cursor = (string)(await stage.SearchAsync("", more: $"&sort={given}&limit=2"))["next"]!;
        var problem = await stage.Administrator.MustFailAsync(400, "invalid", "GET", $"search?q=&sort={asked}&cursor={cursor}");
        ((string)problem["detail"]!).ShouldBe($"The cursor is of a list sorted by {given}, but sort is {asked}. Go on with that sort, or start again without the cursor.");
    }

    [Theory]
    [InlineData("date", "yesterday")]
    [InlineData("date", "infinity")]
    [InlineData("date", "2017-02-30T00:00:00.0000000Z")]
    [InlineData("date", "2017-02-03T00:00:00.0000000+01:00")]
    [InlineData("size", "1.5")]
    [InlineData("size", "9223372036854775808")]
    [InlineData("pixel_size", "wide")]
    [InlineData("pixel_size", "")]
    public async Task A_made_up_key_is_refused(string sort, string key)
    {
        await using var stage = await StageAsync(database);
        await stage.Administrator.MustFailAsync(400, "invalid", "GET", $"search?q=&sort={sort}&cursor={MadeUp(sort, "1", key)}");
        // As cursors were before they named their order.
        await stage.Administrator.MustFailAsync(400, "invalid", "GET", $"search?q=&sort={sort}&cursor={Encoded($"1\u001f5\u001f={key}")}");
    }

    [Theory]
    [InlineData("pixel_size", "1e999")]
    [InlineData("pixel_size", "1e-999")]
    [InlineData("pixel_size", "NaN")]
    [InlineData("date", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("date", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("name", "'\"\\")]
    public async Task A_made_up_key_that_can_be_compared_gives_a_page(string sort, string key)
    {
        await using var stage = await StageAsync(database);
        foreach (var query in new[] { "", "dm3" })
            (await stage.SearchAsync(query, more: $"&sort={sort}&cursor={MadeUp(sort, "1", key)}"))["items"].ShouldBeOfType<JsonArray>();
    }

    [Theory]
    [InlineData("x", "5")]
    [InlineData("1", "-5")]
    [InlineData("1", "99999999999")]
    public async Task Numbers_that_are_none_are_refused(string tier, string number)
    {
        await using var stage = await StageAsync(database);
        await stage.Administrator.MustFailAsync(400, "invalid", "GET", $"search?q=&sort=name&cursor={Encoded($"name\u001f{tier}\u001f{number}\u001f=a")}");
    }

    private static string MadeUp(string sort, string tier, string key) => Encoded($"{sort}\u001f{tier}\u001f5\u001f={key}");

    private static string Encoded(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
