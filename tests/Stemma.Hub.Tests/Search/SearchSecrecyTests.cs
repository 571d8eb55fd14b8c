using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>Questions whose answers would tell what the one who asks may not see.</summary>
public sealed class SearchSecrecyTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Strangers_do_not_spell_out_logins_and_names_by_asking_who_deposited_a_file()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Open"), "One");
        await stage.FileAsync(dataset, "a.dm3", new { @operator = "JLAU" });
        await stage.Administrator.MustAsync("PUT", $"nodes/{dataset}/grants/{stage.Hub.Stranger().Id}", new JsonObject { ["role"] = "guest" });
        await stage.IndexedAsync();
        (await stage.NamesAsync("by:anton")).ShouldBe(["a.dm3"]);
        (await stage.NamesAsync("by:a", stage.Hub.Stranger())).ShouldBeEmpty();
        (await stage.NamesAsync("by:jlau", stage.Hub.Stranger())).ShouldBe(["a.dm3"], "what stands in the file is seen");
    }

    [Fact]
    public async Task A_path_leads_through_no_place_that_is_hidden()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var project = await stage.Administrator.ProjectAsync("Merger");
        var dataset = await stage.Administrator.DatasetAsync(project, "EELS");
        await stage.FileAsync(dataset, "a.dm3");
        var guest = await stage.Hub.AccountAsync("gustav");
        await stage.Administrator.MustAsync("PUT", $"nodes/{dataset}/grants/{guest.Id}", new JsonObject { ["role"] = "guest" });
        await stage.IndexedAsync();
        (await stage.NamesAsync("in:EELS", guest)).ShouldBe(["a.dm3"]);
        (await stage.NamesAsync("in:Merger/EELS")).ShouldBe(["a.dm3"]);
        using var answer = await guest.Client.GetAsync("search?q=in:Merger/EELS", Cancelled);
        ((int)answer.StatusCode).ShouldBe(400, "as of a project of another name");
    }

    [Fact]
    public async Task A_hidden_value_does_not_change_what_quotes_mean()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var open = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Open"), "One");
        var hidden = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Hidden"), "Two");
        await stage.FileAsync(open, "a.dm3", new { specimen = "Inconel 718 batch 7" });
        await stage.FileAsync(hidden, "b.dm3", new { specimen = "Inconel 718" });
        var guest = await stage.Hub.AccountAsync("gustav");
        await stage.Administrator.MustAsync("PUT", $"nodes/{open}/grants/{guest.Id}", new JsonObject { ["role"] = "guest" });
        await stage.IndexedAsync();
        (await stage.NamesAsync("specimen:\"Inconel 718\"")).ShouldBe(["b.dm3"]);
        (await stage.NamesAsync("specimen:\"Inconel 718\"", guest)).ShouldBe(["a.dm3"]);
    }

    [Fact]
    public async Task Whoever_has_left_a_project_learns_and_tells_nothing_through_a_search_that_was_shared_with_it()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var project = await stage.Administrator.ProjectAsync("Steel");
        var olga = await stage.Hub.AccountAsync("olga");
        await stage.Administrator.MustAsync("PUT", $"nodes/{project}/grants/{olga.Id}", new JsonObject { ["role"] = "editor" });
        var search = await olga.MakeAsync("saved-searches", new JsonObject { ["name"] = "At 300 kV", ["query"] = "voltage:300kV", ["project"] = project });
        await stage.Administrator.MustAsync("DELETE", $"nodes/{project}/grants/{olga.Id}");
        await stage.Administrator.MustAsync("PATCH", $"nodes/{project}", new JsonObject { ["name"] = "Secret alloy" }, "*");
        (await olga.Client.GetStringAsync("saved-searches", Cancelled)).ShouldNotContain("Secret alloy");
        await olga.MustFailAsync(404, "not-found", "PATCH", $"saved-searches/{search}", new JsonObject { ["name"] = "Click here" }, "*");
        (await stage.Administrator.Client.GetStringAsync("saved-searches", Cancelled)).ShouldNotContain("Click here");
        var own = await olga.MustAsync("PATCH", $"saved-searches/{search}", new JsonObject { ["name"] = "Mine", ["project"] = null }, "*");
        ((string?)own["name"], (string?)own["project"]).ShouldBe(("Mine", null));
    }
}
