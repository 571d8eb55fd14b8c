using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Connection;
using Stemma.Cli.Search;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma search QUERY</c>: finds files by what is known of them.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var query = new Argument<string[]>("QUERY") { Description = "Words, \"phrases\", prefix*, field:value, ranges with units; several are joined by spaces", Arity = ArgumentArity.ZeroOrMore };
        var sort = new Option<string?>("--sort") { Description = "relevance, newest, or a field's name; with a minus the other way round", HelpName = "FIELD" };
        var limit = new Option<int?>("--limit", "-n") { Description = "How many at most [50; with --csv and --json all]", HelpName = "N" };
        var fields = new Option<string?>("--fields", "-f") { Description = "With --csv and --json: which fields, separated by commas", HelpName = "A,B" };
        var csv = new Option<bool>("--csv") { Description = "Chosen fields of all files found, as CSV, newest first" };
        var json = new Option<bool>("--json") { Description = "One JSON object per file and line; with --fields only those" };
        var facets = new Option<bool>("--facets") { Description = "How the files are spread over instruments, detectors, dates …, instead of the files" };
        var hub = new HubArguments();
        return new StemmaCommand("search", "Find files by what is known of them.",
                "stemma search precipitate", "stemma search 'accelerating_voltage:>=200kV pixel_size:<0.1nm'", "stemma search 'by:lau date:2017..2018' --csv --fields name,instrument,date > lau.csv",
                "stemma search 'original.Tecnai.User:JLAU' --json | jq -r .file.id", "stemma search --facets in:Samples", "stemma search -- -draft tag:figure")
            .With(query, sort, limit, fields, csv, json, facets, hub.Hub, hub.Token)
            .Does(async (parsed, cancellationToken) =>
            {
                using var client = hub.Connect(parsed);
                var asked = string.Join(' ', parsed.GetValue(query) ?? []);
                var run = new SearchRun(client.Search, asked, parsed.GetValue(sort), parsed.GetValue(limit));
                var (chosen, isCsv, isJson) = (parsed.GetValue(fields), parsed.GetValue(csv), parsed.GetValue(json));
                if (chosen is not null && !isCsv && !isJson)
                    throw new CommandException(ExitCode.Usage, "--fields is for --csv and --json.");
                if ((isCsv || chosen is not null) && (parsed.GetValue(limit) is not null || parsed.GetValue(sort) is not null))
                    throw new CommandException(ExitCode.Usage, "--csv and --fields write all files found, newest first: leave --limit and --sort away.");
                try
                {
                    if (parsed.GetValue(facets))
                        await run.FacetsAsync(isJson, cancellationToken).ConfigureAwait(false);
                    else if (isCsv || chosen is not null)
                        await run.ExportAsync(isCsv ? "csv" : "ndjson", chosen, cancellationToken).ConfigureAwait(false);
                    else
                        await run.ListAsync(isJson, cancellationToken).ConfigureAwait(false);
                    return ExitCode.Done;
                }
                catch (StemmaProblemException problem) when (problem is { Position: { } position, Length: { } length })
                {
                    Say.Line(Say.OneLine(asked));
                    Say.Line(new string(' ', position) + new string('^', Math.Max(1, length)));
                    throw new CommandException(ExitCode.Usage, problem.Message);
                }
            });
    }
}
