using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Search;

public sealed class SearchTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Three files that differ in all that is asked below.</summary>
    private static async Task<(SearchStage Stage, Guid Dataset, Guid Project)> LabAsync(TestDatabase database)
    {
        var stage = await SearchStage.SetAsync(database);
        var project = await stage.Administrator.ProjectAsync("Steel 2017");
        var dataset = await stage.Administrator.DatasetAsync(project, "Precipitates");
        await stage.FileAsync(dataset, "JL20170314_GoldParticles.dm3", new
        {
            accelerating_voltage = 200_000.0, pixel_size = 0.2e-9, instrument = "FEI Tecnai Osiris", @operator = "JLAU", acquisition_time = "2017-03-14T09:30:00", exposure_time = 0.5, specimen = "Fe₃C in ferrite",
        }, JsonNode.Parse("""{"ImageList":[{"ImageTags":{"Tecnai":{"User":"JLAU"},"Microscope Info":{"Voltage":200000,"Name":"Tecnai Remote"}}}]}"""), ["figure 1"], "Gatan DigitalMicrograph 3, little-endian");
        await stage.FileAsync(dataset, "scan/overview_02.tif", new { accelerating_voltage = 300_000.0, pixel_size = 0.08e-9, instrument = "Titan Themis", @operator = "M. Núñez", acquisition_time = "2018-11-02", exposure_time = 2.0 },
            JsonNode.Parse("""{"FEI":{"Beam":{"HV":"300000.0"}}}"""), ["Figure 1", "draft"], axes: Axes(("y", "signal", 64), ("x", "signal", 64)));
        await stage.FileAsync(dataset, "notes.txt", format: null);
        await stage.IndexedAsync();
        return (stage, dataset, project);
    }

    private static JsonArray Axes(params (string Name, string Role, int Size)[] axes) =>
        [.. axes.Select(axis => (JsonNode)new JsonObject { ["name"] = axis.Name, ["role"] = axis.Role, ["size"] = axis.Size, ["scale"] = 0.1, ["offset"] = 0, ["unit"] = "nm" })];

    private static readonly (string Query, string Names)[] Asked =
    [
        ("gold", "JL20170314_GoldParticles.dm3"),
        ("particles", "JL20170314_GoldParticles.dm3"),
        ("goldpart", "JL20170314_GoldParticles.dm3"),
        ("jl2017", "JL20170314_GoldParticles.dm3"),
        ("ov", ""),
        ("ov*", "scan/overview_02.tif"),
        ("\"ferrite\"", "JL20170314_GoldParticles.dm3"),
        ("\"tecnai osiris\"", "JL20170314_GoldParticles.dm3"),
        ("\"osiris tecnai\"", ""),
        ("nunez", "scan/overview_02.tif"),
        ("NÚÑEZ", "scan/overview_02.tif"),
        ("remote", "JL20170314_GoldParticles.dm3"),
        ("steel notes", "notes.txt"),
        ("precipitate 02", "scan/overview_02.tif"),
        ("accelerating_voltage:>=300kV", "scan/overview_02.tif"),
        ("voltage:300kV", "scan/overview_02.tif"),
        ("HT:<300kV", "JL20170314_GoldParticles.dm3"),
        ("pixel_size:<0.1nm", "scan/overview_02.tif"),
        ("pixel_size:0.2nm", "JL20170314_GoldParticles.dm3"),
        ("pixel_size:1Å..2.5Å", "JL20170314_GoldParticles.dm3"),
        ("date:2017", "JL20170314_GoldParticles.dm3"),
        ("date:2017..2018", "scan/overview_02.tif|JL20170314_GoldParticles.dm3"),
        ("date:>2017-12", "scan/overview_02.tif"),
        ("exposure:10ms..1s", "JL20170314_GoldParticles.dm3"),
        ("tag:\"figure 1\"", "scan/overview_02.tif|JL20170314_GoldParticles.dm3"),
        ("tag:draft", "scan/overview_02.tif"),
        ("tag:*", "scan/overview_02.tif|JL20170314_GoldParticles.dm3"),
        ("by:jlau", "JL20170314_GoldParticles.dm3"),
        ("instrument:osiris", "JL20170314_GoldParticles.dm3"),
        ("instrument:\"fei tecnai osiris\"", "JL20170314_GoldParticles.dm3"),
        ("instrument:titan,osiris", "scan/overview_02.tif|JL20170314_GoldParticles.dm3"),
        ("format:\"gatan digitalmicrograph 3\"", "JL20170314_GoldParticles.dm3"),
        ("kind:image", "scan/overview_02.tif"),
        ("has:calibration", "scan/overview_02.tif"),
        ("-voltage:*", "notes.txt"),
        ("-gold -notes", "scan/overview_02.tif"),
        ("gold OR notes", "notes.txt|JL20170314_GoldParticles.dm3"),
        ("-(gold OR notes)", "scan/overview_02.tif"),
        ("original.ImageTags.Tecnai.User:JLAU", "JL20170314_GoldParticles.dm3"),
        ("original.tecnai.user:jl*", "JL20170314_GoldParticles.dm3"),
        ("original.\"Microscope Info.Voltage\":2e5", "JL20170314_GoldParticles.dm3"),
        ("original.HV:300000", "scan/overview_02.tif"),
        ("original.HV:>250000", "scan/overview_02.tif"),
        ("original.HV:<250000", ""),
        ("in:\"Steel 2017\" gold", "JL20170314_GoldParticles.dm3"),
        ("in:\"steel 2017/precipitates\" gold", "JL20170314_GoldParticles.dm3"),
        ("name:notes", "notes.txt"),
    ];

    [Fact]
    public async Task What_a_microscopist_asks_is_found()
    {
        var (stage, _, _) = await LabAsync(database);
        await using (stage)
            foreach (var (query, names) in Asked)
                string.Join('|', (await stage.NamesAsync(query)).Order(StringComparer.Ordinal)).ShouldBe(string.Join('|', names.Split('|').Order(StringComparer.Ordinal)), query);
    }

    private static readonly (string Query, int Position, int Length, string Word)[] Wrong =
    [
        ("gold voltage:200", 13, 3, "unit"),
        ("voltage:200nm", 8, 5, "length"),
        ("voltag:200kV", 0, 6, "accelerating_voltage"),
        ("a (b", 2, 1, "not closed"),
        ("gold \"part", 5, 1, "quote"),
        ("date:soon", 5, 4, "2017-03-14"),
        ("in:Nowhere", 3, 7, "Nowhere"),
        ("has:wings", 4, 5, "pyramid"),
        ("original.Nothing.Here:1", 0, 21, "Nothing.Here"),
        ("foo:(", 4, 1, "parenthesis"),
        ("12:30", 0, 5, "quotes"),
        ("gold !!!", 5, 3, "letter"),
    ];

    [Fact]
    public async Task An_error_points_at_its_place()
    {
        var (stage, _, _) = await LabAsync(database);
        await using (stage)
            foreach (var (query, position, length, word) in Wrong)
            {
                var problem = await stage.RefusedAsync(query);
                ((int)problem["position"]!, (int)problem["length"]!).ShouldBe((position, length), (string?)problem["detail"]);
                ((string)problem["detail"]!).ShouldContain(word);
            }
    }

    [Fact]
    public async Task What_could_be_chosen_as_well_is_counted_as_if_nothing_were_chosen()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var olga = await stage.Hub.AccountAsync("olga");
        foreach (var (name, tag) in new[] { ("Alloys", "a"), ("Oxides", "b"), ("Secret", "b") })
        {
            var project = await stage.Administrator.ProjectAsync(name);
            var dataset = await stage.Administrator.DatasetAsync(project, "One");
            await stage.RunAsync("update nodes set tags = @tags where id = @dataset", new { tags = new[] { tag }, dataset });
            await stage.FileAsync(dataset, "1.dm3", new { instrument = "Titan" }, tags: ["a", "b"]);
            await stage.FileAsync(dataset, "2.dm3", new { instrument = "Osiris" }, tags: ["c"]);
            if (name != "Secret")
                await stage.Administrator.MustAsync("PUT", $"nodes/{project}/grants/{olga.Id}", new JsonObject { ["role"] = "guest" });
        }

        await stage.IndexedAsync();
        (await CountsAsync("", "tag", stage.Administrator)).ShouldBe("a 4, b 5, c 3");
        (await CountsAsync("", "tag", olga)).ShouldBe("a 3, b 3, c 2");
        foreach (var actor in new[] { stage.Administrator, olga })
            foreach (var (query, field) in new[] { ("tag:a", "tag"), ("in:Alloys", "in"), ("instrument:titan", "instrument") })
                (await CountsAsync(query, field, actor)).ShouldBe(await CountsAsync("", field, actor), query);

        async Task<string> CountsAsync(string query, string field, TestActor actor)
        {
            var facet = (await stage.FacetsAsync(query, actor))["facets"]!.AsArray().Single(facet => (string)facet!["field"]! == field)!;
            return string.Join(", ", facet["values"]!.AsArray().Select(value => $"{value!["label"]} {value["count"]}").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task An_image_is_no_spectrum_image()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await stage.FileAsync(dataset, "a.dm3", axes: Axes(("y", "signal", 64), ("x", "signal", 64)));
        await stage.FileAsync(dataset, "b.dm3", axes: Axes(("y", "navigation", 64), ("x", "navigation", 64), ("energy", "signal", 1024)));
        await stage.IndexedAsync();
        (await stage.NamesAsync("kind:image")).ShouldBe(["a.dm3"]);
        (await stage.NamesAsync("kind:spectrum")).ShouldBeEmpty();
        (await stage.NamesAsync("kind:\"spectrum image\"")).ShouldBe(["b.dm3"]);
        (await stage.NamesAsync("kind:spec*")).ShouldBe(["b.dm3"]);
    }

    [Fact]
    public async Task Names_come_first_and_every_hit_says_why()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        await stage.FileAsync(dataset, "a.dm3", new { comment = "a precipitate at the boundary", acquisition_time = "2026-01-01" });
        await stage.FileAsync(dataset, "precipitate.dm3", new { acquisition_time = "2001-01-01" });
        await stage.IndexedAsync();
        var found = (await stage.SearchAsync("precipitate"))["items"]!.AsArray();
        found.Select(item => (string)item!["file"]!["name"]!).ShouldBe(["precipitate.dm3", "a.dm3"]);
        found[0]!["matches"]![0]!["field"]!.GetValue<string>().ShouldBe("name");
        var why = found[1]!["matches"]![0]!;
        ((string)why["field"]!, (string)why["text"]!, (int)why["ranges"]![0]![0]!, (int)why["ranges"]![0]![1]!).ShouldBe(("comment", "a precipitate at the boundary", 2, 11));
        (await stage.NamesAsync("precipitate", more: "&sort=newest")).ShouldBe(["a.dm3", "precipitate.dm3"]);
        (await stage.NamesAsync("precipitate", limit: 1)).ShouldBe(["precipitate.dm3", "a.dm3"]);
    }

    [Fact]
    public async Task Sorting_by_a_field_puts_those_without_it_last_and_pages_meet()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "One");
        for (var i = 0; i < 12; i++)
            await stage.FileAsync(dataset, $"f{i:00}", i % 3 == 0 ? new { } : new { pixel_size = 1e-9 * (12 - i), instrument = $"M{i % 5}" });
        await stage.IndexedAsync();
        var ascending = await stage.NamesAsync("", more: "&sort=pixel_size", limit: 5);
        ascending.Take(8).ShouldBe(["f11", "f10", "f08", "f07", "f05", "f04", "f02", "f01"]);
        ascending.Skip(8).Order().ShouldBe(["f00", "f03", "f06", "f09"]);
        // Numbers, not their texts, also where hits are gathered: 11 nm after 2 nm.
        (await stage.NamesAsync("f*", more: "&sort=pixel_size", limit: 5)).Take(8).ShouldBe(ascending.Take(8));
        (await stage.NamesAsync("", more: "&sort=-pixel_size", limit: 5)).Take(8).ShouldBe(["f01", "f02", "f04", "f05", "f07", "f08", "f10", "f11"]);
        (await stage.NamesAsync("", more: "&sort=-instrument", limit: 3)).Order().ShouldBe(ascending.Order());
        (await stage.NamesAsync("f*", more: "&sort=name", limit: 5)).ShouldBe(ascending.Order());
    }

    [Fact]
    public async Task Facets_count_what_else_could_be_chosen()
    {
        var (stage, _, _) = await LabAsync(database);
        await using (stage)
        {
            var facets = await stage.FacetsAsync("instrument:\"Titan Themis\"");
            ((long)facets["total"]!).ShouldBe(1);
            var byField = facets["facets"]!.AsArray().ToDictionary(facet => (string)facet!["field"]!, facet => facet!["values"]!.AsArray().ToDictionary(value => (string)value!["value"]!, value => ((long)value!["count"]!, (bool)value["selected"]!)));
            byField["instrument"].ShouldBe(new Dictionary<string, (long, bool)> { ["FEI Tecnai Osiris"] = (1, false), ["Titan Themis"] = (1, true) }, ignoreOrder: true);
            byField["accelerating_voltage"].ShouldBe(new Dictionary<string, (long, bool)> { ["300000"] = (1, false) });
            byField["date"].Keys.ShouldBe(["2018-11"]);
            byField["tag"].Keys.Order().ShouldBe(["draft", "figure 1"]);
            byField["in"].ShouldBe(new Dictionary<string, (long, bool)> { ["Steel 2017"] = (1, false) });
            ((long)(await stage.FacetsAsync("voltage:200kV..300kV gold"))["total"]!).ShouldBe(1);
        }
    }

    [Fact]
    public async Task What_is_hidden_is_not_found_counted_completed_or_told_by_its_name()
    {
        var (stage, dataset, project) = await LabAsync(database);
        await using (stage)
        {
            var guest = await stage.Hub.AccountAsync("gustav");
            (await stage.NamesAsync("", guest)).ShouldBeEmpty();
            ((long)(await stage.FacetsAsync("", guest))["total"]!).ShouldBe(0);
            (await guest.Client.GetStringAsync("search/suggestions?q=osi", Cancelled)).ShouldBe("[]");
            (await guest.Client.GetStringAsync("search/suggestions?q=original.tecn", Cancelled)).ShouldBe("[]");
            (await guest.Client.GetStringAsync("search/export?q=gold&fields=name", Cancelled)).ShouldBe("name\r\n");

            // The dataset is shared, and not the project: its name tells nothing.
            await stage.Administrator.MustAsync("PUT", $"nodes/{dataset}/grants/{guest.Id}", new JsonObject { ["role"] = "guest" });
            (await stage.NamesAsync("gold", guest)).ShouldBe(["JL20170314_GoldParticles.dm3"]);
            (await stage.NamesAsync("precipitate gold", guest)).ShouldBe(["JL20170314_GoldParticles.dm3"]);
            (await stage.NamesAsync("steel", guest)).ShouldBeEmpty();
            (await stage.NamesAsync("steel")).Count.ShouldBe(3);
            var place = (await stage.FacetsAsync("", guest))["facets"]!.AsArray().Single(facet => (string)facet!["field"]! == "in")!["values"]![0]!;
            ((string)place["label"]!, (long)place["count"]!).ShouldBe(("Precipitates", 3));
            (await guest.Client.GetStringAsync("search/suggestions?q=osi", Cancelled)).ShouldContain("FEI Tecnai Osiris");

            await stage.Administrator.MustAsync("DELETE", $"nodes/{project}", null, "*");
            (await stage.NamesAsync("gold", guest)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_changes_is_found_anew()
    {
        var (stage, dataset, project) = await LabAsync(database);
        await using (stage)
        {
            var gold = (Guid)(await stage.SearchAsync("gold"))["items"]![0]!["file"]!["id"]!;
            await stage.Administrator.MustAsync("PATCH", $"file-sets/{gold}", new JsonObject { ["tags"] = new JsonArray("cementite") }, "*");
            await stage.Administrator.MustAsync("PATCH", $"nodes/{project}", new JsonObject { ["name"] = "Iron", ["description"] = "All about *martensite*.", ["tags"] = new JsonArray("thesis") }, "*");
            await stage.IndexedAsync();
            (await stage.NamesAsync("tag:cementite")).ShouldBe(["JL20170314_GoldParticles.dm3"]);
            (await stage.NamesAsync("tag:\"figure 1\"")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("steel")).ShouldBeEmpty();
            (await stage.NamesAsync("martensite tag:thesis")).Count.ShouldBe(3);
            var tags = (await stage.FacetsAsync(""))["facets"]!.AsArray().Single(facet => (string)facet!["field"]! == "tag")!["values"]!.AsArray();
            tags.Select(tag => ((string)tag!["value"]!, (long)tag["count"]!)).ShouldBe([("thesis", 3), ("cementite", 1), ("draft", 1), ("figure 1", 1)], ignoreOrder: true);
            await stage.Administrator.MustAsync("DELETE", $"file-sets/{gold}", null, "*");
            await stage.IndexedAsync();
            (await stage.NamesAsync("cementite")).ShouldBeEmpty();
            ((long)(await stage.SearchAsync(""))["total"]!).ShouldBe(2);
        }
    }

    [Fact]
    public async Task Typing_is_completed_with_what_there_is()
    {
        var (stage, _, _) = await LabAsync(database);
        await using (stage)
        {
            async Task<JsonArray> SuggestAsync(string query) => JsonNode.Parse(await stage.Administrator.Client.GetStringAsync($"search/suggestions?q={Uri.EscapeDataString(query)}&caret={query.Length}", Cancelled))!.AsArray();
            var value = (await SuggestAsync("gold instrument:tec"))[0]!;
            ((string)value["insert"]!, (int)value["start"]!, (int)value["end"]!, (long)value["count"]!).ShouldBe(("\"FEI Tecnai Osiris\"", 16, 19, 1));
            (await SuggestAsync("gold volt"))[0]!["insert"]!.GetValue<string>().ShouldBe("accelerating_voltage:");
            (await SuggestAsync("osi"))[0]!["insert"]!.GetValue<string>().ShouldBe("instrument:\"FEI Tecnai Osiris\"");
            (await SuggestAsync("ste"))[0]!["insert"]!.GetValue<string>().ShouldBe("in:\"Steel 2017\"");
            (await SuggestAsync("original.microscope"))[0]!["insert"]!.GetValue<string>().ShouldBe("original.\"ImageList.ImageTags.Microscope Info.Name\":");
        }
    }

    [Fact]
    public async Task An_export_has_chosen_fields_of_all_files()
    {
        var (stage, _, _) = await LabAsync(database);
        await using (stage)
        {
            (await stage.Administrator.Client.GetStringAsync("search/export?q=voltage:*&fields=name,accelerating_voltage,operator,tags", Cancelled)).ShouldBe(
                "name,accelerating_voltage,operator,tags\r\nscan/overview_02.tif,300000,M. Núñez,\"Figure 1; draft\"\r\nJL20170314_GoldParticles.dm3,200000,JLAU,figure 1\r\n");
            (await stage.Administrator.Client.GetStringAsync("search/export?q=notes&format=ndjson&fields=name,pixel_size", Cancelled)).ShouldBe("{\"name\":\"notes.txt\",\"pixel_size\":null}\n");
        }
    }

    [Fact]
    public async Task What_a_spreadsheet_would_run_is_exported_as_text_and_numbers_stay_numbers()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Alloys"), "@SUM(1+1)");
        await stage.FileAsync(dataset, "=HYPERLINK(\"http://example.org\").tif", new { @operator = "+1+cmd", specimen = "\t=1", stage_x = -5.0, defocus = -2e-7 }, tags: ["-1+2"]);
        await stage.IndexedAsync();
        (await stage.Administrator.Client.GetStringAsync("search/export?fields=name,dataset_name,operator,specimen,tags,stage_x,defocus", Cancelled)).ShouldBe(
            "name,dataset_name,operator,specimen,tags,stage_x,defocus\r\n\"'=HYPERLINK(\"\"http://example.org\"\").tif\",'@SUM(1+1),'+1+cmd,\"'\t=1\",'-1+2,-5,-2E-07\r\n");
        (await stage.Administrator.Client.GetStringAsync("search/export?format=ndjson&fields=dataset_name,stage_x", Cancelled)).ShouldBe("{\"dataset_name\":\"@SUM(1+1)\",\"stage_x\":-5}\n");
    }

    [Fact]
    public async Task A_saved_search_is_seen_by_those_who_see_its_project()
    {
        var (stage, _, project) = await LabAsync(database);
        await using (stage)
        {
            var owner = await stage.Hub.AccountAsync("olga");
            var viewer = await stage.Hub.AccountAsync("viktor");
            await stage.Administrator.MustAsync("PUT", $"nodes/{project}/grants/{owner.Id}", new JsonObject { ["role"] = "editor" });
            await owner.MustAsync("POST", "saved-searches", new JsonObject { ["name"] = "At 300 kV", ["query"] = "voltage:300kV", ["project"] = project });
            await owner.MustAsync("POST", "saved-searches", new JsonObject { ["name"] = "Mine", ["query"] = "gold" });
            async Task<string[]> ListAsync(TestActor actor) => [.. JsonNode.Parse(await actor.Client.GetStringAsync("saved-searches", Cancelled))!.AsArray().Select(search => (string)search!["name"]!)];
            (await ListAsync(owner)).ShouldBe(["At 300 kV", "Mine"]);
            (await ListAsync(viewer)).ShouldBeEmpty();
            await stage.Administrator.MustAsync("PUT", $"nodes/{project}/grants/{viewer.Id}", new JsonObject { ["role"] = "viewer" });
            (await ListAsync(viewer)).ShouldBe(["At 300 kV"]);
        }
    }

    [Fact]
    public async Task What_people_add_is_found()
    {
        var (stage, dataset, project) = await LabAsync(database);
        await using (stage)
        {
            var file = (Guid)(await stage.SearchAsync("overview"))["items"]![0]!["file"]!["id"]!;
            await stage.Administrator.MustAsync("POST", $"file-sets/{file}/images/0/annotations", JsonNode.Parse("""{"items":[{"kind":"point","points":[4,4],"label":"Cementite needle","tags":["odd"],"note":"look again"}]}""")!);
            await stage.Administrator.MustAsync("POST", $"nodes/{dataset}/notes", new JsonObject { ["body"] = "Etched with *nital*." });
            await stage.Administrator.MustAsync("POST", $"file-sets/{file}/comments", new JsonObject { ["body"] = "astigmatic" });
            await stage.IndexedAsync();
            (await stage.NamesAsync("cementite")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("has:annotation")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("astigmatic")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("nital")).Count.ShouldBe(3);
            await stage.RunAsync("""
                insert into field_templates (id, project_id, name, applies_to, position) values (@project, @project, 'Sample', '{dataset,file-set}', 0);
                insert into fields (id, template_id, project_id, name, type, unit, position) values (@project, @project, @project, 'Foil thickness', 'number', 'nm', 0);
                insert into fields (id, template_id, project_id, name, type, position) values (@dataset, @project, @project, 'Etchant', 'text', 1);
                insert into field_values (id, object_id, object_kind, field_id, number, text, number_si, set_by, set_at) values (gen_random_uuid(), @file, 'file-set', @project, 80, '80', 80e-9, @Id, now());
                insert into field_values (id, object_id, object_kind, field_id, text, set_by, set_at) values (gen_random_uuid(), @dataset, 'dataset', @dataset, 'Nital 2 %', @Id, now());
                """, new { project, dataset, file, stage.Administrator.Id });
            await stage.IndexedAsync();
            (await stage.NamesAsync("foil_thickness:<100nm")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("\"foil thickness\":80")).ShouldBe(["scan/overview_02.tif"]);
            (await stage.NamesAsync("foil_thickness:>0.1µm")).ShouldBeEmpty();
            (await stage.NamesAsync("etchant:nital gold")).ShouldBe(["JL20170314_GoldParticles.dm3"]);
            ((string)(await stage.RefusedAsync("foil_thickness:<100kV"))["detail"]!).ShouldContain("nm");
            var guest = await stage.Hub.AccountAsync("gustav");
            using var answer = await guest.Client.GetAsync("search?q=foil_thickness:*", Cancelled);
            ((int)answer.StatusCode).ShouldBe(400, "fields of hidden projects are not known");
        }
    }
}
