using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

public static class AccountEndpoints
{
    /// <summary>Signing in, one's own account, and those whom an administrator keeps.</summary>
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("").WithTags("Accounts");
        own.MapPost("/sign-in", SignInAsync).WithName("SignIn").WithSummary("Sign in with login and password: sets the cookie.")
            .For(Caller.Anyone).RecordsNothing("who is signed in when is personal and not history");
        own.MapDelete("/sign-in", SignOutAsync).WithName("SignOut").WithSummary("Sign this browser out.")
            .For(Caller.Anyone).RecordsNothing("who is signed in when is personal and not history");
        own.MapGet("/me", async (OwnAccount account, Actor actor, CancellationToken cancellationToken) => TypedResults.Ok(await account.GetAsync(actor, cancellationToken)))
            .WithName("GetMe").WithSummary("Who you are, and what this credential allows at most.").For(Caller.SignedIn);
        own.MapPost("/me/password", ChangePasswordAsync).WithName("ChangePassword").WithSummary("Change your password; other browsers are signed out, and your tokens revoked unless keepTokens is true.")
            .For(Caller.SignedIn).WithFullScope().Records("account.password-changed");
        own.MapGet("/tokens", async (OwnAccount account, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await account.TokensAsync(actor, limit, cursor, cancellationToken)))
            .WithName("ListTokens").WithSummary("Your access tokens, newest first.").For(Caller.SignedIn);
        own.MapPost("/tokens", async (OwnAccount account, Actor actor, NewToken asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await account.AddTokenAsync(actor, asked, cancellationToken)))
            .WithName("CreateToken").WithSummary("Make an access token. It is shown this once.").For(Caller.SignedIn).WithFullScope().Records("token.issued");
        own.MapDelete("/tokens/{id:guid}", async (Guid id, OwnAccount account, Actor actor, CancellationToken cancellationToken) =>
            {
                await account.RevokeTokenAsync(actor, id, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("RevokeToken").WithSummary("End an access token.").For(Caller.SignedIn).WithFullScope().Records("token.revoked");

        MapAdministration(api.MapGroup("").WithTags("Accounts"));
        return api;
    }

    private static void MapAdministration(RouteGroupBuilder accounts)
    {
        accounts.MapGet("/accounts", async (AccountAdministration administration, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await administration.ListAsync(limit, cursor, cancellationToken)))
            .WithName("ListAccounts").WithSummary("All accounts, by login.").For(Caller.Administrator);
        accounts.MapPost("/accounts", async (AccountAdministration administration, Actor actor, NewAccount asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await administration.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreateAccount").WithSummary("Make an account. Without a password it gets a random one, shown this once.").For(Caller.Administrator).Records("account.created");
        accounts.MapPatch("/accounts/{id:guid}", async (Guid id, AccountAdministration administration, Actor actor, AccountPatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await administration.ChangeAsync(actor, id, patch, cancellationToken)))
            .WithName("ChangeAccount").WithSummary("Change, disable or enable an account, or set its password.").For(Caller.Administrator).Records("account.changed");
        accounts.MapGet("/principals", PrincipalsAsync)
            .WithName("FindPrincipals").WithSummary("People, groups and everyone, to share with: those whose name or login has these letters.").For(Caller.SignedIn);
        accounts.MapGet("/groups", async (Groups groups, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await groups.ListAsync(limit, cursor, cancellationToken)))
            .WithName("ListGroups").WithSummary("Groups and their members.").For(Caller.SignedIn);
        accounts.MapPost("/groups", async (Groups groups, Actor actor, NewGroup asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await groups.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreateGroup").WithSummary("Make a group.").For(Caller.Administrator).Records("group.created");
        accounts.MapPut("/groups/{id:guid}/members/{accountId:guid}", async (Guid id, Guid accountId, Groups groups, Actor actor, CancellationToken cancellationToken) =>
            {
                await groups.SetMemberAsync(actor, id, accountId, member: true, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("AddGroupMember").WithSummary("Put an account into a group.").For(Caller.Administrator).Records("group.member-added");
        accounts.MapDelete("/groups/{id:guid}/members/{accountId:guid}", async (Guid id, Guid accountId, Groups groups, Actor actor, CancellationToken cancellationToken) =>
            {
                await groups.SetMemberAsync(actor, id, accountId, member: false, cancellationToken);
                return TypedResults.NoContent();
            })
            .WithName("RemoveGroupMember").WithSummary("Take an account out of a group.").For(Caller.Administrator).Records("group.member-removed");
        accounts.MapGet("/people", async (People people, Actor actor, int? limit, string? cursor, CancellationToken cancellationToken) =>
                TypedResults.Ok(await people.ListAsync(actor, limit, cursor, cancellationToken)))
            .WithName("ListPeople").WithSummary("People, with or without an account, by name.").For(Caller.SignedIn);
        accounts.MapPost("/people", async (People people, Actor actor, NewPerson asked, CancellationToken cancellationToken) =>
                TypedResults.Created((string?)null, await people.CreateAsync(actor, asked, cancellationToken)))
            .WithName("CreatePerson").WithSummary("Add a person.").For(Caller.Administrator).Records("person.created");
        accounts.MapPatch("/people/{id:guid}", async (Guid id, People people, Actor actor, PersonPatch patch, CancellationToken cancellationToken) =>
                TypedResults.Ok(await people.ChangeAsync(actor, id, patch, cancellationToken)))
            .WithName("ChangePerson").WithSummary("Change what is known of a person.").For(Caller.Administrator).Records("person.changed");
    }

    private static async Task<Ok<Me>> SignInAsync(SignIns signIns, OwnAccount account, SignIn asked, HttpContext context, CancellationToken cancellationToken)
    {
        var signIn = await signIns.SignInAsync(asked.Login, asked.Password, context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent, cancellationToken);
        SignInCookie.Write(context, signIn.Secret, signIn.ExpiresAt);
        return TypedResults.Ok(await account.GetAsync(signIn.Actor, cancellationToken));
    }

    private static async Task<NoContent> SignOutAsync(SignIns signIns, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Features.Get<BrowserSignIn>() is { } signIn)
            await signIns.SignOutAsync(signIn, cancellationToken);
        SignInCookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ChangePasswordAsync(OwnAccount account, Actor actor, ChangePassword asked, HttpContext context, CancellationToken cancellationToken)
    {
        await account.ChangePasswordAsync(actor, context.Features.Get<BrowserSignIn>(), asked, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<Principal>>> PrincipalsAsync(NpgsqlDataSource database, string? q, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await connection.RowsAsync<Principal>("""
            select n.id, n.kind, n.name, a.login from principal_names n left join accounts a on a.id = n.id
            where n.kind <> 'link' and a.disabled_at is null and a.is_service is not true
              and (strpos(lower(n.name), lower(@Letters)) > 0 or strpos(lower(a.login), lower(@Letters)) > 0)
            order by n.kind = 'everyone', strpos(lower(n.name), lower(@Letters)) <> 1, lower(n.name), n.id limit 20
            """, new { Letters = SqlText.Clean(q ?? "") }, cancellationToken));
    }
}
