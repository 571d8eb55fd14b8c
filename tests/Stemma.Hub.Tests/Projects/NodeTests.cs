using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Projects;

public sealed class NodeTests(TestDatabase database)
{
    [Fact]
    public async Task A_project_holds_collections_without_limit_and_datasets_are_terminal()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var place = project;
        for (var depth = 0; depth < 12; depth++)
            place = await ada.CollectionAsync(place, $"level {depth}");
        var dataset = await ada.DatasetAsync(place, "Eve");

        var node = await ada.MustAsync("GET", $"nodes/{dataset}");
        node["kind"]!.GetValue<string>().ShouldBe("dataset");
        node["path"]!.AsArray().Select(step => step!["name"]!.GetValue<string>()).ShouldBe(["Lattices", .. Enumerable.Range(0, 12).Select(depth => $"level {depth}")]);
        node["capabilities"]!.AsArray().Select(word => word!.GetValue<string>()).ShouldBe(["see", "download", "add", "edit", "run", "manage"]);
        node["createdBy"]!["name"]!.GetValue<string>().ShouldBe("Ada");
        await ada.MustFailAsync(409, "dataset-is-terminal", "POST", $"nodes/{dataset}/children", new JsonObject { ["kind"] = "dataset", ["name"] = "x" });
    }

    [Fact]
    public async Task Siblings_have_different_names_and_the_refusal_names_both()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        await ada.CollectionAsync(project, "Eve");
        var other = await ada.DatasetAsync(project, "Adam");
        var problem = await ada.MustFailAsync(409, "name-taken", "POST", $"nodes/{project}/children", new JsonObject { ["kind"] = "dataset", ["name"] = " Eve " });
        problem["detail"]!.GetValue<string>().ShouldContain("\"Eve\"");
        problem["detail"]!.GetValue<string>().ShouldContain("\"Lattices\"");
        await ada.MustFailAsync(409, "name-taken", "PATCH", $"nodes/{other}", new JsonObject { ["name"] = "Eve" }, "1");
    }

    [Fact]
    public async Task A_change_without_the_version_seen_is_refused_and_one_with_an_old_version_too()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var rename = new JsonObject { ["name"] = "Crystals" };
        await ada.MustFailAsync(428, "precondition-required", "PATCH", $"nodes/{project}", rename);
        (await ada.MustAsync("PATCH", $"nodes/{project}", rename, "1"))["version"]!.GetValue<long>().ShouldBe(2);
        await ada.MustFailAsync(412, "stale", "PATCH", $"nodes/{project}", new JsonObject { ["name"] = "Glasses" }, "1");
        await ada.MustFailAsync(412, "stale", "DELETE", $"nodes/{project}", ifMatch: "1");
        using var got = await ada.SendAsync("GET", $"nodes/{project}");
        got.Headers.ETag!.Tag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task What_a_patch_leaves_out_stays_and_null_clears()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        await ada.MustAsync("PATCH", $"nodes/{project}", JsonNode.Parse("""{"licence":"CC-BY-4.0","tags":["a","b","a"],"retainUntil":"2031-01-01T00:00:00+01:00"}"""), "*");
        var node = await ada.MustAsync("PATCH", $"nodes/{project}", JsonNode.Parse("""{"licence":null,"description":"**Eve**"}"""), "*");
        node["licence"].ShouldBeNull();
        node["tags"]!.ToJsonString().ShouldBe("""["a","b"]""");
        node["retainUntil"]!.GetValue<string>().ShouldBe("2030-12-31T23:00:00Z");
        node["description"]!.GetValue<string>().ShouldBe("**Eve**");
        await ada.MustFailAsync(400, "invalid", "PATCH", $"nodes/{project}", JsonNode.Parse("""{"name":null}"""), "*");
        await ada.MustFailAsync(400, "invalid", "PATCH", $"nodes/{project}", JsonNode.Parse("""{"colour":"blue"}"""), "*");
    }
}
