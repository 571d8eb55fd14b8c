using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.MetadataViews;

public sealed class MetadataViewTests(TestDatabase database)
{
    private static JsonObject View(string[] terms, string? format = null, string? instrument = null) => new()
    {
        ["terms"] = new JsonArray([.. terms.Select(term => (JsonNode)term)]), ["format"] = format, ["instrument"] = instrument,
    };

    [Fact]
    public async Task The_view_of_the_instrument_goes_before_that_of_the_format_and_both_before_that_of_all_files()
    {
        await using var world = await WalkWorld.MakeAsync(database, Path.GetTempPath());
        var set = await world.ReadFileSetAsync();
        await world.RunAsync("""update extractions set acquisition = '{"instrument": {"value": "Titan", "unit": null, "source": "x"}}' where file_set_id = @set""", new { set });
        var views = $"nodes/{world.Project}/metadata-views";
        async Task<string?> ShownAsync() => (await world[WalkCaller.Guest].MustAsync("GET", $"file-sets/{set}"))["shownFirst"]?.ToJsonString();

        (await ShownAsync()).ShouldBeNull();
        await world.Owner.MustAsync("POST", views, View(["specimen"], format: "mrc"));
        await world.Owner.MustAsync("POST", views, View(["specimen"], instrument: "Talos"));
        (await ShownAsync()).ShouldBeNull();
        await world.Owner.MustAsync("POST", views, View(["operator", "specimen"]));
        (await ShownAsync()).ShouldBe("""["operator","specimen"]""");
        await world.Owner.MustAsync("POST", views, View(["detector"], format: "dm3"));
        (await ShownAsync()).ShouldBe("""["detector"]""");
        var own = await world.Owner.MustAsync("POST", views, View(["detector", "operator"], instrument: "Titan"));
        (await ShownAsync()).ShouldBe("""["detector","operator"]""");

        await world.Owner.MustFailAsync(412, "stale", "PATCH", $"metadata-views/{own["id"]}", new JsonObject { ["terms"] = new JsonArray("specimen") }, "9");
        await world.Owner.MustAsync("PATCH", $"metadata-views/{own["id"]}", new JsonObject { ["terms"] = new JsonArray("operator", "detector") }, "1");
        (await ShownAsync()).ShouldBe("""["operator","detector"]""");
        await world.Owner.MustAsync("DELETE", $"metadata-views/{own["id"]}", ifMatch: "2");
        (await ShownAsync()).ShouldBe("""["detector"]""");
        (await world.Owner.MustAsync("GET", $"nodes/{world.Project}/events"))["items"]!.AsArray().Take(3).Select(entry => (string)entry!["words"]!).ShouldBe([
            "has the usual facts shown first again of files of the instrument \"Titan\"", "changed what is shown first of files of the instrument \"Titan\"",
            "chose what is shown first of files of the instrument \"Titan\"",
        ]);
    }

    [Fact]
    public async Task What_is_chosen_must_be_terms_of_a_project_once()
    {
        await using var world = await WalkWorld.MakeAsync(database, Path.GetTempPath());
        var views = $"nodes/{world.Project}/metadata-views";
        (await world.Owner.MustFailAsync(400, "invalid", "POST", views, View(["colour"])))["detail"]!.GetValue<string>().ShouldContain("\"colour\"");
        (await world.Owner.MustFailAsync(400, "invalid", "POST", views, View([])))["detail"]!.GetValue<string>().ShouldContain("1 to 40");
        await world.Owner.MustFailAsync(400, "invalid", "POST", views, View(["specimen"], "dm3", "Titan"));
        await world.Owner.MustFailAsync(409, "not-a-project", "POST", $"nodes/{await world.DatasetAsync()}/metadata-views", View(["specimen"]));
        await world.Owner.MustAsync("POST", views, View(["specimen", "specimen"]));
        await world.Owner.MustFailAsync(409, "view-exists", "POST", views, View(["detector"]));
        (await world[WalkCaller.Viewer].MustAsync("GET", views))["items"]!.AsArray().Single()!["terms"]!.ToJsonString().ShouldBe("""["specimen"]""");
    }
}
