using System.Globalization;

namespace Stemma.Cli.CommandLine;

/// <summary>Times on the command line: 500ms, 10s, 5m, 2h; a plain number is seconds.</summary>
internal static class ShortTime
{
    /// <exception cref="CommandException">It is no time.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.");
        double? seconds = unit switch { "" or "s" => 1, "ms" => 0.001, "m" => 60, "h" => 3600, _ => null };
        return seconds is { } factor && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * factor < 1e7
            ? TimeSpan.FromSeconds(value * factor)
            : throw new CommandException(ExitCode.Usage, $"{option} must be a time like 500ms, 10s, 5m or 2h, but is \"{text}\".");
    }
}
