using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Files;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Remarks;

public sealed class RemarkTests(TestDatabase database)
{
    private static JsonObject Says(string body) => new() { ["body"] = body };

    private static string[] Bodies(JsonNode page) => [.. page["items"]!.AsArray().Select(remark => (string?)remark!["body"] ?? "(deleted)")];

    private sealed record Stage(DepositStage Deposits, TestActor Owner, TestActor Viewer, TestActor Guest, TestActor Outsider, Guid Dataset, Guid FileSet) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Deposits.DisposeAsync();
    }

    private async Task<Stage> SetAsync(Action<HubOptions>? configure = null)
    {
        var stage = await DepositStage.SetAsync(database, configure);
        var deposited = await stage.PutAsync("run/a.tif", [1, 2]);
        TestActor As(Guid account) => new(account, stage.As(account));
        return new Stage(stage, As(stage.Owner), As(stage.Viewer), As(stage.Guest), As(stage.Stranger), (Guid)deposited["datasetId"]!, (Guid)deposited["fileSetId"]!);
    }

    [Fact]
    public async Task Notes_need_edit_and_comments_only_an_account_that_sees()
    {
        await using var stage = await SetAsync();
        await stage.Viewer.MustFailAsync(403, "forbidden", "POST", $"nodes/{stage.Dataset}/notes", Says("mine"));
        await stage.Owner.MustAsync("POST", $"nodes/{stage.Dataset}/notes", Says("Etched for 30 s."));
        await stage.Guest.MustAsync("POST", $"file-sets/{stage.FileSet}/comments", Says("Which holder?"));
        await stage.Outsider.MustFailAsync(404, "not-found", "POST", $"file-sets/{stage.FileSet}/comments", Says("me too"));
        await stage.Outsider.MustFailAsync(404, "not-found", "GET", $"file-sets/{stage.FileSet}/comments");

        Bodies(await stage.Guest.MustAsync("GET", $"nodes/{stage.Dataset}/notes")).ShouldBe(["Etched for 30 s."]);
        var comment = (await stage.Viewer.MustAsync("GET", $"file-sets/{stage.FileSet}/comments"))["items"]!.AsArray().Single()!;
        ((string)comment["createdBy"]!["name"]!).ShouldBe("gustav");
        ((bool)comment["mayChange"]!).ShouldBeFalse();
        ((bool)comment["mayDelete"]!).ShouldBeFalse();

        // A guest link reads, and has no name to write under.
        var secret = (string)(await stage.Owner.MustAsync("POST", $"nodes/{stage.Deposits.Project}/links", new JsonObject()))["secret"]!;
        var anybody = stage.Deposits.Hub.Stranger();
        Bodies(await anybody.MustAsync("GET", $"file-sets/{stage.FileSet}/comments?link={secret}")).ShouldBe(["Which holder?"]);
        await anybody.MustFailAsync(401, "not-signed-in", "POST", $"file-sets/{stage.FileSet}/comments?link={secret}", Says("hello"));
    }

    [Fact]
    public async Task Comments_belong_to_their_author_and_whoever_manages_may_only_remove_them()
    {
        await using var stage = await SetAsync();
        var comment = await stage.Viewer.MakeAsync($"file-sets/{stage.FileSet}/comments", Says("Blurred."));
        var at = $"remarks/{comment}";
        await stage.Owner.MustFailAsync(403, "forbidden", "PATCH", at, Says("Sharp."), "*");
        await stage.Guest.MustFailAsync(403, "forbidden", "DELETE", at, ifMatch: "*");
        await stage.Outsider.MustFailAsync(404, "not-found", "PATCH", at, Says("x"), "*");
        await stage.Owner.MustAsync("DELETE", at, ifMatch: "*");
        await stage.Viewer.MustFailAsync(404, "not-found", "GET", at);
        await stage.Viewer.MustFailAsync(404, "not-found", "PATCH", at, Says("Still blurred."), "*");
        // What the owner removed, its author does not put back.
        await stage.Viewer.MustFailAsync(403, "forbidden", "POST", $"{at}/restore");
        await stage.Owner.MustAsync("POST", $"{at}/restore");
        await stage.Viewer.MustAsync("DELETE", at, ifMatch: "1");
        await stage.Viewer.MustAsync("POST", $"{at}/restore");
        Bodies(await stage.Owner.MustAsync("GET", $"file-sets/{stage.FileSet}/comments")).ShouldBe(["Blurred."]);
    }

    [Fact]
    public async Task A_note_keeps_its_earlier_texts_with_who_wrote_them_and_when()
    {
        await using var stage = await SetAsync();
        await stage.Owner.MustAsync("PUT", $"nodes/{stage.Deposits.Project}/grants/{stage.Viewer.Id}", new JsonObject { ["role"] = "editor" });
        var note = await stage.Owner.MustAsync("POST", $"nodes/{stage.Dataset}/notes", Says("Etched for 30 s."));
        var at = $"remarks/{note["id"]}";
        await stage.Viewer.MustFailAsync(428, "precondition-required", "PATCH", at, Says("x"));
        await stage.Viewer.MustFailAsync(412, "stale", "PATCH", at, Says("x"), "7");
        var changed = await stage.Viewer.MustAsync("PATCH", at, Says("Etched for **40 s**."), "1");
        ((string)changed["createdBy"]!["name"]!, (string)changed["modifiedBy"]!["name"]!, (int)changed["version"]!).ShouldBe(("olga", "viktor", 2));
        await stage.Viewer.MustAsync("PATCH", at, Says("Etched for **40 s**."), "2");

        var versions = (await stage.Guest.MustAsync("GET", $"{at}/versions"))["items"]!.AsArray();
        versions.Select(text => $"{text!["version"]} {text["body"]} {text["writtenBy"]!["name"]}").ShouldBe(["2 Etched for **40 s**. viktor", "1 Etched for 30 s. olga"]);
        ((DateTime)versions[1]!["writtenAt"]!).ShouldBe((DateTime)note["createdAt"]!);
        var first = await stage.Guest.MustAsync("GET", $"{at}/versions?limit=1");
        ((int)(await stage.Guest.MustAsync("GET", $"{at}/versions?limit=1&cursor={first["next"]}"))["items"]![0]!["version"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Answers_go_one_level_deep_and_keep_the_place_of_a_deleted_comment()
    {
        await using var stage = await SetAsync();
        var comments = $"file-sets/{stage.FileSet}/comments";
        JsonObject Answer(string body, Guid to) => new() { ["body"] = body, ["replyTo"] = to };
        var question = await stage.Viewer.MakeAsync(comments, Says("Which holder?"));
        var answer = await stage.Owner.MakeAsync(comments, Answer("The cold one.", question));
        (await stage.Viewer.MustFailAsync(400, "invalid", "POST", comments, Answer("Thanks", answer)))["detail"]!.GetValue<string>().ShouldContain(question.ToString());
        await stage.Viewer.MustFailAsync(404, "not-found", "POST", comments, Answer("Thanks", Guid.NewGuid()));
        var elsewhere = await stage.Viewer.MakeAsync($"nodes/{stage.Dataset}/comments", Says("Of the dataset"));
        await stage.Viewer.MustFailAsync(404, "not-found", "POST", comments, Answer("Thanks", elsewhere));

        await stage.Viewer.MustAsync("DELETE", $"remarks/{question}", ifMatch: "*");
        Bodies(await stage.Owner.MustAsync("GET", comments)).ShouldBe(["(deleted)", "The cold one."]);
        await stage.Owner.MustFailAsync(404, "not-found", "POST", comments, Answer("Late", question));
        await stage.Owner.MustAsync("DELETE", $"remarks/{answer}", ifMatch: "*");
        Bodies(await stage.Owner.MustAsync("GET", comments)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_said_is_bounded_and_says_how()
    {
        await using var stage = await SetAsync();
        foreach (var (path, most) in new[] { ("comments", 5_000), ("notes", 100_000) })
        {
            var at = $"nodes/{stage.Dataset}/{path}";
            await stage.Owner.MustAsync("POST", at, Says(new string('a', most)));
            (await stage.Owner.MustFailAsync(400, "invalid", "POST", at, Says(new string('a', most + 1))))["detail"]!.GetValue<string>().ShouldContain($"at most {most} characters");
            await stage.Owner.MustFailAsync(400, "invalid", "POST", at, Says(" \n"));
        }
    }

    [Fact]
    public async Task Every_remark_is_in_the_history_of_its_file_and_dataset_without_its_words()
    {
        await using var stage = await SetAsync();
        var comment = await stage.Viewer.MakeAsync($"file-sets/{stage.FileSet}/comments", Says("Of Jane Doe's knee."));
        await stage.Owner.MustAsync("POST", $"file-sets/{stage.FileSet}/comments", new JsonObject { ["body"] = "Shh.", ["replyTo"] = comment });
        await stage.Viewer.MustAsync("PATCH", $"remarks/{comment}", Says("Of a knee."), "*");
        await stage.Viewer.MustAsync("DELETE", $"remarks/{comment}", ifMatch: "*");
        string[] expected = ["viktor deleted a comment on \"a.tif\"", "viktor changed a comment on \"a.tif\"", "olga answered a comment on \"a.tif\"", "viktor wrote a comment on \"a.tif\""];
        foreach (var history in new[] { $"file-sets/{stage.FileSet}/events", $"nodes/{stage.Dataset}/events" })
            (await stage.Viewer.MustAsync("GET", history))["items"]!.AsArray().Select(entry => $"{entry!["actor"]!["name"]} {entry["words"]}").Take(4).ShouldBe(expected);
        (await stage.Deposits.ScalarAsync<string>("select string_agg(convert_from(body, 'UTF8'), ' ') from events where type like 'remark.%'")).ShouldNotContain("knee");
    }

    [Fact]
    public async Task What_was_said_ends_with_what_it_was_about()
    {
        await using var stage = await SetAsync(options => options.TrashDays = 0);
        var other = await stage.Deposits.PutAsync("run/b.tif", [3]);
        foreach (var about in new[] { $"nodes/{stage.Dataset}", $"file-sets/{stage.FileSet}", $"file-sets/{other["fileSetId"]}", $"nodes/{stage.Deposits.Project}" })
        {
            var comment = await stage.Owner.MakeAsync($"{about}/comments", Says("Look."));
            await stage.Owner.MustAsync("PATCH", $"remarks/{comment}", Says("Look here."), "*");
            await stage.Owner.MakeAsync($"{about}/comments", new JsonObject { ["body"] = "Where?", ["replyTo"] = comment });
        }

        await stage.Owner.MustAsync("DELETE", $"file-sets/{other["fileSetId"]}", ifMatch: "*");
        await stage.Owner.MustAsync("DELETE", $"nodes/{stage.Dataset}", ifMatch: "*");
        await stage.Deposits.Hub.Services.GetRequiredService<TrashSweeper>().SweepAsync(TestContext.Current.CancellationToken);
        (await stage.Deposits.ScalarAsync<long>("select count(*) from remarks where object_id <> @Project", new { stage.Deposits.Project })).ShouldBe(0);
        (await stage.Deposits.ScalarAsync<long>("select count(*) from remark_versions")).ShouldBe(1);
        Bodies(await stage.Owner.MustAsync("GET", $"nodes/{stage.Deposits.Project}/comments")).ShouldBe(["Look here.", "Where?"]);
    }

    [Fact]
    public async Task Open_pages_are_told()
    {
        await using var stage = await SetAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"live?node={stage.Deposits.Project}");
        using var answer = await stage.Viewer.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) != ": watching")
        {
        }

        var comment = await stage.Owner.MakeAsync($"file-sets/{stage.FileSet}/comments", Says("Look."));
        string? line;
        do
            line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && line != "event: remark");
        var data = JsonNode.Parse((await lines.ReadLineAsync(TestContext.Current.CancellationToken))!["data: ".Length..])!;
        ((Guid)data["objectId"]!, (string)data["kind"]!, (Guid)data["id"]!).ShouldBe((stage.FileSet, "comment", comment));
    }
}
