using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>One hub has one index: what one person writes must not keep everybody's changes from being found.</summary>
public sealed class IndexingFaultTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vendors_tree_with_more_text_than_a_tsvector_holds_is_found_by_its_first_words()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        // 4,000 different values of 600 bytes each: more than the 1 MiB of PostgreSQL's tsvector.
        var tree = new JsonObject(Enumerable.Range(0, 4000).Select(key => KeyValuePair.Create($"k{key}", (JsonNode?)new string((char)('一' + key), 200))));
        await stage.FileAsync(dataset, "large.dm3", original: tree);
        await stage.FileAsync(dataset, "other.dm3");
        await stage.IndexedAsync();
        (await stage.NamesAsync("other")).ShouldBe(["other.dm3"]);
        (await stage.NamesAsync("large")).ShouldBe(["large.dm3"]);
    }

    [Fact]
    public async Task Notes_with_more_text_than_a_tsvector_holds_do_not_stop_the_index()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        for (var note = 0; note < 5; note++)
        {
            var words = Enumerable.Range(0, 900).Select(word => string.Concat(Enumerable.Range(0, 99).Select(_ => (char)('一' + note * 900 + word))));
            await stage.Administrator.MustAsync("POST", $"nodes/{dataset}/notes", new JsonObject { ["body"] = string.Join(' ', words) });
        }

        await stage.FileAsync(dataset, "other.dm3");
        await stage.IndexedAsync();
        (await stage.NamesAsync("name:other")).ShouldBe(["other.dm3"]);
    }

    [Theory]
    [InlineData("steel \u0301")]
    [InlineData("steel 1\u03012")]
    public async Task A_mark_without_a_letter_is_no_word(string tag)
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await stage.FileAsync(dataset, "marked.dm3", tags: [tag]);
        await stage.IndexedAsync();
        (await stage.NamesAsync("tag:steel")).ShouldBe(["marked.dm3"]);
        (await stage.NamesAsync("marked \"steel " + tag[6..] + "\"")).Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task What_was_numbered_in_a_batch_that_failed_is_numbered_again()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await stage.RunAsync("alter table search_documents add constraint broken check (name <> 'a.dm3')", new { });
        await stage.FileAsync(dataset, "a.dm3", new { instrument = "Titan" }, JsonNode.Parse("""{"Beam":{"Source":"X-FEG"}}"""), ["thesis"]);
        await Should.ThrowAsync<PostgresException>(stage.IndexedAsync);
        await stage.RunAsync("alter table search_documents drop constraint broken", new { });
        await stage.IndexedAsync();
        (await stage.NamesAsync("original.Beam.Source:X-FEG")).ShouldBe(["a.dm3"]);
        (await stage.FacetsAsync(""))["facets"]!.AsArray().Where(facet => (string)facet!["field"]! is "tag" or "instrument").Select(facet => (string)facet!["values"]![0]!["value"]!).ShouldBe(["Titan", "thesis"], ignoreOrder: true);
    }
}
