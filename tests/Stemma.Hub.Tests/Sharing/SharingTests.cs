using System.Net;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Sharing;

public sealed class SharingTests(TestDatabase database)
{
    private static JsonObject Role(string role) => new() { ["role"] = role };

    [Fact]
    public async Task The_access_list_says_who_and_why()
    {
        await using var hub = await TestHub.StartAsync(database);
        var admin = await hub.AccountAsync("anton", administrator: true);
        var (ada, eve, dora) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"), await hub.AccountAsync("dora"));
        var project = await ada.ProjectAsync("Lattices");
        var dataset = await ada.DatasetAsync(project, "Eve");
        var space = await ada.MakeAsync("spaces", new JsonObject { ["name"] = "Overview" });
        var group = await admin.MakeAsync("groups", new JsonObject { ["name"] = "Facility" });
        await admin.MustAsync("PUT", $"groups/{group}/members/{eve.Id}");
        await ada.MustAsync("PUT", $"nodes/{dataset}/grants/{group}", Role("viewer"));
        await ada.MustAsync("PUT", $"nodes/{space}/grants/{dora.Id}", Role("editor"));
        await ada.MustAsync("PUT", $"spaces/{space}/placements/{dataset}", Role("viewer"));

        var grants = (await ada.MustAsync("GET", $"nodes/{dataset}/access"))["grants"]!.AsArray();
        string Tell(JsonNode? entry) => $"{entry!["principal"]!["name"]} {entry["role"]} {entry["from"]!["name"]} {entry["inherited"]} {entry["via"]?["space"]?["name"]}".TrimEnd();
        grants.Select(Tell).ShouldBe([
            "Facility viewer Eve false", "Ada viewer Eve false Overview", "Dora viewer Eve false Overview", "Ada owner Lattices true",
        ], ignoreOrder: true);

        var mine = (await eve.MustAsync("GET", $"nodes/{dataset}/access"));
        mine["mine"]!.AsArray().Select(Tell).ShouldBe(["Facility viewer Eve false"]);
        mine["capabilities"]!.ToJsonString().ShouldBe("""["see","download"]""");
        // Eve sees neither the project nor the space, only that they give access.
        mine["grants"]!.AsArray().Count(entry => entry!["from"] is null).ShouldBe(1);
        mine["grants"]!.AsArray().Count(entry => entry!["via"] is JsonObject via && via["space"] is null).ShouldBe(2);
        (await dora.MustAsync("GET", $"nodes/{space}/children"))["items"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("Eve");
        await dora.MustFailAsync(403, "forbidden", "PATCH", $"nodes/{dataset}", new JsonObject { ["name"] = "Mine" }, "*");
        var placed = (await dora.MustAsync("GET", $"spaces/{space}/placements"))["items"]!.AsArray().Single()!;
        $"{placed["node"]!["name"]} {placed["role"]} {placed["capabilities"]!.ToJsonString()}".ShouldBe("""Eve viewer ["see","download"]""");
        await eve.MustFailAsync(404, "not-found", "GET", $"spaces/{space}/placements");
    }

    [Fact]
    public async Task Two_of_one_name_are_told_apart_by_their_logins()
    {
        await using var hub = await TestHub.StartAsync(database);
        var admin = await hub.AccountAsync("anton", administrator: true);
        foreach (var login in new[] { "mira-a", "mira-b" })
            await admin.MustAsync("POST", "accounts", new JsonObject { ["login"] = login, ["name"] = "Mira Sand", ["password"] = "only-for-this-walk-7" });
        var group = await admin.MakeAsync("groups", new JsonObject { ["name"] = "Sand group" });
        var found = (await admin.MustAsync("GET", "principals?q=sand")).AsArray();
        found.Select(one => $"{one!["name"]} {one["login"]}").ShouldBe(["Mira Sand mira-a", "Mira Sand mira-b", "Sand group "], ignoreOrder: true);
        var project = await admin.ProjectAsync("Lattices");
        foreach (var one in found)
            await admin.MustAsync("PUT", $"nodes/{project}/grants/{one!["id"]}", Role("viewer"));
        (await admin.MustAsync("GET", $"nodes/{project}/access"))["grants"]!.AsArray().Select(entry => (string?)entry!["principal"]!["login"])
            .ShouldBe(["anton", "mira-a", "mira-b", null], ignoreOrder: true);
    }

    [Fact]
    public async Task The_last_owner_stays()
    {
        await using var hub = await TestHub.StartAsync(database);
        var admin = await hub.AccountAsync("anton", administrator: true);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var own = $"nodes/{project}/grants/{ada.Id}";
        await ada.MustFailAsync(409, "last-owner", "DELETE", own);
        await ada.MustFailAsync(409, "last-owner", "PUT", own, Role("viewer"));
        await ada.MustFailAsync(409, "last-owner", "PUT", own, new JsonObject { ["role"] = "owner", ["expiresAt"] = "2199-01-01T00:00:00Z" });
        await ada.MustAsync("PUT", $"nodes/{project}/grants/{eve.Id}", new JsonObject { ["role"] = "owner", ["expiresAt"] = "2199-01-01T00:00:00Z" });
        await ada.MustFailAsync(409, "last-owner", "DELETE", own);

        var group = await admin.MakeAsync("groups", new JsonObject { ["name"] = "Facility" });
        await ada.MustAsync("PUT", $"nodes/{project}/grants/{group}", Role("owner"));
        await ada.MustFailAsync(409, "last-owner", "DELETE", own);
        await admin.MustAsync("PUT", $"groups/{group}/members/{eve.Id}");
        await ada.MustAsync("DELETE", own);
        await admin.MustFailAsync(409, "last-owner", "DELETE", $"groups/{group}/members/{eve.Id}");
    }

    [Fact]
    public async Task Two_owners_who_remove_each_other_at_once_never_leave_none()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        for (var round = 0; round < 10; round++)
        {
            var project = await ada.ProjectAsync($"Lattices {round}");
            await ada.MustAsync("PUT", $"nodes/{project}/grants/{eve.Id}", Role("owner"));
            var answers = await Task.WhenAll(ada.SendAsync("DELETE", $"nodes/{project}/grants/{eve.Id}"), eve.SendAsync("DELETE", $"nodes/{project}/grants/{ada.Id}"));
            answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
            var left = await Task.WhenAll(ada.SendAsync("GET", $"nodes/{project}"), eve.SendAsync("GET", $"nodes/{project}"));
            left.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Handing_over_makes_one_owner_and_one_viewer()
    {
        await using var hub = await TestHub.StartAsync(database);
        var admin = await hub.AccountAsync("anton", administrator: true);
        var (ada, eve, dora) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"), await hub.AccountAsync("dora"));
        var project = await ada.ProjectAsync("Lattices");
        await ada.MustAsync("POST", $"nodes/{project}/hand-over", new JsonObject { ["principalId"] = eve.Id });
        (await ada.MustAsync("GET", $"nodes/{project}"))["capabilities"]!.ToJsonString().ShouldBe("""["see","download"]""");
        await ada.MustFailAsync(403, "forbidden", "POST", $"nodes/{project}/hand-over", new JsonObject { ["principalId"] = ada.Id });
        // Eve left: an administrator hands over what was hers.
        (await admin.MustFailAsync(409, "last-owner", "PATCH", $"accounts/{eve.Id}", new JsonObject { ["disabled"] = true }))["detail"]!.GetValue<string>().ShouldContain("\"Lattices\"");
        await admin.MustAsync("POST", $"nodes/{project}/hand-over", new JsonObject { ["principalId"] = dora.Id, ["fromPrincipalId"] = eve.Id });
        await admin.MustAsync("PATCH", $"accounts/{eve.Id}", new JsonObject { ["disabled"] = true });
        await dora.MustAsync("PATCH", $"nodes/{project}", new JsonObject { ["name"] = "Crystals" }, "*");
    }

    [Fact]
    public async Task Who_restores_a_project_whose_owners_left_owns_it()
    {
        await using var hub = await TestHub.StartAsync(database);
        var admin = await hub.AccountAsync("anton", administrator: true);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var trashed = await ada.MustAsync("DELETE", $"nodes/{project}", ifMatch: "*");
        await admin.MustAsync("PATCH", $"accounts/{ada.Id}", new JsonObject { ["disabled"] = true });
        await admin.MustAsync("POST", $"trash/{trashed["trashId"]}/restore");
        (await admin.MustAsync("GET", $"nodes/{project}/access"))["grants"]!.AsArray()
            .ShouldContain(grant => grant!["principal"]!["name"]!.GetValue<string>() == "Anton" && grant["role"]!.GetValue<string>() == "owner");
    }

    [Fact]
    public async Task A_guest_link_shows_what_it_was_made_for_until_it_ends()
    {
        await using var hub = await TestHub.StartAsync(database);
        var ada = await hub.AccountAsync("ada");
        var project = await ada.ProjectAsync("Lattices");
        var (shown, hidden) = (await ada.DatasetAsync(project, "shown"), await ada.DatasetAsync(project, "hidden"));
        var link = await ada.MustAsync("POST", $"nodes/{shown}/links", new JsonObject());
        link["url"]!.GetValue<string>().ShouldBe($"{hub.Address.GetLeftPart(UriPartial.Authority)}/nodes/{shown}?link={link["secret"]}");
        var guest = hub.Stranger();
        (await guest.MustAsync("GET", $"nodes/{shown}?link={link["secret"]}"))["capabilities"]!.ToJsonString().ShouldBe("""["see"]""");
        await guest.MustFailAsync(404, "not-found", "GET", $"nodes/{hidden}?link={link["secret"]}");
        await guest.MustFailAsync(401, "not-signed-in", "GET", $"nodes/{shown}");
        await ada.MustFailAsync(400, "invalid", "POST", $"nodes/{shown}/links", Role("editor"));
        await ada.MustFailAsync(400, "invalid", "PUT", $"nodes/{hidden}/grants/{link["id"]}", Role("viewer"));
        await ada.MustAsync("DELETE", $"nodes/{shown}/links/{link["id"]}");
        await guest.MustFailAsync(401, "not-signed-in", "GET", $"nodes/{shown}?link={link["secret"]}");
    }

    [Fact]
    public async Task The_history_tells_in_words_what_happened_and_hides_what_the_reader_may_not_see()
    {
        await using var hub = await TestHub.StartAsync(database);
        var (ada, eve) = (await hub.AccountAsync("ada"), await hub.AccountAsync("eve"));
        var project = await ada.ProjectAsync("Lattices");
        var collection = await ada.CollectionAsync(project, "2026");
        var dataset = await ada.DatasetAsync(project, "Eve");
        await ada.MustAsync("PATCH", $"nodes/{dataset}", new JsonObject { ["name"] = "Adam", ["tags"] = new JsonArray("good") }, "*");
        await ada.MustAsync("POST", $"nodes/{dataset}/move", new JsonObject { ["parentId"] = collection }, "*");
        await ada.MustAsync("PUT", $"nodes/{dataset}/grants/{eve.Id}", new JsonObject { ["role"] = "viewer", ["expiresAt"] = "2199-03-01T00:00:00Z" });
        await ada.MustAsync("PUT", $"nodes/{dataset}/grants/{eve.Id}", Role("guest"));

        async Task<string[]> WordsAsync(TestActor who, string query = "") =>
            [.. (await who.MustAsync("GET", $"nodes/{dataset}/events{query}"))["items"]!.AsArray().Select(entry => $"{entry!["actor"]!["name"]} {entry["words"]}")];
        (await WordsAsync(ada)).ShouldBe([
            "Ada changed what Eve may do with \"Adam\" from viewer to guest",
            "Ada shared \"Adam\" with Eve as viewer until 1 March 2199",
            "Ada moved the dataset \"Adam\" from the project \"Lattices\" to the collection \"2026\"",
            "Ada renamed it from \"Eve\" to \"Adam\"; tagged it \"good\"",
            "Ada made the dataset \"Eve\" in the project \"Lattices\"",
        ]);
        (await WordsAsync(eve))[2].ShouldBe("Ada moved the dataset \"Adam\" from a place that you do not see to a place that you do not see");
        var first = await ada.MustAsync("GET", $"nodes/{dataset}/events?limit=2");
        (await WordsAsync(ada, $"?limit=2&cursor={first["next"]}")).Length.ShouldBe(2);
    }
}
