using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Sidecars;
using Stemma.Hub.Tests.Fields;
using Stemma.Hub.Tests.Search;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Sidecars;

/// <summary>What a text says, to whom, and that it says the same of the same.</summary>
public sealed class SidecarTextTests(TestDatabase database)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_tells_the_acquisition_with_units_and_the_keys_of_the_file_as_written()
    {
        await using var stage = await SearchStage.SetAsync(database);
        var dataset = await stage.Administrator.DatasetAsync(await stage.Administrator.ProjectAsync("Steel"), "Eve");
        var set = await stage.FileAsync(dataset, "run/a.dm3", new { accelerating_voltage = 200_000, instrument = "Tecnai Osiris" },
            new JsonObject { ["Serial"] = "0012", ["Tags"] = new JsonObject { ["Note"] = "two\r\nlines\u0007", ["On"] = true, ["Numbers"] = new JsonArray(1, 2.50) } }, ["γ′"]);
        await stage.RunAsync("update extractions set acquisition = jsonb_set(acquisition, '{accelerating_voltage,unit}', '\"V\"') where file_set_id = @set", new { set });
        var text = await TextAsync(stage.Administrator, set);
        foreach (var line in new[] { "Accelerating voltage: 200 kV", "Instrument: Tecnai Osiris", "Serial: 0012", "Tags.Note: two lines\ufffd", "Tags.On: True", "Tags.Numbers: 2.5", "Tags: γ′", "Project: Steel", "Dataset: Eve" })
            text.ShouldContain($"\r\n{line}\r\n");
        (await TextAsync(stage.Administrator, set)).ShouldBe(text);
    }

    [Fact]
    public async Task Neither_a_text_nor_an_archive_tells_more_than_the_page()
    {
        await using var stage = await FieldStage.SetAsync(database);
        using var content = new ByteArrayContent("pixels"u8.ToArray());
        using var put = await stage.Ada.Client.PutAsync($"nodes/{stage.Eve}/files/a.abc", content, Cancelled);
        var set = (Guid)JsonNode.Parse(await put.Content.ReadAsStringAsync(Cancelled))!["fileSetId"]!;
        await stage.Ada.MustAsync("PATCH", $"nodes/{stage.Project}", new JsonObject { ["description"] = "Confidential partner", ["tags"] = new JsonArray("secret tag") }, "*");
        await stage.Ada.MustAsync("PATCH", $"nodes/{stage.Eve}", new JsonObject { ["description"] = "Open description" }, "*");
        await stage.SetAsync(stage.Eve, new JsonObject { ["Material"] = "Inconel", ["From"] = $"node:{stage.Adam}" });
        await stage.Ada.MustAsync("POST", $"file-sets/{set}/notes", new JsonObject { ["body"] = "A note to colleagues" });
        await stage.Ada.MustAsync("POST", $"file-sets/{set}/comments", new JsonObject { ["body"] = "Somebody's remark" });

        var viewer = await stage.Hub.AccountAsync("viktor");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Eve}/grants/{viewer.Id}", new JsonObject { ["role"] = "viewer" });
        var link = await stage.Ada.MustAsync("POST", $"nodes/{stage.Eve}/links", new JsonObject { ["role"] = "viewer" });
        var guest = new TestActor(Guid.Empty, stage.Hub.Client());
        guest.Client.DefaultRequestHeaders.Add("Stemma-Link", (string)link["secret"]!);
        foreach (var reader in new[] { viewer, guest })
            foreach (var text in new[] { await TextAsync(reader, set), (await ZipAsync(reader, set, "true"))["Eve/a.abc.stemma.txt"] })
            {
                foreach (var told in new[] { "Path in Stemma: Eve / a.abc", "Open description", "Material: Inconel", "Added by: Ada" })
                    text.ShouldContain(told);
                foreach (var untold in new[] { "Lattices", "March", "Confidential", "secret tag", "Adam", "colleagues", "remark" })
                    text.ShouldNotContain(untold);
            }

        (await TextAsync(viewer, set)).ShouldContain("Owner: Ada");
        (await TextAsync(guest, set)).ShouldNotContain("Owner");
        var whole = await TextAsync(stage.Ada, set);
        whole.ShouldContain("Path in Stemma: Lattices / March / Eve / a.abc");
        whole.ShouldContain("Confidential partner");
        whole.ShouldNotContain("colleagues");
        await (await stage.Hub.AccountAsync("stella")).MustFailAsync(404, "not-found", "GET", $"file-sets/{set}/sidecar");
    }

    [Fact]
    public async Task An_archive_has_a_text_after_each_file_where_the_project_keeps_them_or_one_asks()
    {
        await using var stage = await FieldStage.SetAsync(database);
        var sets = new List<Guid>();
        foreach (var path in new[] { "a.abc", "deep/b.abc" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(path));
            using var put = await stage.Ada.Client.PutAsync($"nodes/{stage.Eve}/files/{path}?levels=0", content, Cancelled);
            sets.Add((Guid)JsonNode.Parse(await put.Content.ReadAsStringAsync(Cancelled))!["fileSetId"]!);
        }

        var ids = string.Join(',', sets);
        string[] files = ["Eve/a.abc", "Eve/deep/b.abc"];
        string[] both = ["Eve/a.abc", "Eve/a.abc.stemma.txt", "Eve/deep/b.abc", "Eve/deep/b.abc.stemma.txt"];
        (await ZipAsync(stage.Ada, ids)).Keys.ShouldBe(files);
        (await ZipAsync(stage.Ada, ids, "true")).Keys.ShouldBe(both);
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/sidecars", new JsonObject { ["kept"] = true }, "0");
        var archive = await ZipAsync(stage.Ada, ids);
        archive.Keys.ShouldBe(both);
        archive["Eve/a.abc"].ShouldBe("a.abc");
        archive["Eve/a.abc.stemma.txt"].ShouldBe(await TextAsync(stage.Ada, sets[0]));
        (await ZipAsync(stage.Ada, ids, "false")).Keys.ShouldBe(files);
        using var wrong = await stage.Ada.Client.PostAsync("downloads/zip", new FormUrlEncodedContent([new("ids", ids), new("sidecars", "yes")]), Cancelled);
        (await wrong.Content.ReadAsStringAsync(Cancelled)).ShouldContain("sidecars is true or false");
    }

    [Fact]
    public async Task Only_a_project_is_switched_and_only_by_who_manages_it()
    {
        await using var stage = await FieldStage.SetAsync(database);
        await stage.Ada.MustFailAsync(409, "not-a-project", "PUT", $"nodes/{stage.Eve}/sidecars", new JsonObject { ["kept"] = true }, "*");
        await stage.Ada.MustFailAsync(428, "precondition-required", "PUT", $"nodes/{stage.Project}/sidecars", new JsonObject { ["kept"] = true });
        var editor = await stage.Hub.AccountAsync("edda");
        await stage.Ada.MustAsync("PUT", $"nodes/{stage.Project}/grants/{editor.Id}", new JsonObject { ["role"] = "editor" });
        await editor.MustFailAsync(403, "forbidden", "PUT", $"nodes/{stage.Project}/sidecars", new JsonObject { ["kept"] = true }, "*");
        await editor.MustFailAsync(403, "forbidden", "GET", $"nodes/{stage.Project}/sidecars");
    }

    [Fact]
    public void The_same_facts_give_the_same_bytes_and_any_facts_give_whole_lines()
    {
        var random = new Random(25);
        for (var round = 0; round < 200; round++)
        {
            var seed = random.Next();
            var bytes = SidecarText.Write(Facts(new Random(seed)));
            SidecarText.Write(Facts(new Random(seed))).ShouldBe(bytes, $"seed {seed}");
            bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble).ShouldBeTrue();
            SidecarMark.Begins(bytes).ShouldBeTrue();
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(3));
            text.ShouldEndWith("\r\n", customMessage: $"seed {seed}");
            text.Split("\r\n").ShouldAllBe(line => !line.Any(char.IsControl), $"seed {seed}");
            text.Length.ShouldBeLessThan(300_000);
        }
    }

    [Fact]
    public void What_is_left_out_of_the_original_keys_is_counted()
    {
        var tree = new JsonObject(Enumerable.Range(0, SidecarText.MostKeys + 7).Select(key => KeyValuePair.Create($"k{key:d5}", (JsonNode?)key)));
        var text = Encoding.UTF8.GetString(SidecarText.Write(Facts(new Random(1)) with { Original = JsonSerializer.SerializeToElement(tree) }));
        text.ShouldContain("\r\nk00000: 0\r\n");
        text.ShouldEndWith("(7 further values are left out here; the page has them.)\r\n");
    }

    [Theory]
    [InlineData("Written by Stemma: metadata of the file beside it, in another version", true)]
    [InlineData("\uFEFFWritten by Stemma: metadata of the file", true)]
    [InlineData("Written by Stemma", false)]
    [InlineData("My notes. Written by Stemma: metadata of the file", false)]
    [InlineData("", false)]
    public void A_text_of_any_hub_is_known_by_how_it_begins(string text, bool ours) => SidecarMark.Begins(new MemoryStream(Encoding.UTF8.GetBytes(text))).ShouldBe(ours);

    private static async Task<string> TextAsync(TestActor reader, Guid set)
    {
        using var answer = await reader.Client.GetAsync($"file-sets/{set}/sidecar", Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    private static Task<Dictionary<string, string>> ZipAsync(TestActor reader, Guid set, string? sidecars = null) => ZipAsync(reader, set.ToString(), sidecars);

    /// <summary>Names in the archive, in order, with what they hold.</summary>
    private static async Task<Dictionary<string, string>> ZipAsync(TestActor reader, string ids, string? sidecars = null)
    {
        List<KeyValuePair<string, string>> form = [new("ids", ids)];
        if (sidecars is not null)
            form.Add(new("sidecars", sidecars));
        using var request = new HttpRequestMessage(HttpMethod.Post, "downloads/zip") { Content = new FormUrlEncodedContent(form) };
        using var answer = await reader.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(answer.StatusCode.ToString());
        // Made while it is sent: how long it will be is not known.
        answer.Content.Headers.ContentLength.ShouldBeNull();
        using var archive = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancelled)));
        var found = new Dictionary<string, string>();
        foreach (var entry in archive.Entries)
        {
            using var bytes = new MemoryStream();
            await using (var content = entry.Open())
                await content.CopyToAsync(bytes, Cancelled);
            found.Add(entry.FullName, Encoding.UTF8.GetString(bytes.ToArray()));
        }

        return found;
    }

    /// <summary>Facts of any kind, with the letters that break lines, encodings and pairs.</summary>
    private static SidecarFacts Facts(Random random)
    {
        var who = new PrincipalName(Guid.Empty, Word());
        var file = new FileRecord(Guid.Empty, Word() + ".abc", 1, "primary", 5, "", "", null, DateTime.UnixEpoch, who, "link", "linked", "present", Guid.Empty, Guid.Empty, true);
        var summary = new FileSet(Guid.Empty, Guid.Empty, "", file.Path, "raw", "read", null, 5, 1, Words(), null, Word(), DateTime.UnixEpoch, DateTime.UnixEpoch, 1, 1, null, null, null);
        var image = new Image(0, Word(), [4, 2048, 1024], "uint16", JsonSerializer.SerializeToElement(Array.Empty<int>()), null, null, null, null, null);
        var acquisition = new JsonObject { ["accelerating_voltage"] = new JsonObject { ["value"] = random.NextDouble() * 300000, ["unit"] = "V" }, ["operator"] = new JsonObject { ["value"] = Word() } };
        var set = new FileSetDetail(summary, [file], [image, image with { Index = 1 }], JsonSerializer.SerializeToElement(acquisition), [], null, [], [], null, null, null, null, false,
            new EffectiveTerms(new EffectiveText(Word(), null), null, null, null, false, null), [], null);
        var original = new JsonObject(Enumerable.Range(0, random.Next(50)).Select(key => KeyValuePair.Create($"{key}{Word()}", (JsonNode?)Word())));
        return new SidecarFacts(set, file.Path, "https://hub.example/file-sets/1", [new SidecarNode { Kind = NodeKind.Project, Name = Word(), Description = string.Join('\n', Words()), Tags = Words() }], Words(),
            [(Word(), Word())], Words(), Words(), Words(), JsonSerializer.SerializeToElement(original));

        string[] Words() => [.. Enumerable.Range(0, random.Next(5)).Select(_ => Word())];

        string Word() => string.Concat(Enumerable.Range(0, random.Next(1, 600)).Select(_ => random.Next(40) switch
        {
            0 => "\r\n",
            1 => "\n",
            2 => "\t",
            3 => "\u0007",
            4 => "😀",
            5 => "\u2028",
            6 => "\ud83d",
            7 => "γ′",
            8 => "\u0085",
            var letter => ((char)('a' + letter % 26)).ToString(),
        }));
    }
}
