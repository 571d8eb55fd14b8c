using System.CommandLine;
using Stemma.Cli.CommandLine;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma completion SHELL</c>: what makes a shell complete our commands. It asks <c>stemma [suggest:POSITION] LINE</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _stemma() {
          local line="$COMP_LINE" IFS=$'\n'
          COMPREPLY=($(stemma "[suggest:$COMP_POINT]" "$line" 2>/dev/null | grep -F -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _stemma stemma
        """;

    private const string Zsh = """
        #compdef stemma
        _stemma() {
          local -a found
          found=("${(@f)$(stemma "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          [[ -n "$found" ]] && compadd -- $found || _files
        }
        compdef _stemma stemma
        """;

    private const string Fish = """
        complete -c stemma -a '(stemma "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return new StemmaCommand("completion", "Print what makes your shell complete stemma's commands and options.", "source <(stemma completion bash)", "stemma completion fish > ~/.config/fish/completions/stemma.fish")
            .With(shell)
            .Does((parsed, _) =>
            {
                Console.Out.WriteLine(parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
                return Task.FromResult(ExitCode.Done);
            });
    }
}
