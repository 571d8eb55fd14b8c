using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Stemma.Cli.Terminal;
using Stemma.Client;

namespace Stemma.Cli.CommandLine;

/// <summary>Runs a command line: one line on standard error when it cannot be done, and an exit code that means something.</summary>
internal static class StemmaCommandLine
{
    /// <summary>How long a command may take to come to an end after Ctrl-C.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction usual)
                option.Action = new HelpWithExamples(usual);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction mistake)
            mistake.ShowHelp = false;
        try
        {
            var status = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopWithin }).ConfigureAwait(false);
            if (parsed.Errors.Count == 0 || status == 0)
                return status;
            Say.Line($"See: {string.Join(' ', Names(parsed.CommandResult))} --help");
            return ExitCode.Usage;
        }
        catch (CommandException exception)
        {
            return Say.Error(exception.Message, exception.ExitCode);
        }
        catch (StemmaProblemException problem) when (problem.Status is 401)
        {
            // The hub may name the command itself.
            return Say.Error(problem.Message.Contains("stemma login", StringComparison.Ordinal) ? problem.Message : $"{problem.Message} Log in with: stemma login URL", ExitCode.NoPermission);
        }
        catch (StemmaProblemException problem)
        {
            return Say.Error(problem.Message, problem.Status == 403 ? ExitCode.NoPermission : ExitCode.Refused);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return Say.Error($"The hub's certificate is not accepted: {(exception.InnerException ?? exception).Message} "
                + "If it is the right one, log in with its SHA-256, which the hub prints at its start: stemma login URL --pin HEX", ExitCode.Unavailable);
        }
        catch (HttpRequestException exception)
        {
            return Say.Error($"The hub cannot be reached: {exception.Message.TrimEnd('.')}. Is it running, and is the address right (stemma login URL, or --hub)?", ExitCode.Unavailable);
        }
        catch (LocalFileException exception)
        {
            return Say.Error(exception.Message, ExitCode.CannotCreate);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            Say.Line(exception.ToString());
            return Say.Error("This is a mistake of ours; please report it with the lines above.", ExitCode.Software);
        }
    }

    private static IEnumerable<string> Names(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. Names(parent), command.Command.Name] : [command.Command.Name];
}
