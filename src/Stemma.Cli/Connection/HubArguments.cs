using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Client;

namespace Stemma.Cli.Connection;

/// <summary>
/// The options <c>--hub</c> and <c>--token</c>. What is not given comes from <c>STEMMA_HUB</c> and <c>STEMMA_TOKEN</c>, then from <c>stemma login</c>;
/// so does the certificate's pin (<c>STEMMA_PIN</c>).
/// </summary>
internal sealed class HubArguments
{
    public Option<string?> Hub { get; } = new("--hub") { Description = "Address of the hub [STEMMA_HUB, or as logged in]", HelpName = "URL" };

    public Option<string?> Token { get; } = new("--token") { Description = "Token; better kept in STEMMA_TOKEN, since others can see command lines", HelpName = "stm_…" };

    /// <param name="atOnce">Requests on their way at once; null: as many as are asked.</param>
    public StemmaClient Connect(ParseResult parsed, int? atOnce = null)
    {
        var (hub, token, pin) = Resolve(parsed.GetValue(Hub), parsed.GetValue(Token), Settings.Load());
        return new StemmaClient(hub, token, pin, atOnce);
    }

    /// <exception cref="CommandException">Hub or token are not known, or the address is none.</exception>
    internal static (Uri Hub, string Token, CertificatePin? Pin) Resolve(string? hub, string? token, Settings settings)
    {
        var address = hub ?? Variable("STEMMA_HUB") ?? settings.Hub
            ?? throw new CommandException(ExitCode.Usage, "Which hub? Log in once with: stemma login URL (or set STEMMA_HUB and STEMMA_TOKEN).");
        var uri = ParseHub(address);
        // A token is for the hub that gave it: never offered to another one.
        var remembered = settings.Hub is { } known && ParseHub(known) == uri ? settings : null;
        return (uri, token ?? Variable("STEMMA_TOKEN") ?? remembered?.Token
            ?? throw new CommandException(ExitCode.NoPermission, $"Not logged in at {uri}. Log in with: stemma login {uri}"), ParsePin(uri, Variable("STEMMA_PIN") ?? remembered?.Pin));
    }

    /// <exception cref="CommandException">It is no SHA-256, or the address has no certificate.</exception>
    public static CertificatePin? ParsePin(Uri hub, string? pin)
    {
        if (pin is null)
            return null;
        if (hub.Scheme != "https")
            throw new CommandException(ExitCode.Usage, $"{hub} shows no certificate that a pin could name. Write the address with https://, or leave the pin away.");
        try
        {
            return CertificatePin.Parse(pin);
        }
        catch (FormatException problem)
        {
            throw new CommandException(ExitCode.Usage, problem.Message);
        }
    }

    /// <exception cref="CommandException">It is no address.</exception>
    public static Uri ParseHub(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new CommandException(ExitCode.Usage, $"\"{address}\" is not the address of a hub. Expected one like http://127.0.0.1:5480.");

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
