namespace Stemma.Bench.Crash;

/// <summary><c>bench/run crash</c>: the rehearsal, with a verdict.</summary>
internal static class CrashBench
{
    public static async Task<int> RunAsync(Report report, int rounds)
    {
        var data = Directory.CreateTempSubdirectory("stemma-crash-").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)Convert.ToInt32("755", 8));
        try
        {
            var seed = Random.Shared.Next();
            report.Say($"{rounds} rounds, seed {seed} …");
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            var result = await new CrashRehearsal(HubProcess.Executable(), Path.Combine(data, "hub"), rounds, seed, report.Say).RunAsync(CancellationToken.None);
            var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
            report.Add(new Measurement("crash", $"{rounds} kills: {string.Join(", ", result.Kills.Select(kill => $"{kill.Key} {kill.Value}"))}", seconds, result.Acknowledged, "files acknowledged"));
            report.Add(new Measurement("crash", "lost, damaged, double or unread", seconds, result.Problems.Count, "files"));
            foreach (var problem in result.Problems.Take(50))
                Console.Error.WriteLine(problem);
            return result.Problems.Count == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
