using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Terminal;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } = typeof(VersionCommand).Assembly.GetName().Version!.ToString(3);

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        return new StemmaCommand("version", "Print the version.").With(json).Does((parsed, _) =>
        {
            if (parsed.GetValue(json))
                JsonOutput.Write(new { version = Version, runtime = Environment.Version.ToString(), system = Environment.OSVersion.ToString() });
            else
                Console.Out.WriteLine($"stemma {Version}");
            return Task.FromResult(ExitCode.Done);
        });
    }
}
