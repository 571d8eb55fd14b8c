using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Files;

public sealed class TagTests(TestDatabase database)
{
    [Fact]
    public async Task Tags_in_use_are_told_with_their_uses_of_nodes_and_sets_below()
    {
        await using var stage = await DepositStage.SetAsync(database);
        var a = await stage.PutAsync("one/a.dm3", [1]);
        var b = await stage.PutAsync("two/b.dm3", [2]);
        var owner = new TestActor(stage.Owner, stage.As(stage.Owner));
        await owner.MustAsync("PATCH", $"file-sets/{a["fileSetId"]}", new JsonObject { ["tags"] = new JsonArray("grain", "EBSD") }, "*");
        await owner.MustAsync("PATCH", $"file-sets/{b["fileSetId"]}", new JsonObject { ["tags"] = new JsonArray("grain") }, "*");
        await owner.MustAsync("PATCH", $"nodes/{a["datasetId"]}", new JsonObject { ["tags"] = new JsonArray("steel") }, "*");
        (await TagsAsync($"nodes/{stage.Project}/tags")).ShouldBe(["EBSD 1", "grain 2", "steel 1"], ignoreOrder: true);
        (await TagsAsync($"nodes/{b["datasetId"]}/tags")).ShouldBe(["grain 1"]);
        var page = await owner.MustAsync("GET", $"nodes/{stage.Project}/tags?limit=2");
        (await TagsAsync($"nodes/{stage.Project}/tags?cursor={page["next"]}")).Length.ShouldBe(1);

        await owner.MustAsync("DELETE", $"file-sets/{b["fileSetId"]}", ifMatch: "*");
        (await TagsAsync($"nodes/{b["datasetId"]}/tags")).ShouldBeEmpty();
        var stranger = new TestActor(stage.Stranger, stage.As(stage.Stranger));
        await stranger.MustFailAsync(404, "not-found", "GET", $"nodes/{stage.Project}/tags");

        async Task<string[]> TagsAsync(string path) =>
            [.. (await owner.MustAsync("GET", path))["items"]!.AsArray().Select(use => $"{use!["tag"]} {use["uses"]}")];
    }
}
