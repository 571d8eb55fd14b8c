using System.CommandLine;
using System.Globalization;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma token create|list|revoke</c>.</summary>
internal static class TokenCommand
{
    public static Command Create() =>
        new StemmaCommand("token", "Make, list and revoke your tokens for programs.").With(CreateToken(), List(), Revoke());

    private static StemmaCommand CreateToken()
    {
        var name = new Argument<string>("NAME") { Description = "What it is for" };
        var scope = new Option<string>("--scope") { Description = "What it may do, within what you may do", DefaultValueFactory = _ => "read" };
        scope.AcceptOnlyFromAmong("read", "write", "manage", "work");
        var days = new Option<int?>("--days") { Description = "Valid for so many days; without end where not given" };
        var json = Json();
        var hub = new HubArguments();
        return new StemmaCommand("create", "Make a token. It is shown this once; the hub keeps only its digest.",
                "stemma token create \"microscope PC\" --scope write --days 365", "STEMMA_TOKEN=$(stemma token create nightly --scope read)")
            .With(name, scope, days, json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                DateTimeOffset? expires = parsed.GetValue(days) is { } count ? DateTimeOffset.UtcNow.AddDays(count) : null;
                var token = await client.Tokens.CreateAsync(new TokenRequest(parsed.GetValue(name)!, parsed.GetValue(scope)!, expires), cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json))
                    JsonOutput.Write(token);
                else
                    Console.Out.WriteLine(token.Secret);
                return ExitCode.Done;
            });
    }

    private static StemmaCommand List()
    {
        var json = Json();
        var hub = new HubArguments();
        return new StemmaCommand("list", "List your tokens.", "stemma token list").With(json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                await foreach (var token in client.Tokens.ListAsync(cancellationToken).ConfigureAwait(false))
                    if (parsed.GetValue(json))
                        JsonOutput.Write(token);
                    else
                        Console.Out.WriteLine($"{token.Id}  {token.Scope,-6}  made {Day(token.CreatedAt)}  {(token.ExpiresAt is { } end ? $"until {Day(end)}" : "without end     ")}  {Say.OneLine(token.Name)}");
                return ExitCode.Done;
            });
    }

    private static StemmaCommand Revoke()
    {
        var id = new Argument<Guid>("ID") { Description = "Id of the token, as listed" };
        var hub = new HubArguments();
        return new StemmaCommand("revoke", "Revoke a token: from now on the hub refuses it.", "stemma token revoke 0198c0de-0000-7000-8000-000000000000").With(id, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                await client.Tokens.RevokeAsync(parsed.GetValue(id), cancellationToken).ConfigureAwait(false);
                return ExitCode.Done;
            });
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer in JSON, one object per line" };

    private static string Day(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
