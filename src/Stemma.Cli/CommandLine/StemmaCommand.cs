using System.CommandLine;

namespace Stemma.Cli.CommandLine;

/// <summary>A command that shows how it is used.</summary>
/// <param name="description">The first line stands in lists of commands; further lines are shown with the command alone.</param>
/// <param name="examples">Whole command lines, the most common first.</param>
internal sealed class StemmaCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description.Split('\n')[0])
{
    public IReadOnlyList<string> Notes { get; } = description.Split('\n')[1..];

    public IReadOnlyList<string> Examples { get; } = examples;

    public StemmaCommand With(params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
            switch (symbol)
            {
                case Argument argument: Arguments.Add(argument); break;
                case Option option: Options.Add(option); break;
                case Command command: Subcommands.Add(command); break;
            }

        return this;
    }

    public StemmaCommand Does(Func<ParseResult, CancellationToken, Task<int>> action)
    {
        SetAction(action);
        return this;
    }
}
