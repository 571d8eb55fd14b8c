using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Projects;

public sealed class TrashTests(TestDatabase database)
{
    private static string[] Names(JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>())];

    [Fact]
    public async Task What_is_thrown_away_together_comes_back_together_and_what_was_in_the_trash_before_does_not()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "2026");
        var old = await ada.DatasetAsync(collection, "old");
        var kept = await ada.DatasetAsync(collection, "kept");
        await ada.MustAsync("DELETE", $"nodes/{old}", ifMatch: "*");
        var trashed = await ada.MustAsync("DELETE", $"nodes/{collection}", ifMatch: "*");

        foreach (var gone in new[] { collection, old, kept })
            await ada.MustFailAsync(404, "not-found", "GET", $"nodes/{gone}");
        Names(await ada.MustAsync("GET", "trash")).ShouldBe(["2026", "old"]);
        var item = (await ada.MustAsync("GET", "trash"))["items"]![0]!;
        item["from"]!["name"]!.GetValue<string>().ShouldBe("Lattices");
        item["trashedBy"]!["name"]!.GetValue<string>().ShouldBe("Ada");

        await ada.MustAsync("POST", $"trash/{trashed["trashId"]}/restore");
        Names(await ada.MustAsync("GET", $"nodes/{collection}/children")).ShouldBe(["kept"]);
        Names(await ada.MustAsync("GET", "trash")).ShouldBe(["old"]);
        await ada.MustFailAsync(404, "not-found", "POST", $"trash/{trashed["trashId"]}/restore");
    }

    [Fact]
    public async Task A_taken_name_gets_a_word_more_and_what_lived_in_the_trash_waits()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "2026");
        var first = await ada.DatasetAsync(collection, "Eve");
        var trashed = await ada.MustAsync("DELETE", $"nodes/{first}", ifMatch: "*");
        await ada.DatasetAsync(collection, "Eve");
        var outer = await ada.MustAsync("DELETE", $"nodes/{collection}", ifMatch: "*");
        await ada.MustFailAsync(409, "parent-in-trash", "POST", $"trash/{trashed["trashId"]}/restore");
        await ada.MustAsync("POST", $"trash/{outer["trashId"]}/restore");
        (await ada.MustAsync("POST", $"trash/{trashed["trashId"]}/restore"))["name"]!.GetValue<string>().ShouldBe("Eve (restored)");
    }

    [Theory]
    [InlineData("project")]
    [InlineData("collection")]
    [InlineData("dataset")]
    public async Task What_is_held_or_must_be_kept_stays_wherever_the_duty_lies(string bound)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "2026");
        var dataset = await ada.DatasetAsync(collection, "Eve");
        var node = bound switch { "project" => project, "collection" => collection, _ => dataset };
        await ada.MustAsync("PATCH", $"nodes/{node}", new JsonObject { ["legalHold"] = true }, "*");
        (await ada.MustFailAsync(409, "legal-hold", "DELETE", $"nodes/{collection}", ifMatch: "*"))["detail"]!.GetValue<string>().ShouldContain("legal hold");
        await ada.MustAsync("PATCH", $"nodes/{node}", new JsonObject { ["legalHold"] = false, ["retainUntil"] = "2199-12-31T00:00:00Z" }, "*");
        (await ada.MustFailAsync(409, "must-be-kept", "DELETE", $"nodes/{collection}", ifMatch: "*"))["detail"]!.GetValue<string>().ShouldContain("2199-12-31");
        await ada.MustAsync("PATCH", $"nodes/{node}", new JsonObject { ["retainUntil"] = "2001-01-01T00:00:00Z" }, "*");
        await ada.MustAsync("DELETE", $"nodes/{collection}", ifMatch: "*");
    }

    [Fact]
    public async Task An_editor_throws_datasets_away_but_not_projects_nor_lifts_holds()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var dataset = await ada.DatasetAsync(project, "Eve");
        await ada.MustAsync("PUT", $"nodes/{project}/grants/{eve.Id}", new JsonObject { ["role"] = "editor" });
        await eve.MustFailAsync(403, "forbidden", "DELETE", $"nodes/{project}", ifMatch: "*");
        await eve.MustFailAsync(403, "forbidden", "PATCH", $"nodes/{dataset}", new JsonObject { ["licence"] = "CC0-1.0" }, "*");
        await eve.MustAsync("DELETE", $"nodes/{dataset}", ifMatch: "*");
    }

    [Fact]
    public async Task Terms_are_inherited_and_say_from_where()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var dataset = await ada.DatasetAsync(project, "Eve");
        await ada.MustAsync("PATCH", $"nodes/{project}", new JsonObject { ["licence"] = "CC-BY-4.0", ["retainUntil"] = "2040-01-01T00:00:00Z" }, "*");
        await ada.MustAsync("PATCH", $"nodes/{dataset}", new JsonObject { ["rightsHolder"] = "FZ", ["retainUntil"] = "2030-01-01T00:00:00Z" }, "*");
        await ada.MustAsync("PUT", $"nodes/{dataset}/grants/{eve.Id}", new JsonObject { ["role"] = "guest" });
        var effective = (await ada.MustAsync("GET", $"nodes/{dataset}"))["effective"]!;
        effective["licence"]!["value"]!.GetValue<string>().ShouldBe("CC-BY-4.0");
        effective["licence"]!["inheritedFrom"]!["name"]!.GetValue<string>().ShouldBe("Lattices");
        effective["rightsHolder"]!["inheritedFrom"].ShouldBeNull();
        effective["retainUntil"]!["value"]!.GetValue<string>().ShouldBe("2040-01-01T00:00:00Z", "a keeping duty above cannot be shortened below");
        // She sees the dataset alone: what applies, but not the project's name.
        var hers = await eve.MustAsync("GET", $"nodes/{dataset}");
        hers["effective"]!["licence"]!["value"]!.GetValue<string>().ShouldBe("CC-BY-4.0");
        hers["effective"]!["licence"]!["inheritedFrom"].ShouldBeNull();
        hers["path"]!.AsArray().ShouldBeEmpty();
        Names(await eve.MustAsync("GET", "shared")).ShouldBe(["Eve"]);
        Names(await eve.MustAsync("GET", "projects")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_held_or_must_be_kept_above_is_not_moved_out_to_be_thrown_away()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var (held, free) = (await ada.CollectionAsync(project, "held"), await ada.CollectionAsync(project, "free"));
        var dataset = await ada.DatasetAsync(held, "Eve");
        await ada.MustAsync("PUT", $"nodes/{project}/grants/{eve.Id}", new JsonObject { ["role"] = "editor" });
        var away = new JsonObject { ["parentId"] = free };
        await ada.MustAsync("PATCH", $"nodes/{held}", new JsonObject { ["legalHold"] = true }, "*");
        (await eve.MustFailAsync(409, "legal-hold", "POST", $"nodes/{dataset}/move", away, "*"))["detail"]!.GetValue<string>().ShouldContain("Lift the hold first");
        await ada.MustFailAsync(409, "legal-hold", "POST", $"nodes/{dataset}/move", away, "*");
        foreach (var term in new[] { "retainUntil", "embargoUntil" })
        {
            await ada.MustAsync("PATCH", $"nodes/{held}", new JsonObject { ["legalHold"] = false, ["retainUntil"] = null, ["embargoUntil"] = null, [term] = "2199-12-31T00:00:00Z" }, "*");
            await eve.MustFailAsync(403, "move-changes-terms", "POST", $"nodes/{dataset}/move", away, "*");
        }

        await ada.MustAsync("POST", $"nodes/{dataset}/move", away, "*");
        await ada.MustAsync("PATCH", $"nodes/{project}", new JsonObject { ["legalHold"] = true }, "*");
        await eve.MustAsync("POST", $"nodes/{dataset}/move", new JsonObject { ["parentId"] = held }, "*");
    }

    [Fact]
    public async Task A_node_moves_neither_into_itself_nor_so_that_others_see_it_unless_both_places_are_managed()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var (project, other) = (await ada.ProjectAsync("Lattices"), await ada.ProjectAsync("Glasses"));
        var collection = await ada.CollectionAsync(project, "2026");
        var inner = await ada.CollectionAsync(collection, "inner");
        var dataset = await ada.DatasetAsync(inner, "Eve");
        foreach (var node in new[] { project, other })
            await ada.MustAsync("PUT", $"nodes/{node}/grants/{eve.Id}", new JsonObject { ["role"] = "editor" });

        JsonObject To(Guid parent) => new() { ["parentId"] = parent };
        await ada.MustFailAsync(409, "cycle", "POST", $"nodes/{collection}/move", To(inner), "*");
        await ada.MustFailAsync(409, "cycle", "POST", $"nodes/{collection}/move", To(collection), "*");
        await ada.MustFailAsync(409, "dataset-is-terminal", "POST", $"nodes/{collection}/move", To(dataset), "*");
        await ada.MustFailAsync(409, "not-movable", "POST", $"nodes/{project}/move", To(other), "*");
        await eve.MustFailAsync(403, "move-changes-access", "POST", $"nodes/{dataset}/move", To(other), "*");
        await eve.MustAsync("POST", $"nodes/{dataset}/move", To(project), "*");
        var moved = await ada.MustAsync("POST", $"nodes/{dataset}/move", To(other), "*");
        moved["path"]!.AsArray().Select(step => step!["name"]!.GetValue<string>()).ShouldBe(["Glasses"]);
    }
}
