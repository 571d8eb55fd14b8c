using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Client;

namespace Stemma.Cli.Connection;

/// <summary>The options <c>--hub</c> and <c>--token</c>. What is not given comes from <c>STEMMA_HUB</c> and <c>STEMMA_TOKEN</c>, then from <c>stemma login</c>.</summary>
internal sealed class HubArguments
{
    public Option<string?> Hub { get; } = new("--hub") { Description = "Address of the hub [STEMMA_HUB, or as logged in]", HelpName = "URL" };

    public Option<string?> Token { get; } = new("--token") { Description = "Token; better kept in STEMMA_TOKEN, since others can see command lines", HelpName = "stm_…" };

    public StemmaClient Connect(ParseResult parsed)
    {
        var (hub, token) = Resolve(parsed.GetValue(Hub), parsed.GetValue(Token), Settings.Load());
        return new StemmaClient(hub, token);
    }

    /// <exception cref="CommandException">Hub or token are not known, or the address is none.</exception>
    internal static (Uri Hub, string Token) Resolve(string? hub, string? token, Settings settings)
    {
        var address = hub ?? Variable("STEMMA_HUB") ?? settings.Hub
            ?? throw new CommandException(ExitCode.Usage, "Which hub? Log in once with: stemma login URL (or set STEMMA_HUB and STEMMA_TOKEN).");
        var uri = ParseHub(address);
        // A token is for the hub that gave it: never offered to another one.
        var remembered = settings.Hub is { } known && ParseHub(known) == uri ? settings.Token : null;
        return (uri, token ?? Variable("STEMMA_TOKEN") ?? remembered
            ?? throw new CommandException(ExitCode.NoPermission, $"Not logged in at {uri}. Log in with: stemma login {uri}"));
    }

    /// <exception cref="CommandException">It is no address.</exception>
    public static Uri ParseHub(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new CommandException(ExitCode.Usage, $"\"{address}\" is not the address of a hub. Expected one like http://127.0.0.1:5480.");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
