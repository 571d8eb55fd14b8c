using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class FileSetListingTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("&sort=-created")]
    [InlineData("&recursive=true&sort=-created")]
    public async Task Any_place_of_a_list_is_where_paging_by_cursor_comes_to(string order)
    {
        await using var stage = await DepositStage.SetAsync(database);
        var dataset = await stage.PutAllAsync(Enumerable.Range(0, 7).Select(number => $"f{(number * 3) % 7}.dm3"));
        // Ties, which only the id breaks.
        await RunAsync(stage, "update file_sets set created_at = date_trunc('hour', created_at)");
        using var viewer = stage.As(stage.Viewer);
        List<string> walked = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await PageAsync(viewer, $"nodes/{dataset}/file-sets?limit=2&cursor={cursor}{order}");
            walked.AddRange(Names(page));
            // Who goes on was told at the beginning.
            ((long?)page["total"]).ShouldBe(cursor.Length == 0 ? 7 : null);
            cursor = (string?)page["next"];
        }

        walked.Count.ShouldBe(7);
        for (var offset = 0; offset <= 8; offset++)
        {
            var page = await PageAsync(viewer, $"nodes/{dataset}/file-sets?limit=3&offset={offset}{order}");
            Names(page).ShouldBe(walked.Skip(offset).Take(3));
            ((long?)page["total"]).ShouldBe(7);
        }

        var middle = await PageAsync(viewer, $"nodes/{dataset}/file-sets?limit=2&offset=3{order}");
        Names(await PageAsync(viewer, $"nodes/{dataset}/file-sets?limit=9&cursor={middle["next"]}{order}")).ShouldBe(walked.Skip(5));
    }

    [Fact]
    public async Task The_number_counts_what_is_seen_below_and_not_in_the_trash()
    {
        await using var stage = await DepositStage.SetAsync(database);
        await stage.PutAllAsync(["a.dm3", "b.dm3", "c.dm3"]);
        var gone = await stage.PutAsync("other/x.dm3", [1]);
        using var owner = stage.As(stage.Owner);
        ((long?)(await PageAsync(owner, $"nodes/{stage.Project}/file-sets?recursive=true"))["total"]).ShouldBe(4);
        ((long?)(await PageAsync(owner, $"nodes/{stage.Project}/file-sets"))["total"]).ShouldBe(0);
        await new TestActor(stage.Owner, owner).MustAsync("DELETE", $"file-sets/{gone["fileSetId"]}", null, "*");
        ((long?)(await PageAsync(owner, $"nodes/{stage.Project}/file-sets?recursive=true&offset=2"))["total"]).ShouldBe(3);
    }

    [Fact]
    public async Task Each_word_of_a_filter_is_in_the_name_the_tags_or_the_name_of_the_format()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var dataset = await stage.PutAllAsync(["Grain_01.dm3", "grain_02.dm3", "50%_a.dm3", "plain.dm3"]);
        await RunAsync(stage, """
            update file_sets set tags = '{"Grain boundary"}' where name = 'plain.dm3';
            insert into extractions (id, file_set_id, membership, format, format_name, reader_version, mapping_version, software_version, acquisition, seconds)
                select gen_random_uuid(), id, 1, 'gatan', 'Gatan DigitalMicrograph 3', '1', '1', '1', '{}', 0 from file_sets where name = 'grain_02.dm3';
            update file_sets s set extraction_id = e.id, reading = 'read' from extractions e where e.file_set_id = s.id;
            update file_sets set reading = 'failed' where name = '50%_a.dm3';
            """);
        using var viewer = stage.As(stage.Viewer);
        async Task<string> FindAsync(string asked)
        {
            var page = await PageAsync(viewer, $"nodes/{dataset}/file-sets?limit=2&{asked}");
            page["items"]!.AsArray().Count.ShouldBe((int)Math.Min(2, (long)page["total"]!));
            return string.Join(' ', Names(await PageAsync(viewer, $"nodes/{dataset}/file-sets?{asked}")));
        }

        (await FindAsync("filter=GRAIN")).ShouldBe("Grain_01.dm3 grain_02.dm3 plain.dm3");
        (await FindAsync("filter=grain%20gatan")).ShouldBe("grain_02.dm3");
        (await FindAsync("filter=boundary")).ShouldBe("plain.dm3");
        // Signs of patterns are signs like others.
        (await FindAsync("filter=%25_")).ShouldBe("50%_a.dm3");
        (await FindAsync("show=failed")).ShouldBe("50%_a.dm3");
        (await FindAsync("show=waiting&filter=grain")).ShouldBe("Grain_01.dm3 plain.dm3");
        (await FindAsync("show=pictures")).ShouldBe("");
        (await FindAsync("filter=nowhere")).ShouldBe("");
    }

    [Theory]
    [InlineData("offset=-1", "offset must be 0 or more, but is -1.")]
    [InlineData("offset=0&cursor=YQ", "offset and cursor both say where to go on. Give one of them.")]
    [InlineData("show=all", "show must be pictures, waiting, no_reader, failed or nothing, but is \"all\".")]
    [InlineData("filter=a+b+c+d+e+f+g+h+i", "filter may have up to 8 words, but has 9.")]
    [InlineData("filter=a%00", "filter must not contain NUL characters.")]
    public async Task What_cannot_be_listed_is_refused(string asked, string why)
    {
        await using var stage = await DepositStage.SetAsync(database);
        using var viewer = stage.As(stage.Viewer);
        using var answer = await viewer.GetAsync($"nodes/{stage.Project}/file-sets?{asked}", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["detail"]).ShouldBe(why);
    }

    private static async Task RunAsync(DepositStage stage, string sql)
    {
        await using var connection = await stage.Hub.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(sql);
    }

    private static async Task<JsonNode> PageAsync(HttpClient client, string address) => JsonNode.Parse(await client.GetStringAsync(address, Cancelled))!;

    private static IEnumerable<string> Names(JsonNode page) => page["items"]!.AsArray().Select(item => (string)item!["name"]!);
}
