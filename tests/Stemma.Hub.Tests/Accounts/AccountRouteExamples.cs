using System.Text.Json.Nodes;
using Stemma.Hub.Accounts;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Tests.Web.Walk;

namespace Stemma.Hub.Tests.Accounts;

public sealed class AccountRouteExamples : IRouteExamples
{
    private const string Password = "correct-horse-battery";

    // Hashing is slow on purpose; once is enough.
    private static readonly string PasswordHash = Passwords.Hash(Password);

    public IEnumerable<RouteExample> Examples =>
    [
        RouteExample.Of("SignIn", async world =>
        {
            await world.RunAsync("update accounts set password_hash = @PasswordHash where login = 'outsider'", new { PasswordHash });
            return new WalkRequest("sign-in", new JsonObject { ["login"] = "Outsider", ["password"] = Password });
        }),
        RouteExample.Get("SignOut", _ => "sign-in"),
        RouteExample.Get("GetMe", _ => "me"),
        new RouteExample("ChangePassword", async (world, caller) =>
        {
            await world.RunAsync("update accounts set password_hash = @PasswordHash where id = @Id", new { PasswordHash, world[caller].Id });
            return new WalkRequest("me/password", new JsonObject { ["current"] = Password, ["new"] = "another-long-password", ["keepTokens"] = true });
        }),
        RouteExample.Get("ListTokens", _ => "tokens"),
        RouteExample.Of("CreateToken", world => Task.FromResult(new WalkRequest("tokens", new JsonObject { ["name"] = "script", ["scope"] = "read" }))),
        new RouteExample("RevokeToken", async (world, caller) =>
        {
            var id = Guid.CreateVersion7();
            var account = caller is WalkCaller.Stranger or WalkCaller.GuestLink or WalkCaller.Worker ? world.Owner.Id : world[caller].Id;
            await world.RunAsync("insert into access_tokens (id, account_id, name, token_hash, scope) values (@id, @account, 'old', sha256(@id::text::bytea), 'read')", new { id, account });
            return new WalkRequest($"tokens/{id}");
        }),
        RouteExample.Get("ListAccounts", _ => "accounts"),
        RouteExample.Of("CreateAccount", world => Task.FromResult(new WalkRequest("accounts", new JsonObject { ["login"] = world.Name("new").Replace(' ', '-'), ["name"] = "New" }))),
        RouteExample.Of("ChangeAccount", async world => new WalkRequest($"accounts/{await world.SomebodyAsync()}", new JsonObject { ["name"] = "Renamed" })),
        RouteExample.Get("FindPrincipals", _ => "principals?q=ol"),
        RouteExample.Get("ListGroups", _ => "groups"),
        RouteExample.Of("CreateGroup", world => Task.FromResult(new WalkRequest("groups", new JsonObject { ["name"] = world.Name("group") }))),
        RouteExample.Of("AddGroupMember", async world => new WalkRequest($"groups/{await GroupAsync(world)}/members/{await world.SomebodyAsync()}")),
        RouteExample.Of("RemoveGroupMember", async world =>
        {
            var (group, somebody) = (await GroupAsync(world), await world.SomebodyAsync());
            await world.Administrator.MustAsync("PUT", $"groups/{group}/members/{somebody}");
            return new WalkRequest($"groups/{group}/members/{somebody}");
        }),
        RouteExample.Get("ListPeople", _ => "people"),
        RouteExample.Of("CreatePerson", world => Task.FromResult(new WalkRequest("people", new JsonObject { ["name"] = world.Name("person"), ["aliases"] = new JsonArray("JLAU") }))),
        RouteExample.Of("ChangePerson", async world => new WalkRequest(
            $"people/{await world.Administrator.MakeAsync("people", new JsonObject { ["name"] = world.Name("person") })}",
            new JsonObject { ["orcid"] = "0000-0002-1825-0097", ["leftOn"] = "2026-03-31" })),
    ];

    private static Task<Guid> GroupAsync(WalkWorld world) => world.Administrator.MakeAsync("groups", new JsonObject { ["name"] = world.Name("group") });
}
