using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stemma.Hub.Accounts;

namespace Stemma.Hub.Tests.Support;

/// <summary>Somebody who makes requests.</summary>
/// <param name="Id">The principal, to grant things to.</param>
public sealed record TestActor(Guid Id, HttpClient Client, string? Token = null);

public static class TestActors
{
    /// <summary>A new account, with a client that has a token of the given scope.</summary>
    public static async Task<TestActor> AccountAsync(this TestHub hub, string login, bool administrator = false, TokenScope scope = TokenScope.Manage)
    {
        var writer = hub.Services.GetRequiredService<AccountWriter>();
        await using var connection = await hub.Database.OpenConnectionAsync();
        // No password: hashing one takes longer than most tests.
        var id = await writer.AddAsync(connection, Actor.Hub, login, $"{char.ToUpperInvariant(login[0])}{login[1..]}", null, "none", administrator, CancellationToken.None);
        return await hub.TokenAsync(id, scope);
    }

    /// <summary>Another token of an account.</summary>
    public static async Task<TestActor> TokenAsync(this TestHub hub, Guid accountId, TokenScope scope)
    {
        var writer = hub.Services.GetRequiredService<AccountWriter>();
        await using var connection = await hub.Database.OpenConnectionAsync();
        var token = (await writer.AddTokenAsync(connection, Actor.Hub, accountId, "test", scope, null, CancellationToken.None)).Token!;
        return new TestActor(accountId, hub.WithToken(token), token);
    }

    /// <summary>A worker's client.</summary>
    public static async Task<TestActor> WorkerAsync(this TestHub hub)
    {
        var token = await WorkerToken.IssueAsync(hub.Database, CancellationToken.None);
        return new TestActor(Guid.Empty, hub.WithToken(token), token);
    }

    public static TestActor Stranger(this TestHub hub) => new(Actor.Everyone, hub.Client());

    public static HttpClient WithToken(this TestHub hub, string token)
    {
        var client = hub.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Sends JSON; <paramref name="ifMatch"/> is a version, or <c>*</c>.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this TestActor actor, string method, string path, JsonNode? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch == "*" ? "*" : $"\"{ifMatch}\"");
        return await actor.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends, expects success, and gives the answer's body; an empty object where there is none.</summary>
    public static async Task<JsonNode> MustAsync(this TestActor actor, string method, string path, JsonNode? body = null, string? ifMatch = null)
    {
        using var response = await actor.SendAsync(method, path, body, ifMatch);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>Sends, expects a problem of this status and type, and gives it.</summary>
    public static async Task<JsonNode> MustFailAsync(this TestActor actor, int status, string slug, string method, string path, JsonNode? body = null, string? ifMatch = null)
    {
        using var response = await actor.SendAsync(method, path, body, ifMatch);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        var problem = JsonNode.Parse(text)!;
        problem["type"]!.GetValue<string>().ShouldBe($"urn:stemma:problem:{slug}");
        return problem;
    }

    /// <summary>The id of what a request made.</summary>
    public static async Task<Guid> MakeAsync(this TestActor actor, string path, JsonNode body) =>
        (await actor.MustAsync("POST", path, body))["id"]!.GetValue<Guid>();

    public static Task<Guid> ProjectAsync(this TestActor actor, string name) => actor.MakeAsync("projects", new JsonObject { ["name"] = name });

    public static Task<Guid> CollectionAsync(this TestActor actor, Guid parent, string name) =>
        actor.MakeAsync($"nodes/{parent}/children", new JsonObject { ["kind"] = "collection", ["name"] = name });

    public static Task<Guid> DatasetAsync(this TestActor actor, Guid parent, string name) =>
        actor.MakeAsync($"nodes/{parent}/children", new JsonObject { ["kind"] = "dataset", ["name"] = name });
}
