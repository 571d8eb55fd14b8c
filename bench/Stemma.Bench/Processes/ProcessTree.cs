using System.Globalization;

namespace Stemma.Bench.Processes;

/// <summary>What the kernel tells of a process and of those that it started.</summary>
internal static class ProcessTree
{
    // sysconf(_SC_CLK_TCK), which Linux fixes for programs.
    private const double TicksPerSecond = 100;

    /// <summary>All processes below one that run at this moment.</summary>
    public static IReadOnlyList<int> Descendants(int id)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
            .Where(process => process > 0)
            .ToLookup(process => Stat(process) is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : 0);
        List<int> found = [id];
        for (var index = 0; index < found.Count; index++)
            found.AddRange(parents[found[index]]);
        return found[1..];
    }

    /// <summary>Seconds that the processors of this machine were not idle.</summary>
    // proc(5): cpu, then user, nice, system, idle, iowait, irq, softirq.
    public static double BusySeconds() => File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..8]
        .Where((_, kind) => kind is not (3 or 4)).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>Processor seconds that a process and all below it have used, those included that ended and were waited for.</summary>
    public static double CpuSeconds(int id) => Descendants(id).Prepend(id).Sum(process => Stat(process) is { } stat ? stat[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) : 0) / TicksPerSecond;

    /// <summary>Processor seconds that children of this program used, those that have ended.</summary>
    public static double CpuSecondsOfEnded() => Stat(Environment.ProcessId)![13..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>The words that a process was started with; empty when it is gone.</summary>
    public static IReadOnlyList<string> Arguments(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Highest resident memory since the start, or since <see cref="ForgetPeak"/>.</summary>
    public static double PeakMiB(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(row => row.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }

    // proc(5): 5 resets the peak to what is resident now.
    public static void ForgetPeak(int id) => File.WriteAllText($"/proc/{id}/clear_refs", "5");

    /// <summary>State, parent … as in proc(5), without the id and the name, which may hold spaces; null when the process is gone.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
