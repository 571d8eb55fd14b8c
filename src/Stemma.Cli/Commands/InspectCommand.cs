using System.CommandLine;
using Stemma.Cli.CommandLine;
using Stemma.Cli.Inspect;
using Stemma.Cli.Terminal;
using Stemma.Formats;
using Stemma.Imaging;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma inspect FILE…</c>: what a file holds, with the same readers as the hub, and without one.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Files, or folders that are read as one file set", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object per file and line; of several files, one that cannot be shown has its reason as error" };
        var stats = new Option<bool>("--stats") { Description = "Read all pixels: minimum, maximum, mean, standard deviation, and SHA-256 of the pixels" };
        var metadata = new Option<bool>("--metadata") { Description = "Print the whole original metadata (always in --json)" };
        return new StemmaCommand("inspect", "Show what image files hold: images, calibration, how they were acquired, and the original metadata.\nExit code 65: damaged or of no known format; 66: cannot be opened.",
                "stemma inspect eve.dm3", "stemma inspect --json --stats *.tif | jq .images[0].stats", "stemma inspect --metadata scan.mrc | less")
            .With(files, json, stats, metadata)
            .Does((parsed, cancellationToken) => RunAsync(FormatRegistry.Default, parsed.GetValue(files)!, parsed.GetValue(json), parsed.GetValue(stats), parsed.GetValue(metadata),
                Console.OpenStandardOutput(), cancellationToken));
    }

    /// <returns>0, or the exit code of the first file that could not be shown.</returns>
    internal static async Task<int> RunAsync(FormatRegistry formats, IReadOnlyList<string> files, bool json, bool stats, bool metadata, Stream output, CancellationToken cancellationToken)
    {
        var status = ExitCode.Done;
        foreach (var file in files)
        {
            var (one, reason) = await InspectAsync(formats, file, json, stats, metadata, output, cancellationToken).ConfigureAwait(false);
            if (reason is null)
                continue;
            Say.Error(reason, one);
            // Of one file the exit code says it all; of several, every file has its line.
            if (json && files.Count > 1)
                InspectJson.WriteFailure(output, file, reason, one);
            status = status == ExitCode.Done ? one : status;
        }

        return status;
    }

    /// <returns>The exit code, and in one line why the file could not be shown; null: it was.</returns>
    private static async Task<(int ExitCode, string? Reason)> InspectAsync(FormatRegistry formats, string file, bool json, bool stats, bool metadata, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            var input = InspectInput.From(file, formats);
            await using var content = await formats.IdentifyAsync(input.Input, cancellationToken).ConfigureAwait(false);
            List<ImageStatistics>? statistics = null;
            if (stats)
            {
                statistics = [];
                foreach (var image in content.Images)
                    statistics.Add(await ImageStatistics.ComputeAsync(image, cancellationToken: cancellationToken).ConfigureAwait(false));
            }

            if (json)
            {
                // As a whole or not at all: half an object would not be JSON.
                using var line = new MemoryStream();
                InspectJson.Write(line, content, input, statistics);
                line.WriteTo(output);
            }
            else
            {
                using var text = new StreamWriter(output, leaveOpen: true);
                InspectText.Write(text, file, content, statistics, metadata);
            }

            return (ExitCode.Done, null);
        }
        catch (CommandException exception)
        {
            return (exception.ExitCode, exception.Message);
        }
        catch (FileReadException exception)
        {
            // Readers know the file by its name alone; of many files a person needs to know which.
            return (ExitCode.BadData, File.Exists(file) ? Path.Join(Path.GetDirectoryName(file), exception.Message) : exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (ExitCode.NoInput, $"{file}: {exception.Message}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return (ExitCode.Software, $"{file}: the reader failed ({exception.GetType().Name}: {exception.Message}). This is a mistake of the reader; please report it with the file.");
        }
    }
}
