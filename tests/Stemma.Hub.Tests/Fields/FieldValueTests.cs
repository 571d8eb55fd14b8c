using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Fields;

public sealed class FieldValueTests(TestDatabase database)
{
    [Theory]
    [InlineData("0001-01-01", false)]
    [InlineData("0001-01-02", true)]
    [InlineData("9999-12-30", true)]
    [InlineData("9999-12-31", false)]
    public async Task A_date_is_none_that_the_database_takes_for_infinity(string date, bool isKept)
    {
        await using var stage = await FieldStage.SetAsync(database);
        using var answer = await stage.Ada.SendAsync("PATCH", $"nodes/{stage.Eve}/fields", new JsonObject { ["values"] = new JsonObject { ["Made on"] = date } }, "*");
        answer.IsSuccessStatusCode.ShouldBe(isKept);
        ((string?)(await stage.FieldAsync($"nodes/{stage.Eve}", "Made on"))["own"]?["date"]).ShouldBe(isKept ? date : null);
    }

    [Fact]
    public async Task Values_are_understood_as_people_write_them()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var sample = await stage.Ada.MakeAsync("samples", new JsonObject { ["projectId"] = stage.Project, ["name"] = "S12" });
        await stage.SetAsync(stage.Eve, new JsonObject
        {
            ["material"] = "  Ti-6Al-4V, as written ", ["Thickness"] = "0.2 um", ["Made on"] = "2026-03-14", ["Method"] = "fib", ["Made by"] = "Ada", ["From"] = "s12", ["Grains"] = 7.5,
        });
        string Text(JsonNode field) => field["own"]!["text"]!.GetValue<string>();
        Text(await stage.FieldAsync($"nodes/{stage.Eve}", "Material")).ShouldBe("  Ti-6Al-4V, as written ");
        var thickness = await stage.FieldAsync($"nodes/{stage.Eve}", "Thickness");
        thickness["own"]!["number"]!.GetValue<double>().ShouldBe(200);
        thickness["own"]!["written"]!.GetValue<string>().ShouldBe("0.2 um");
        Text(await stage.FieldAsync($"nodes/{stage.Eve}", "Method")).ShouldBe("FIB");
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Made by"))["own"]!["person"]!["name"]!.GetValue<string>().ShouldBe("Ada");
        var link = (await stage.FieldAsync($"nodes/{stage.Eve}", "From"))["own"]!["link"]!;
        (link["kind"]!.GetValue<string>(), link["id"]!.GetValue<Guid>(), link["name"]!.GetValue<string>()).ShouldBe(("sample", sample, "S12"));
        await using var connection = await stage.Hub.Database.OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<decimal>("select round(number_si::numeric, 12) from field_values v join fields f on f.id = v.field_id where f.name = 'Thickness'")).ShouldBe(0.0000002m);
    }

    [Theory]
    [InlineData("Thickness", "0,2", "0.2 nm")]
    [InlineData("Thickness", "5 kV", "unit of length")]
    [InlineData("Thickness", "thick", "expected a number")]
    [InlineData("Thickness", "1e999", "expected a number")]
    [InlineData("Grains", "5 nm", "without a unit")]
    [InlineData("Made on", "14.3.2026", "2026-03-14")]
    [InlineData("Made on", "2026-02-30", "2026-03-14")]
    [InlineData("Method", "etching", "FIB, polishing")]
    [InlineData("Made by", "Nobody", "nobody is known")]
    [InlineData("From", "javascript:alert(1)", "expected an address")]
    [InlineData("From", "node:00000000-0000-0000-0000-000000000001", "may not see it")]
    [InlineData("Colour", "red", "has no field \"Colour\"")]
    public async Task What_is_not_understood_is_refused_with_what_was_expected(string field, string written, string expected)
    {
        await using var stage = await FieldStage.SetAsync(database);
        // The good value beside it is not kept either.
        (await stage.RefusedAsync(stage.Eve, new JsonObject { ["Material"] = "gold", [field] = written })).ShouldContain(expected);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"].ShouldBeNull();
    }

    [Fact]
    public async Task Every_earlier_value_is_kept_with_who_and_when_also_after_it_was_cleared()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var bea = await stage.Hub.AccountAsync("bea");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/grants/{bea.Id}", new JsonObject { ["role"] = "editor" });
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold" }, "0");
        await bea.MustAsync("PATCH", $"nodes/{stage.Eve}/fields", new JsonObject { ["values"] = new JsonObject { ["Material"] = "silver" } }, "1");
        await stage.Ada.MustFailAsync(412, "stale", "PATCH", $"nodes/{stage.Eve}/fields", new JsonObject { ["values"] = new JsonObject { ["Material"] = "copper" } }, "1");
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = null }, "3");
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"].ShouldBeNull();

        var history = (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/fields/history"))["items"]!.AsArray();
        history.Select(value => $"{value!["value"]!["text"]} by {value["value"]!["setBy"]!["name"]}, ended by {value["endedBy"]!["name"]}").ShouldBe(["silver by Bea, ended by Ada", "gold by Ada, ended by Bea"]);
        var events = (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/events"))["items"]!.AsArray();
        events.Select(entry => entry!["words"]!.GetValue<string>()).Take(3).ShouldBe(["cleared Material", "set Material to \"silver\"", "set Material to \"gold\""]);
    }

    [Fact]
    public async Task The_same_value_again_changes_nothing_and_is_no_event()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold", ["Grains"] = 3 });
        (await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold", ["Grains"] = 3 }))["version"]!.GetValue<long>().ShouldBe(2);
        (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/events"))["items"]!.AsArray().Count(entry => entry!["type"]!.GetValue<string>() == "fields.changed").ShouldBe(1);
    }

    [Fact]
    public async Task Values_count_for_all_below_until_one_of_its_own_goes_before()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Project, new JsonObject { ["Material"] = "gold", ["Grains"] = 1 });
        await stage.SetAsync(stage.Collection, new JsonObject { ["Material"] = "silver" });
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "copper" });
        var set = await DepositAsync(stage, stage.Eve);

        var own = await stage.FieldAsync($"nodes/{stage.Eve}", "Material");
        own["own"]!["text"]!.GetValue<string>().ShouldBe("copper");
        own["inherited"]!["value"]!["text"]!.GetValue<string>().ShouldBe("silver");
        var below = await stage.FieldAsync($"file-sets/{set}", "Material");
        below["own"].ShouldBeNull();
        (below["inherited"]!["value"]!["text"]!.GetValue<string>(), below["inherited"]!["from"]!["name"]!.GetValue<string>()).ShouldBe(("copper", "Eve"));
        (await stage.FieldAsync($"nodes/{stage.Adam}", "Grains"))["inherited"]!["from"]!["name"]!.GetValue<string>().ShouldBe("Lattices");
    }

    [Fact]
    public async Task Whoever_sees_only_a_part_has_its_values_and_neither_the_names_above_nor_of_what_is_linked()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var guest = await stage.Hub.AccountAsync("gus");
        var secret = await stage.Ada.MakeAsync("samples", new JsonObject { ["projectId"] = stage.Project, ["name"] = "Secret alloy" });
        await stage.SetAsync(stage.Project, new JsonObject { ["Material"] = "gold" });
        await stage.SetAsync(stage.Eve, new JsonObject { ["From"] = $"sample:{secret}" });
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Eve}/grants/{guest.Id}", new JsonObject { ["role"] = "editor" });

        var inherited = (await stage.FieldAsync($"nodes/{stage.Eve}", "Material", guest))["inherited"]!;
        inherited["value"]!["text"]!.GetValue<string>().ShouldBe("gold");
        inherited["from"].ShouldBeNull();
        (await stage.FieldAsync($"nodes/{stage.Eve}", "From", guest))["own"]!["link"]!["name"].ShouldBeNull();
        // Nor can they find out whether something is there.
        foreach (var link in new[] { $"sample:{secret}", $"node:{stage.Adam}", "Secret alloy" })
            (await guest.MustFailAsync(400, "invalid", "PATCH", $"nodes/{stage.Eve}/fields", new JsonObject { ["values"] = new JsonObject { ["From"] = link } }, "*"))["detail"]!.GetValue<string>().ShouldStartWith("From: ");
        await guest.MustFailAsync(404, "not-found", "GET", $"nodes/{stage.Adam}/fields");
    }

    [Fact]
    public async Task What_moves_to_another_project_keeps_its_values_which_can_only_be_removed_there()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold" });
        var other = await stage.Ada.ProjectAsync("Other");
        await stage.Ada.MustAsync("POST", $"nodes/{stage.Eve}/move", new JsonObject { ["parentId"] = other }, "*");
        var field = await stage.FieldAsync($"nodes/{stage.Eve}", "Material");
        field["canBeSet"]!.GetValue<bool>().ShouldBeFalse();
        await stage.Ada.MustFailAsync(409, "field-of-another-place", "PATCH", $"nodes/{stage.Eve}/fields", new JsonObject { ["values"] = new JsonObject { ["Material"] = "x" } }, "*");
        (await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = null }))["groups"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_space_has_no_fields()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var space = await stage.Ada.MakeAsync("spaces", new JsonObject { ["name"] = "View" });
        (await stage.Ada.MustAsync("GET", $"nodes/{space}/fields"))["groups"]!.AsArray().ShouldBeEmpty();
        await stage.Ada.MustFailAsync(409, "space-has-no-fields", "PATCH", $"nodes/{space}/fields", new JsonObject { ["values"] = new JsonObject { ["Material"] = "x" } }, "*");
    }

    [Fact]
    public async Task What_was_written_about_what_is_removed_for_good_goes_with_it()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var set = await DepositAsync(stage, stage.Eve);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold" });
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "silver" });
        await stage.SetAsync(stage.Adam, new JsonObject { ["Material"] = "kept" });
        await stage.Ada.MustAsync("PATCH", $"file-sets/{set}/fields", new JsonObject { ["values"] = new JsonObject { ["Grains"] = 1 } }, "*");
        await stage.Ada.MustAsync("DELETE", $"nodes/{stage.Eve}", ifMatch: "*");
        await using var connection = await stage.Hub.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("update nodes set trashed_at = trashed_at - interval '31 days' where trashed_at is not null");
        (await stage.Hub.Services.GetRequiredService<NodePurge>().PurgeDueAsync(CancellationToken.None)).ShouldBe(1);
        while (await stage.Hub.Services.GetRequiredService<PurgedContent>().ClearNextAsync(CancellationToken.None))
        {
        }

        (await connection.QueryAsync<string>("select text from field_values")).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Several_at_once_change_one_object_one_after_the_other_and_nothing_is_lost()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => stage.SetAsync(stage.Eve, new JsonObject { ["Grains"] = number, ["Material"] = $"m{number}" })));
        var history = (await stage.Ada.MustAsync("GET", $"nodes/{stage.Eve}/fields/history"))["items"]!.AsArray();
        history.Count.ShouldBe(16);
        history.Count(value => value!["endedAt"] is null).ShouldBe(2);
        // Both of one request hold together.
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"]!["text"]!.GetValue<string>().ShouldBe($"m{(await stage.FieldAsync($"nodes/{stage.Eve}", "Grains"))["own"]!["number"]}");
    }

    [Fact]
    public async Task Open_pages_are_told_of_a_file_whose_values_change()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var set = await DepositAsync(stage, stage.Eve);
        using var lines = new StreamReader(await stage.Ada.Client.GetStreamAsync($"live?node={stage.Project}", TestContext.Current.CancellationToken));
        await UntilAsync(lines, ": watching");
        await stage.Ada.MustAsync("PATCH", $"file-sets/{set}/fields", new JsonObject { ["values"] = new JsonObject { ["Material"] = "gold" } }, "*");
        await UntilAsync(lines, "event: fields");
        JsonNode.Parse((await lines.ReadLineAsync(TestContext.Current.CancellationToken))!["data: ".Length..])!["objectId"]!.GetValue<Guid>().ShouldBe(set);
    }

    private static async Task UntilAsync(StreamReader lines, string wanted)
    {
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != wanted)
        {
        }
    }

    internal static async Task<Guid> DepositAsync(FieldStage stage, Guid dataset, string name = "a.xyz")
    {
        using var content = new ByteArrayContent([.. "pixels"u8, .. Guid.NewGuid().ToByteArray()]);
        using var answer = await stage.Ada.Client.PutAsync($"nodes/{dataset}/files/{name}", content);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["fileSetId"]!.GetValue<Guid>();
    }
}
