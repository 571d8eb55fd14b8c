using System.Diagnostics;

namespace Stemma.Bench.Processes;

/// <summary><c>stemma put</c> as a person types it.</summary>
internal static class StemmaPut
{
    /// <summary>Deposits all files of a folder into one dataset of a new project.</summary>
    /// <returns>Seconds from the start of the program to its end.</returns>
    public static async Task<double> RunAsync(HubProcess hub, SourceFolder source, string project, int atOnce)
    {
        var start = new ProcessStartInfo(StemmaExecutable.Path, ["put", $"{source.Path}/.", "--project", project, "--create", "--parallel", atOnce.ToString()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["STEMMA_HUB"] = hub.Address.ToString(), ["STEMMA_TOKEN"] = hub.Token },
        };
        var began = Stopwatch.GetTimestamp();
        using var put = Process.Start(start)!;
        var said = await Task.WhenAll(put.StandardOutput.ReadToEndAsync(), put.StandardError.ReadToEndAsync());
        await put.WaitForExitAsync();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return put.ExitCode == 0 && said[0].StartsWith($"{source.Files.Count} deposited, 0 already there, 0 failed", StringComparison.Ordinal) ? seconds
            : throw new InvalidOperationException($"stemma put was to deposit {source.Files.Count} files, but ended with {put.ExitCode}: {string.Concat(said)}");
    }
}
