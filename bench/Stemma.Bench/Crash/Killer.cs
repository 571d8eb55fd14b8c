using System.ComponentModel;
using System.Diagnostics;
using Stemma.Bench.Processes;

namespace Stemma.Bench.Crash;

/// <summary>Kills one process of the kind wanted with SIGKILL, waiting for it where it is just being started again.</summary>
internal sealed class Killer(HubProcess hub, Random random)
{
    private static readonly TimeSpan ThereWithin = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">There was none: it was not started again after an earlier kill.</exception>
    public async Task KillAsync(Victim victim, CancellationToken cancellationToken)
    {
        if (victim == Victim.Hub)
        {
            hub.Kill();
            return;
        }

        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(20, cancellationToken))
        {
            var candidates = Candidates(victim);
            if (candidates.Length > 0 && Kill(candidates[random.Next(candidates.Length)]))
                return;
            if (Stopwatch.GetElapsedTime(began) > ThereWithin)
                throw new TimeoutException($"There was no {victim} to kill within {ThereWithin.TotalSeconds} s: it was not started again.");
        }
    }

    private int[] Candidates(Victim victim) => victim switch
    {
        Victim.Postmaster => hub.PostmasterId is { } id ? [id] : [],
        Victim.Backend => hub.PostmasterId is { } id ? [.. ProcessTree.Descendants(id)] : [],
        Victim.Worker => Started("work"),
        Victim.Reader => Started("read-child"),
        _ => throw new ArgumentOutOfRangeException(nameof(victim), victim, null),
    };

    private int[] Started(string command) => [.. ProcessTree.Descendants(hub.Id).Where(id => ProcessTree.Arguments(id) is [_, var word, ..] && word == command)];

    private static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
