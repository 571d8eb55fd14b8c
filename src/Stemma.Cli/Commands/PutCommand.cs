using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Put;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma put PATH… --project P</c>: deposits files and folders.</summary>
internal static class PutCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files and folders; a folder keeps its name and structure", Arity = ArgumentArity.OneOrMore };
        var project = new Option<string>("--project", "-p") { Description = "Project, by name or id", Required = true };
        var into = new Option<string?>("--into", "--collection") { Description = "Collections, and perhaps a dataset, below the project: A/B", HelpName = "PATH" };
        var levels = new Option<int?>("--levels") { Description = "So many first folders become collections, the last of them a dataset [1]" };
        var dataset = new Option<string?>("--dataset") { Description = "Dataset for files without a folder [Files]", HelpName = "NAME" };
        var create = new Option<bool>("--create") { Description = "Make the project and collections that are missing" };
        var parallel = new Option<int>("--parallel") { Description = "Requests on their way at once; small files go several in one", DefaultValueFactory = _ => 4 };
        parallel.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 64)
                result.AddError("--parallel must be between 1 and 64.");
        });
        var unpack = new Option<bool>("--unpack") { Description = "Let the hub deposit the entries of zip archives beside them" };
        var json = new Option<bool>("--json") { Description = "One JSON object per file and line, and one at the end" };
        var hub = new HubArguments();
        return new StemmaCommand("put", "Deposit files and folders. May be interrupted and started again: what is there already is not sent twice.\nExit code 0: all is there; 1: some files failed, each with its reason.",
                "stemma put ./2026-03-14 --project Zeolites", "stemma put *.dm4 --project Zeolites --into \"Sample 12\" --dataset Overview --create", "stemma put /data/facility --project Archive --levels 2 --parallel 8 --json")
            .With(paths, project, into, levels, dataset, create, parallel, unpack, json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed, parsed.GetValue(parallel));
                var destination = await NodeAddress.DestinationAsync(client, parsed.GetValue(project)!, parsed.GetValue(into), parsed.GetValue(create), cancellationToken).ConfigureAwait(false);
                var options = new PutOptions(parsed.GetValue(levels), parsed.GetValue(dataset), parsed.GetValue(parallel), parsed.GetValue(unpack), parsed.GetValue(json));
                using var run = new PutRun(client, destination, SourceFiles.Find(parsed.GetValue(paths)!, cancellationToken), options);
                return await run.RunAsync(cancellationToken).ConfigureAwait(false);
            });
    }
}
