using System.Diagnostics;
using System.Text.Json;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Pages;

/// <summary>A script of web/bench in Node.js, which drives Chromium and prints a line of JSON for each figure.</summary>
internal static class BrowserScript
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>The built browser application, for <c>stemma serve --web</c>.</summary>
    public static string Web => Path.Combine(Root, "web", "dist");

    private static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(StemmaExecutable.Path)!, "..", ".."));

    /// <param name="script">Name of the file.</param>
    /// <param name="token">What the browser shows the hub.</param>
    /// <param name="settings">Environment variables, as the script calls them.</param>
    /// <returns>The exit status of the script.</returns>
    public static async Task<int> RunAsync(Report report, string bench, string script, HubProcess hub, string token, string size, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Root, "web", "bench", script)]) { RedirectStandardOutput = true };
        foreach (var (name, value) in settings.Append(("STEMMA_URL", hub.Address.ToString().TrimEnd('/'))).Append(("STEMMA_TOKEN", token)))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            Tell(report, bench, size, JsonSerializer.Deserialize<Seen>(line, Names)!);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static void Tell(Report report, string bench, string size, Seen seen)
    {
        if (seen.Bytes is { } bytes)
            report.Add(new SizeMeasurement(bench, seen.What, bytes, null));
        else
            report.Add(Measurement.Of(bench, $"{size}: {seen.What}", 1, seen.Unit ?? "pages/s", seen.Seconds!).Within(seen.Target, seen.Seconds!));
    }

    /// <summary>A line of a script: bytes, or the seconds of each round and what 19 of 20 may be at most.</summary>
    private sealed record Seen(string What, long? Bytes, double[]? Seconds, double? Target, string? Unit);
}
