using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Get;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma get WHAT</c>: fetches a file, a file set, or all files below a node.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("WHAT") { Description = "Project/Collection/Dataset/path, or the id of a node, file set or file" };
        var output = new Option<string?>("--output", "-o") { Description = "Folder to write to, or file name for a single file [here, in a folder of the same name]", HelpName = "PATH" };
        var force = new Option<bool>("--force") { Description = "Overwrite files that differ" };
        var json = new Option<bool>("--json") { Description = "One JSON object per file and line, and one at the end" };
        var hub = new HubArguments();
        return new StemmaCommand("get", "Fetch files. May be interrupted and started again; every digest is checked.",
                "stemma get Zeolites/Overview/eve.dm3", "stemma get Zeolites --output ./zeolites", "stemma get 0198c0de-0000-7000-8000-000000000000 -o eve.dm3")
            .With(what, output, force, json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                var wanted = await Wanted.FindAsync(client, parsed.GetValue(what)!, cancellationToken).ConfigureAwait(false);
                return await new GetRun(client, wanted, parsed.GetValue(force), parsed.GetValue(json)).RunAsync(parsed.GetValue(output), cancellationToken).ConfigureAwait(false);
            });
    }
}
