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

    [Theory]
    [InlineData("22P05")]
    [InlineData("54000")]
    public async Task A_file_whose_words_postgres_refuses_is_found_by_its_name_and_the_others_by_all(string state)
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await RefuseAsync(stage, "search_documents", "new.name = 'bad.dm3' and cardinality(new.tags) > 0", state);
        await FilesAroundABadOneAsync(stage, dataset);
        await stage.IndexedAsync();
        (await stage.NamesAsync("", more: "&sort=name")).ShouldBe(["a.dm3", "bad.dm3", "c.dm3"]);
        (await stage.NamesAsync("bad")).ShouldBe(["bad.dm3"]);
        (await stage.NamesAsync("original.Beam.Source:X-FEG", more: "&sort=name")).ShouldBe(["a.dm3", "c.dm3"]);
        var counts = (await stage.FacetsAsync(""))["facets"]!.AsArray().Where(facet => (string)facet!["field"]! is "tag" or "instrument");
        counts.Select(facet => ((string)facet!["values"]![0]!["value"]!, (long)facet["values"]![0]!["count"]!)).ShouldBe([("Titan", 2), ("thesis", 2)], ignoreOrder: true);
        await stage.RunAsync("drop trigger refuse on search_documents; update file_sets set tags = '{anew}' where name = 'bad.dm3'", new { });
        await stage.IndexedAsync();
        (await stage.NamesAsync("tag:anew instrument:Titan")).ShouldBe(["bad.dm3"]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_taken_in_at_all_is_left_out()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await RefuseAsync(stage, "search_documents", "new.name = 'bad.dm3'", "22000");
        await FilesAroundABadOneAsync(stage, dataset);
        await stage.IndexedAsync();
        (await stage.NamesAsync("tag:thesis", more: "&sort=name")).ShouldBe(["a.dm3", "c.dm3"]);
        (await stage.NamesAsync("bad")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_whose_recorded_terms_are_not_what_they_should_be_is_found_by_its_name_and_the_others_by_all()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await FilesAroundABadOneAsync(stage, dataset);
        await stage.RunAsync("update extractions set acquisition = '[1]' where file_set_id = (select id from file_sets where name = 'bad.dm3'); insert into search_changes (object_id, is_node) select id, false from file_sets", new { });
        await stage.IndexedAsync();
        await stage.RunAsync("update extractions set acquisition = '{}' where acquisition = '[1]'", new { });
        (await stage.NamesAsync("bad")).ShouldBe(["bad.dm3"]);
        (await stage.NamesAsync("tag:thesis", more: "&sort=name")).ShouldBe(["a.dm3", "c.dm3"]);
    }

    [Fact]
    public async Task A_place_whose_words_postgres_refuses_is_found_by_its_name_and_the_others_by_all()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var project = await stage.Administrator.ProjectAsync("Alloys");
        await stage.IndexedAsync();
        await RefuseAsync(stage, "search_places", "cardinality(new.tags) > 0 and new.node_id = (select id from nodes where name = 'Bad')", "22P05");
        var (bad, good) = (await stage.Administrator.DatasetAsync(project, "Bad"), await stage.Administrator.DatasetAsync(project, "Good"));
        foreach (var dataset in new[] { bad, good })
        {
            await stage.Administrator.MustAsync("PATCH", $"nodes/{dataset}", new JsonObject { ["tags"] = new JsonArray("thesis") }, "*");
            await stage.FileAsync(dataset, $"{(dataset == bad ? "b" : "g")}.dm3");
        }

        await stage.IndexedAsync();
        (await stage.NamesAsync("tag:thesis")).ShouldBe(["g.dm3"]);
        (await stage.NamesAsync("in:Alloys/Bad")).ShouldBe(["b.dm3"]);
    }

    private static Task RefuseAsync(SearchStage stage, string table, string condition, string state) => stage.RunAsync($"""
        create function refuse() returns trigger language plpgsql as $$
        begin
            if {condition} then
                raise sqlstate '{state}' using message = 'refused on purpose';
            end if;
            return new;
        end $$;
        create trigger refuse before insert on {table} for each row execute function refuse();
        """, new { });

    private static async Task FilesAroundABadOneAsync(SearchStage stage, Guid dataset)
    {
        foreach (var name in new[] { "a.dm3", "bad.dm3", "c.dm3" })
            await stage.FileAsync(dataset, name, new { instrument = "Titan" }, JsonNode.Parse("""{"Beam":{"Source":"X-FEG"}}"""), ["thesis"]);
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
