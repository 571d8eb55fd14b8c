namespace Stemma.Cli.Terminal;

/// <summary>Lines for people on standard error.</summary>
internal static class Say
{
    public static int Error(string message, int exitCode)
    {
        Line($"stemma: {OneLine(message)}");
        return exitCode;
    }

    public static void Line(string message) => Console.Error.WriteLine(message);

    /// <summary>What comes from a file or the network may hold anything: control characters do not reach the terminal.</summary>
    public static string OneLine(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(letter => char.IsControl(letter) ? '\ufffd' : letter));
}
