using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Harvest;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma harvest FOLDER --project P</c>: on a gateway machine that sees the instrument's folder.</summary>
internal static class HarvestCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Folder to watch; nothing is ever written to it" };
        var project = new Option<string>("--project", "-p") { Description = "Project, by name or id", Required = true };
        var into = new Option<string?>("--into", "--collection") { Description = "Collections, and perhaps a dataset, below the project: A/B", HelpName = "PATH" };
        var levels = new Option<int?>("--levels") { Description = "So many first folders become collections, the last of them a dataset [1]" };
        var dataset = new Option<string?>("--dataset") { Description = "Dataset for files without a folder [Files]", HelpName = "NAME" };
        var create = new Option<bool>("--create") { Description = "Make the project and collections that are missing" };
        var once = new Option<bool>("--once") { Description = "Take what is there and end" };
        var stable = new Option<string>("--stable") { Description = "A file must have looked the same for so long", DefaultValueFactory = _ => "10s", HelpName = "TIME" };
        var poll = new Option<string>("--poll") { Description = "How often to look, also where changes are not announced", DefaultValueFactory = _ => "5s", HelpName = "TIME" };
        var json = new Option<bool>("--json") { Description = "One JSON object per file and line" };
        var hub = new HubArguments();
        return new StemmaCommand("harvest", "Take files from an instrument's folder as they come to rest. Runs until Ctrl-C and may be restarted at any time: nothing is taken twice.",
                "stemma harvest /mnt/microscope --project Titan --levels 2", "stemma harvest /mnt/sem --project SEM --once --stable 30s --json")
            .With(folder, project, into, levels, dataset, create, once, stable, poll, json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(folder)!));
                if (!Directory.Exists(root))
                    throw new CommandException(ExitCode.NoInput, $"{root}: there is no such folder");
                if ((Settings.Folder + "/").StartsWith(root + "/", StringComparison.Ordinal))
                    throw new CommandException(ExitCode.Usage, $"{root} holds our own configuration ({Settings.Folder}). Watch a folder beside it, or set XDG_CONFIG_HOME.");
                var options = new HarvestOptions(
                    parsed.GetValue(levels), parsed.GetValue(dataset), ShortTime.Parse("--stable", parsed.GetValue(stable)!), ShortTime.Parse("--poll", parsed.GetValue(poll)!), parsed.GetValue(once), parsed.GetValue(json));
                using var client = hub.Connect(parsed);
                var destination = await NodeAddress.DestinationAsync(client, parsed.GetValue(project)!, parsed.GetValue(into), parsed.GetValue(create), cancellationToken).ConfigureAwait(false);
                using var journal = Open(HarvestJournal.PathOf(root, client.Hub, destination.Id), root);
                return await new HarvestRun(client, destination.Id, root, journal, options).RunAsync(cancellationToken).ConfigureAwait(false);
            });
    }

    private static HarvestJournal Open(string path, string folder)
    {
        try
        {
            return HarvestJournal.Open(path);
        }
        catch (IOException exception)
        {
            throw new CommandException(ExitCode.CannotCreate, $"The journal of {folder} cannot be opened; is another harvest of it running? ({exception.Message})");
        }
    }
}
