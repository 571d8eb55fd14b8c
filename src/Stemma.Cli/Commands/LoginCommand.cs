using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma login URL</c>: remembers a hub with a personal token for it. The password is used once and not kept.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "Address of the hub" };
        var token = new Option<string?>("--token") { Description = "Use this token instead of asking for a password; '-' reads it from standard input", HelpName = "stm_…" };
        var login = new Option<string?>("--login") { Description = "Log-in name; asked for where not given" };
        var scope = new Option<string>("--scope") { Description = "What the token may do", DefaultValueFactory = _ => "manage" };
        var pin = new Option<string?>("--pin") { Description = "SHA-256 of the hub's certificate, as the hub prints it: for a certificate that no authority known here has signed [STEMMA_PIN]", HelpName = "HEX" };
        scope.AcceptOnlyFromAmong("read", "write", "manage");
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        return new StemmaCommand("login", $"Log in at a hub. A personal token is made and kept in {Settings.FilePath}, readable by you alone.",
                "stemma login http://127.0.0.1:5480", "stemma login hub.example.org --scope read", "stemma login https://hub.example.org --token - < token.txt")
            .With(url, token, login, scope, pin, json)
            .Does((parsed, cancellationToken) => RunAsync(HubArguments.ParseHub(parsed.GetValue(url)!), parsed.GetValue(pin), parsed.GetValue(token), parsed.GetValue(login), parsed.GetValue(scope)!, parsed.GetValue(json), cancellationToken));
    }

    private static async Task<int> RunAsync(Uri hub, string? pinned, string? token, string? login, string scope, bool json, CancellationToken cancellationToken)
    {
        var pin = HubArguments.ParsePin(hub, pinned ?? HubArguments.Variable("STEMMA_PIN"));
        Me me;
        if (token is not null)
        {
            token = token == "-" ? Ask.Secret("Token").Trim() : token;
            using var client = new StemmaClient(hub, token, pin);
            me = await client.Account.MeAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            using var client = new StemmaClient(hub, pin: pin);
            var signedIn = await SignInAsync(client, login ?? Ask.Text("Log-in name", "Without a terminal: --login NAME and the password on standard input, or --token."), Ask.Secret("Password"), cancellationToken).ConfigureAwait(false);
            me = signedIn.Me;
            token = (await client.Account.CreateTokenAsync(signedIn, $"stemma on {Environment.MachineName}", scope, cancellationToken).ConfigureAwait(false)).Secret;
            await client.Account.SignOutAsync(signedIn, cancellationToken).ConfigureAwait(false);
        }

        new Settings(hub.ToString(), token, pin?.ToString()).Save();
        if (json)
            JsonOutput.Write(new { hub, me.Login, me.Name });
        else
            Say.Line($"Logged in at {hub} as {me.Login}. The token is in {Settings.FilePath}.");
        return ExitCode.Done;
    }

    private static async Task<SignedIn> SignInAsync(StemmaClient client, string login, string password, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Account.SignInAsync(login, password, cancellationToken).ConfigureAwait(false);
        }
        catch (StemmaProblemException problem) when (problem.Status == 401)
        {
            throw new CommandException(ExitCode.NoPermission, problem.Message);
        }
    }
}
