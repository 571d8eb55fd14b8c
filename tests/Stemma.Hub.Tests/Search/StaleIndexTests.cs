using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Fields;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

/// <summary>Changes that reach what is indexed from the side.</summary>
public sealed class StaleIndexTests(TestDatabase database)
{
    [Fact]
    public async Task Keys_of_a_dataset_are_known_in_the_project_that_it_was_moved_to()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var (from, to) = (await stage.Administrator.ProjectAsync("From"), await stage.Administrator.ProjectAsync("To"));
        var dataset = await stage.Administrator.DatasetAsync(from, "One");
        await stage.FileAsync(dataset, "a.dm3", original: JsonNode.Parse("""{"Tecnai":{"User":"JLAU"}}"""));
        await stage.IndexedAsync();
        await stage.Administrator.MustAsync("POST", $"nodes/{dataset}/move", new JsonObject { ["parentId"] = to }, "*");
        await stage.IndexedAsync();
        (await stage.NamesAsync("original.Tecnai.User:jlau")).ShouldBe(["a.dm3"]);
    }

    [Fact]
    public async Task A_person_is_found_by_the_present_name_and_not_by_the_one_before()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var (dataset, file, _) = await WithFieldAsync(stage, FieldStage.Field("Made by", "person"));
        var person = await stage.Administrator.MakeAsync("people", new JsonObject { ["name"] = "Rosalind Franklin" });
        await stage.Administrator.MustAsync("PATCH", $"file-sets/{file}/fields", new JsonObject { ["values"] = new JsonObject { ["Made by"] = person.ToString() } }, "*");
        await stage.Administrator.MustAsync("PATCH", $"nodes/{dataset}/fields", new JsonObject { ["values"] = new JsonObject { ["Made by"] = person.ToString() } }, "*");
        await stage.IndexedAsync();
        (await stage.NamesAsync("rosalind")).ShouldBe(["a.dm3"]);
        await stage.Administrator.MustAsync("PATCH", $"people/{person}", new JsonObject { ["name"] = "Somebody", ["aliases"] = new JsonArray() }, "*");
        await stage.IndexedAsync();
        (await stage.NamesAsync("rosalind")).ShouldBeEmpty();
        (await stage.NamesAsync("made_by:somebody")).ShouldBe(["a.dm3"]);
    }

    [Fact]
    public async Task The_person_of_an_account_is_found_by_the_present_name()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var (_, file, _) = await WithFieldAsync(stage, FieldStage.Field("Made by", "person"));
        await stage.Hub.AccountAsync("rosalind");
        await stage.RunAsync("update people set name = 'Rosalind Franklin' where id = (select person_id from accounts where login = 'rosalind')", new { });
        var account = (await stage.Administrator.MustAsync("GET", "accounts"))["items"]!.AsArray().Single(account => (string)account!["login"]! == "rosalind")!;
        await stage.Administrator.MustAsync("PATCH", $"file-sets/{file}/fields", new JsonObject { ["values"] = new JsonObject { ["Made by"] = "Rosalind Franklin" } }, "*");
        await stage.IndexedAsync();
        await stage.Administrator.MustAsync("PATCH", $"accounts/{account["id"]}", new JsonObject { ["name"] = "Somebody" }, "*");
        await stage.IndexedAsync();
        (await stage.NamesAsync("franklin")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_field_that_was_renamed_is_asked_by_its_present_name()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var (_, file, template) = await WithFieldAsync(stage, FieldStage.Field("Etchant", "text"));
        await stage.Administrator.MustAsync("PATCH", $"file-sets/{file}/fields", new JsonObject { ["values"] = new JsonObject { ["Etchant"] = "Nital" } }, "*");
        await stage.IndexedAsync();
        var id = (Guid)(await stage.Administrator.MustAsync("GET", $"file-sets/{file}/fields"))["groups"]![0]!["fields"]![0]!["field"]!["id"]!;
        await stage.Administrator.MustAsync("PATCH", $"field-templates/{template}", new JsonObject { ["fields"] = new JsonArray(FieldStage.Field("Acid", "text", id: id)) }, "*");
        await stage.IndexedAsync();
        (await stage.NamesAsync("acid:nital")).ShouldBe(["a.dm3"]);
    }

    private static async Task<(Guid Dataset, Guid File, Guid Template)> WithFieldAsync(SearchStage stage, JsonObject field)
    {
        var project = await stage.Administrator.ProjectAsync("Alloys");
        var dataset = await stage.Administrator.DatasetAsync(project, "One");
        var file = await stage.FileAsync(dataset, "a.dm3");
        var template = await stage.Administrator.MakeAsync($"nodes/{project}/field-templates", new JsonObject
        {
            ["name"] = "Sample", ["appliesTo"] = new JsonArray("dataset", "fileSet"), ["fields"] = new JsonArray(field),
        });
        return (dataset, file, template);
    }
}
