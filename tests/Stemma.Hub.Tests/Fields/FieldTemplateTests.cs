using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Fields;

public sealed class FieldTemplateTests(TestDatabase database)
{
    [Fact]
    public async Task Every_standard_template_can_be_made_in_one_project()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        foreach (var template in (await ada.MustAsync("GET", "field-templates/standard")).AsArray())
            await ada.MustAsync("POST", $"nodes/{project}/field-templates", template!.DeepClone());
        (await ada.MustAsync("GET", $"nodes/{project}/field-templates"))["items"]!.AsArray().Select(template => template!["name"]!.GetValue<string>()).ShouldBe(["Sample", "Preparation", "Intent"]);
    }

    [Fact]
    public async Task A_name_is_given_once_in_a_project_whatever_its_case()
    {
        await using var stage = await FieldStage.SetAsync(database);
        JsonObject Template(string name, params JsonNode[] fields) => new() { ["name"] = name, ["appliesTo"] = new JsonArray("dataset"), ["fields"] = new JsonArray(fields) };
        await stage.Ada.MustFailAsync(409, "name-taken", "POST", $"nodes/{stage.Project}/field-templates", Template("SAMPLE"));
        await stage.Ada.MustFailAsync(409, "name-taken", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("MATERIAL", "text")));
        await stage.Ada.MustFailAsync(400, "invalid", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("a", "text"), FieldStage.Field("A", "text")));
        await stage.Ada.MustFailAsync(400, "invalid", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("a", "number", "furlong")));
        await stage.Ada.MustFailAsync(400, "invalid", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("a", "text", "nm")));
        await stage.Ada.MustFailAsync(400, "invalid", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("a", "choice")));
        await stage.Ada.MustFailAsync(400, "invalid", "POST", $"nodes/{stage.Project}/field-templates", Template("Other", FieldStage.Field("Path", "text")));
        await stage.Ada.MustFailAsync(409, "not-a-project", "POST", $"nodes/{stage.Eve}/field-templates", Template("Other"));
    }

    [Fact]
    public async Task Fields_are_renamed_ordered_anew_and_swap_their_names_with_their_values_kept()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold", ["Grains"] = 4 });
        var template = (await stage.Ada.MustAsync("GET", $"nodes/{stage.Project}/field-templates"))["items"]![0]!;
        var fields = template["fields"]!.AsArray().Select(field =>
        {
            var copy = field!.DeepClone().AsObject();
            copy.Remove("uses");
            return copy;
        }).Reverse().ToList();
        (fields[0]["name"], fields[^1]["name"]) = ("Material", "Grains");
        var changed = await stage.Ada.MustAsync("PATCH", $"field-templates/{stage.Template}", new JsonObject { ["fields"] = new JsonArray([.. fields]) }, "1");
        changed["fields"]!.AsArray().Select(field => field!["name"]!.GetValue<string>()).ShouldBe(["Material", "From", "Made by", "Method", "Made on", "Thickness", "Grains"]);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Grains"))["own"]!["text"]!.GetValue<string>().ShouldBe("gold");
        await stage.Ada.MustFailAsync(412, "stale", "PATCH", $"field-templates/{stage.Template}", new JsonObject { ["name"] = "x" }, "1");
    }

    [Fact]
    public async Task A_field_with_values_keeps_its_type_and_goes_only_when_that_is_meant_and_the_history_stays()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Thickness"] = 80 });
        var id = (await stage.FieldAsync($"nodes/{stage.Eve}", "Thickness"))["field"]!["id"]!.GetValue<Guid>();
        JsonObject Fields(bool discard, params JsonNode[] fields) => new() { ["fields"] = new JsonArray(fields), ["discardValues"] = discard };
        var address = $"field-templates/{stage.Template}";
        (await stage.Ada.MustFailAsync(409, "field-in-use", "PATCH", address, Fields(true, FieldStage.Field("Thickness", "number", "µm", id: id)), "1"))["detail"]!.GetValue<string>().ShouldContain("stays of type number in nm");
        (await stage.Ada.MustFailAsync(409, "field-in-use", "PATCH", address, Fields(false, FieldStage.Field("New", "text")), "1"))["detail"]!.GetValue<string>().ShouldContain("\"Thickness\" (1 value)");
        await stage.Ada.MustFailAsync(409, "field-in-use", "DELETE", address, ifMatch: "1");
        await stage.Ada.MustAsync("PATCH", address, Fields(true, FieldStage.Field("New", "text")), "1");
        var past = (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/fields/history"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (past["fieldName"]!.GetValue<string>(), past["unit"]!.GetValue<string>(), past["value"]!["text"]!.GetValue<string>()).ShouldBe(("Thickness", "nm", "80"));
        past["endedAt"].ShouldNotBeNull();
        await stage.Ada.MustAsync("DELETE", address, ifMatch: "2");
        (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/fields"))["groups"]!.AsArray().ShouldBeEmpty();
        // Its name is free again.
        await stage.Ada.MakeAsync($"nodes/{stage.Project}/field-templates", new JsonObject { ["name"] = "Sample", ["appliesTo"] = new JsonArray("dataset"), ["fields"] = new JsonArray(FieldStage.Field("Thickness", "text")) });
    }

    [Fact]
    public async Task A_template_of_a_project_that_one_does_not_see_is_not_there()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var outsider = await stage.Hub.AccountAsync("otto");
        await outsider.MustFailAsync(404, "not-found", "PATCH", $"field-templates/{stage.Template}", new JsonObject { ["name"] = "x" }, "*");
        var editor = await stage.Hub.AccountAsync("edda");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/grants/{editor.Id}", new JsonObject { ["role"] = "editor" });
        await editor.MustFailAsync(403, "forbidden", "PATCH", $"field-templates/{stage.Template}", new JsonObject { ["name"] = "x" }, "*");
    }
}
