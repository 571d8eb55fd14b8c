using System.Diagnostics;

namespace Stemma.Bench.Crash;

/// <summary><c>bench/run crash</c>: the rehearsal, with a verdict.</summary>
internal static class CrashBench
{
    public static async Task<int> RunAsync(Report report, BenchOptions options)
    {
        using var folder = new WorkFolder("crash");
        var (rounds, seed) = (options.Quick ? 10 : 50, options.Seed ?? Random.Shared.Next());
        report.Say($"{rounds} rounds; again with: bench/run crash{(options.Quick ? " --quick" : "")} --seed {seed}");
        var began = Stopwatch.GetTimestamp();
        var result = await new CrashRehearsal(folder, rounds, seed, hurry: options.Quick, report.Say).RunAsync(CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var kills = string.Join(", ", result.Kills.OrderBy(kill => kill.Key).Select(kill => $"{kill.Key} {kill.Value}"));
        report.Add(Measurement.Of("crash", $"killed: {kills}; {result.WentOn} uploads went on; {result.Refused.Count} refusals; {result.Problems.Count} problems", result.Acknowledged, "files/s", seconds));
        foreach (var line in result.Refused.Take(10).Concat(result.Problems.Take(50)))
            Console.Error.WriteLine(line);
        return result.Problems.Count == 0 ? 0 : 1;
    }
}
