using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Terminal;
using Stemma.Formats.Demo;
using Stemma.Hub;
using Stemma.Hub.Hosting;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma serve</c>: the hub, with its own PostgreSQL and worker.</summary>
internal static class ServeCommand
{
    // Option → setting. Everything here can also stand in stemma.json or in STEMMA__… variables.
    private static readonly (string Option, string Value, string Setting, string Help)[] Settings =
    [
        ("--data", "FOLDER", nameof(HubOptions.Data), "Folder that holds everything (default /var/lib/stemma)."),
        ("--urls", "URLS", nameof(HubOptions.Urls), "Addresses to listen on, separated by ; (default http://127.0.0.1:5480)."),
        ("--postgres", "CONNECTION", nameof(HubOptions.Postgres), "Connection string of your own PostgreSQL (default: a private one in the data folder)."),
        ("--certificate", "FILE", nameof(HubOptions.Certificate), "PEM or PFX certificate for https:// addresses, with the authorities above it; read at the start."),
        ("--certificate-key", "FILE", nameof(HubOptions.CertificateKey), "PEM key, where it is not in the certificate's file."),
        ("--certificate-password-file", "FILE", nameof(HubOptions.CertificatePasswordFile), "File whose first line is the password of the PFX, or of an encrypted PEM key."),
        ("--hsts-days", "N", nameof(HubOptions.HstsDays), "How long browsers refuse plain HTTP to this host name, whatever the port; 0: not at all (default 30)."),
        ("--upload-patience-seconds", "S", nameof(HubOptions.UploadPatienceSeconds), "How long a sender of a file may be silent or too slow before it is ended (default 60)."),
        ("--upload-minimum-bytes-per-second", "N", nameof(HubOptions.UploadMinimumBytesPerSecond), "Slowest sender of a file that is waited for; 0: any that sends at all (default 1000)."),
        ("--max-connections", "N", nameof(HubOptions.MaxConnections), "Connections at once; further ones are closed (default 5000)."),
        ("--readers", "N", nameof(HubOptions.Readers), "Reader children of the local worker; 0 for none (default: one per processor)."),
        ("--sandbox", "auto|require|none", nameof(HubOptions.Sandbox), "Whether the local worker locks its readers in: as well as this machine can (default), fully or not at all, or not."),
        ("--web", "FOLDER", nameof(HubOptions.Web), "Folder of the built browser application (default: web beside the executable)."),
    ];

    public static Command Create()
    {
        var options = Settings.Select(setting => (setting.Setting, Option: new Option<string?>(setting.Option) { Description = setting.Help, HelpName = setting.Value })).ToArray();
        var noDemo = new Option<bool>("--no-demo") { Description = "Start without demo data." };
        var insecure = new Option<bool>("--insecure-http") { Description = "Allow plain HTTP on other addresses than loopback: passwords then cross the network readable by all." };
        var proxies = new Option<string[]>("--trusted-proxies") { Description = "Addresses or networks of proxies that end TLS in front of the hub." };
        var roots = new Option<string[]>("--roots") { Description = "Folders beneath which files may be linked or harvested." };
        return new StemmaCommand("serve", "Run the hub.\nEvery option can also stand in stemma.json in the data folder, or in the environment as STEMMA__NAME.",
                "stemma serve", "stemma serve --data /srv/stemma --urls https://0.0.0.0:443 --certificate hub.pem --roots /mnt/microscopes")
            .With([.. options.Select(pair => pair.Option), noDemo, insecure, proxies, roots])
            .Does(async (parsed, cancellationToken) =>
            {
                var settings = options.ToDictionary(pair => pair.Setting, pair => parsed.GetValue(pair.Option));
                if (parsed.GetValue(noDemo))
                    settings[nameof(HubOptions.Demo)] = "false";
                if (parsed.GetValue(insecure))
                    settings[nameof(HubOptions.InsecureHttp)] = "true";
                AddList(settings, nameof(HubOptions.TrustedProxies), parsed.GetValue(proxies));
                AddList(settings, nameof(HubOptions.Roots), parsed.GetValue(roots));
                try
                {
                    await HubHost.RunAsync(OptionsLoader.Load(settings), Console.Out.WriteLine, DemoData.WriteAsync, cancellationToken);
                    return ExitCode.Done;
                }
                catch (SettingsException problem)
                {
                    return Say.Error(problem.Message, ExitCode.BadSettings);
                }
            });
    }

    private static void AddList(Dictionary<string, string?> settings, string name, string[]? values)
    {
        for (var index = 0; index < (values?.Length ?? 0); index++)
            settings[$"{name}:{index}"] = values![index];
    }
}
