using System.CommandLine;
using System.Globalization;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma ls [PATH]</c>: projects, or what a project, collection or dataset holds.</summary>
internal static class LsCommand
{
    public static Command Create()
    {
        var path = new Argument<string?>("PATH") { Description = "Project/Collection/Dataset, or an id; without one, the projects", Arity = ArgumentArity.ZeroOrOne };
        var details = new Option<bool>("-l") { Description = "With size, time, state of reading and id" };
        var json = new Option<bool>("--json") { Description = "One JSON object per line" };
        var hub = new HubArguments();
        return new StemmaCommand("ls", "List projects, or what is in one.", "stemma ls", "stemma ls -l \"Zeolites/Sample 12\"", "stemma ls Samples/dm3 --json | jq -r .name")
            .With(path, details, json, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                var list = new Listing(parsed.GetValue(details), parsed.GetValue(json));
                if (parsed.GetValue(path) is not { } address)
                {
                    await list.NodesAsync(client.Nodes.ProjectsAsync(cancellationToken)).ConfigureAwait(false);
                    return ExitCode.Done;
                }

                var (node, rest) = await NodeAddress.FindAsync(client, address, cancellationToken).ConfigureAwait(false);
                var found = rest.Length == 0;
                if (node.Kind == "dataset")
                    found |= await list.FileSetsAsync(client.FileSets.ListAsync(node.Id, cancellationToken: cancellationToken), rest).ConfigureAwait(false);
                else if (found)
                    await list.NodesAsync(client.Nodes.ChildrenAsync(node.Id, cancellationToken)).ConfigureAwait(false);
                return found ? ExitCode.Done : throw NodeAddress.Missing(address, node, rest);
            });
    }

    private sealed class Listing(bool details, bool json)
    {
        public async Task NodesAsync(IAsyncEnumerable<Node> nodes)
        {
            await foreach (var node in nodes.ConfigureAwait(false))
                if (json)
                    JsonOutput.Write(node);
                else if (details)
                    Console.Out.WriteLine($"{node.Kind,-10}  {Time(node.ModifiedAt)}  {node.Id}  {Say.OneLine(node.Name)}");
                else
                    Console.Out.WriteLine(Say.OneLine(node.Name) + (node.Kind == "dataset" ? "" : "/"));
        }

        /// <param name="below">Path of a file, or a folder within the dataset; empty for all.</param>
        /// <returns>Whether there is any.</returns>
        public async Task<bool> FileSetsAsync(IAsyncEnumerable<FileSet> sets, string below)
        {
            var found = false;
            await foreach (var set in sets.ConfigureAwait(false))
            {
                if (below.Length > 0 && set.Name != below && !set.Name.StartsWith(below + "/", StringComparison.Ordinal))
                    continue;
                found = true;
                if (json)
                    JsonOutput.Write(set);
                else if (details)
                    Console.Out.WriteLine($"{Amounts.Bytes(set.Size),8}  {Time(set.ModifiedAt)}  {set.Reading,-9}  {set.Id}  {Say.OneLine(set.Name)}{Facts(set)}");
                else
                    Console.Out.WriteLine(Say.OneLine(set.Name));
            }

            return found;
        }

        private static string Facts(FileSet set) =>
            set.Image is { } image ? $"  ({Amounts.Extent(image.Shape)} {image.PixelType}{(set.ImageCount > 1 ? $", {set.ImageCount} images" : "")})"
            : set.ReadingNote is { Length: > 0 } note ? $"  ({Say.OneLine(note)})" : "";

        private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}
