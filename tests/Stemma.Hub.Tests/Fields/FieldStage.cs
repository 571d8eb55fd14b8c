using System.Text;
using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Fields;

/// <summary>A project with a collection, two datasets and a template for them, and whoever fills it in.</summary>
internal sealed class FieldStage : IAsyncDisposable
{
    private FieldStage(TestHub hub) => Hub = hub;

    public TestHub Hub { get; }
    public TestActor Ada { get; private set; } = null!;
    public Guid Project { get; private set; }
    public Guid Collection { get; private set; }
    public Guid Eve { get; private set; }
    public Guid Adam { get; private set; }
    public Guid Template { get; private set; }

    public static async Task<FieldStage> SetAsync(TestDatabase database)
    {
        var stage = new FieldStage(await TestHub.StartAsync(database));
        stage.Ada = await stage.Hub.AccountAsync("ada");
        stage.Project = await stage.Ada.ProjectAsync("Lattices");
        stage.Collection = await stage.Ada.CollectionAsync(stage.Project, "March");
        stage.Eve = await stage.Ada.DatasetAsync(stage.Collection, "Eve");
        stage.Adam = await stage.Ada.DatasetAsync(stage.Collection, "Adam");
        stage.Template = await stage.Ada.MakeAsync($"nodes/{stage.Project}/field-templates", new JsonObject
        {
            ["name"] = "Sample", ["appliesTo"] = new JsonArray("project", "collection", "dataset", "fileSet"),
            ["fields"] = new JsonArray(
                Field("Material", "text"), Field("Thickness", "number", "nm"), Field("Made on", "date"),
                Field("Method", "choice", choices: ["FIB", "polishing"]), Field("Made by", "person"), Field("From", "link"), Field("Grains", "number")),
        });
        return stage;
    }

    public static JsonObject Field(string name, string type, string? unit = null, string[]? choices = null, Guid? id = null) => new()
    {
        ["name"] = name, ["type"] = type, ["unit"] = unit, ["choices"] = new JsonArray([.. (choices ?? []).Select(choice => (JsonNode)choice)]), ["id"] = id?.ToString(),
    };

    public Task<JsonNode> SetAsync(Guid node, JsonObject values, string ifMatch = "*") => Ada.MustAsync("PATCH", $"nodes/{node}/fields", new JsonObject { ["values"] = values }, ifMatch);

    public async Task<string> RefusedAsync(Guid node, JsonObject values) =>
        (await Ada.MustFailAsync(400, "invalid", "PATCH", $"nodes/{node}/fields", new JsonObject { ["values"] = values }, "*"))["detail"]!.GetValue<string>();

    /// <summary>One field of an object.</summary>
    public async Task<JsonNode> FieldAsync(string of, string name, TestActor? reader = null) =>
        (await (reader ?? Ada).MustAsync("GET", $"{of}/fields"))["groups"]!.AsArray().SelectMany(group => group!["fields"]!.AsArray()).Single(field => field!["field"]!["name"]!.GetValue<string>() == name)!;

    public async Task<string> ExportAsync(Guid node, string query = "")
    {
        using var answer = await Ada.SendAsync("GET", $"nodes/{node}/fields.csv{query}");
        answer.IsSuccessStatusCode.ShouldBeTrue();
        // With the byte order mark, which reading it as a string would take away.
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
    }

    public async Task<(int Status, JsonNode Body)> ImportAsync(Guid node, string csv, string query = "", TestActor? by = null)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await (by ?? Ada).Client.PostAsync($"nodes/{node}/fields.csv{query}", content);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
