using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Stemma.Cli.CommandLine;

/// <summary>The usual help, and after it the command's notes and examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var status = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not StemmaCommand command)
            return status;
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var note in command.Notes)
            output.WriteLine($"{note}\n");
        if (command.Examples.Count == 0)
            return status;
        output.WriteLine("Examples:");
        foreach (var example in command.Examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return status;
    }
}
