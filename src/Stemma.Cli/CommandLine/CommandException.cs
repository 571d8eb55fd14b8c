namespace Stemma.Cli.CommandLine;

/// <summary>A command cannot go on. The message is one line with the next step.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
