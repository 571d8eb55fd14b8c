using System.Text.Json;
using Stemma.Client;

namespace Stemma.Cli.Terminal;

/// <summary>One JSON value per line on standard output. Safe for concurrent use.</summary>
internal static class JsonOutput
{
    private static readonly Lock Gate = new();

    public static void Write<T>(T value)
    {
        var line = JsonSerializer.Serialize(value, ClientJson.Options);
        lock (Gate)
            Console.Out.WriteLine(line);
    }
}
