using System.Text.Json.Nodes;
using Stemma.Hub.Tests.Support;

namespace Stemma.Hub.Tests.Web;

public sealed class OpenApiTests(TestDatabase database)
{
    private static async Task<JsonNode> ReadAsync(TestHub hub)
    {
        using var client = hub.Client();
        var text = await client.GetStringAsync(new Uri(hub.Address, "/openapi/v1.json"), TestContext.Current.CancellationToken);
        return JsonNode.Parse(text)!;
    }

    [Fact]
    public async Task Every_route_is_described_with_a_name_a_summary_and_its_refusals()
    {
        await using var hub = await TestHub.StartAsync(database);
        var document = await ReadAsync(hub);
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        var names = new List<string>();
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                names.Add(operation!["operationId"].ShouldNotBeNull($"{method} {path} has no name").GetValue<string>());
                operation["summary"].ShouldNotBeNull($"{method} {path} has no summary");
                operation["responses"]!["default"].ShouldNotBeNull();
            }

        names.ShouldBeUnique();
    }

    [Fact]
    public async Task Schemas_have_the_words_of_the_contract_and_say_what_may_be_null()
    {
        await using var hub = await TestHub.StartAsync(database);
        var schemas = (await ReadAsync(hub))["components"]!["schemas"]!.AsObject();
        foreach (var name in new[] { "Node", "Me", "Problem", "AccessToken", "Account", "HistoryEntry", "PageOfNode" })
            schemas.ContainsKey(name).ShouldBeTrue($"{name} is not among {string.Join(", ", schemas.Select(schema => schema.Key))}");
        // A number after a name is the framework's way out when two types share it.
        schemas.Select(schema => schema.Key).Where(name => char.IsDigit(name[^1])).ShouldBeEmpty();

        var node = schemas["Node"]!;
        var members = node["properties"]!.AsObject();
        node["required"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(members.Select(member => member.Key), ignoreOrder: true);
        members["version"]!["type"]!.ToJsonString().ShouldBe("\"integer\"");
        members["licence"]!["type"]!.ToJsonString().ShouldBe("""["null","string"]""");
        members["name"]!["type"]!.ToJsonString().ShouldBe("\"string\"");
        schemas["NodeKind"]!["type"]!.ToJsonString().ShouldBe("\"string\"");
        foreach (var (name, schema) in schemas)
            if (schema!["enum"] is JsonArray words)
                words.ShouldAllBe(word => word != null, name);

        var patch = schemas["NodePatch"]!;
        patch["required"].ShouldBeNull();
        patch["properties"]!["name"]!["type"]!.ToJsonString().ShouldBe("\"string\"");
        patch["properties"]!["licence"]!["type"]!.ToJsonString().ShouldBe("""["null","string"]""");
    }
}
