using System.Text;
using Stemma.Cli.CommandLine;

namespace Stemma.Cli.Terminal;

/// <summary>Questions to a person at the terminal.</summary>
internal static class Ask
{
    /// <param name="otherwise">How to answer without a terminal.</param>
    /// <exception cref="CommandException">Nobody answers.</exception>
    public static string Text(string question, string otherwise)
    {
        if (!Console.IsInputRedirected)
            Console.Error.Write($"{question}: ");
        return Console.ReadLine() is { Length: > 0 } answer ? answer : throw new CommandException(ExitCode.Usage, $"{question} is needed. {otherwise}");
    }

    /// <summary>Without showing what is typed. Where standard input is no terminal, its next line.</summary>
    public static string Secret(string question)
    {
        if (Console.IsInputRedirected)
            return Console.ReadLine() is { Length: > 0 } line ? line : throw new CommandException(ExitCode.Usage, $"{question} is needed on standard input.");
        Console.Error.Write($"{question}: ");
        var secret = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
            if (key.Key == ConsoleKey.Backspace)
                secret.Length = Math.Max(0, secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.Append(key.KeyChar);
        Console.Error.WriteLine();
        return secret.ToString();
    }
}
