using System.Globalization;
using Stemma.Formats;
using Stemma.Worker.Reading;

namespace Stemma.Cli.Commands;

/// <summary><c>stemma read-child --memory BYTES [--channel DESCRIPTOR]</c>: what workers start to open untrusted files. Not for people; it is taken before the command line is parsed, to start quickly.</summary>
internal static class ReadChildCommand
{
    public const string Name = "read-child";
    private const long DefaultMemoryBytes = 2L << 30;

    /// <summary>How to start it from this very program.</summary>
    public static IReadOnlyList<string> CommandLine()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        // Under `dotnet stemma.dll` the process is dotnet.
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, typeof(ReadChildCommand).Assembly.Location, Name] : [program, Name];
    }

    public static Task<int> RunAsync(ReadOnlySpan<string> arguments)
    {
        var memory = arguments is ["--memory", var bytes, ..] && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : DefaultMemoryBytes;
        int? channel = arguments is [_, _, "--channel", var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) ? descriptor : null;
        return ReaderChildProgram.RunAsync(FormatRegistry.Default, memory, channel);
    }
}
