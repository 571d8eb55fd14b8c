using System.Diagnostics;
using Stemma.Bench.Processes;
using Stemma.Client;

namespace Stemma.Bench.Crash;

/// <summary>
/// Kills the hub, PostgreSQL, workers and readers at random moments while files are deposited, and then looks whether every acknowledged file is
/// there, whole, once, recorded once, and read. Every kind of process is killed once in as many rounds as there are kinds.
/// </summary>
/// <param name="seed">Decides the pictures, the victims and the moments; what meets what is still up to the machine.</param>
/// <param name="hurry">Whether the leases of killed workers run out at once in the end, instead of after a minute.</param>
public sealed class CrashRehearsal(WorkFolder folder, int rounds, int seed, bool hurry, Action<string> say)
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(60);

    public async Task<CrashReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var hub = new HubProcess(folder.Below("hub"));
        await hub.StartAsync(cancellationToken);
        using var client = new StemmaClient(hub.Address, hub.Token);
        var project = (await client.Nodes.CreateProjectAsync("Crash", cancellationToken: cancellationToken)).Id;
        var depositors = new Depositors(client, project, folder.Below("sent"), seed);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var depositing = depositors.RunAsync(enough.Token, cancellationToken);

        var random = new Random(seed);
        var killer = new Killer(hub, random);
        Victim[] victims = [.. Enumerable.Range(0, rounds).Chunk(Enum.GetValues<Victim>().Length).SelectMany(chunk => Shuffled(random).Take(chunk.Length))];
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                if (depositing.IsFaulted)
                    break;
                // A kill is to hit work: files are taken again after the one before, and an upload is under way.
                var before = depositors.Acknowledged.Count;
                await UntilAsync(() => depositors.Acknowledged.Count > before, $"no file was acknowledged{(round > 0 ? $" after {victims[round - 1]} was killed" : "")}", cancellationToken);
                await Task.Delay(random.Next(100, 1500), cancellationToken);
                await UntilAsync(() => depositors.IsInTheMiddle, "no large picture was begun", cancellationToken);
                await killer.KillAsync(victims[round], cancellationToken);
                if (victims[round] == Victim.Hub)
                    await hub.StartAsync(cancellationToken);
                say($"round {round + 1} of {rounds}: killed {victims[round]}, {depositors.Acknowledged.Count} acknowledged");
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        await depositing;
        say($"{depositors.Acknowledged.Count} acknowledged, {depositors.WentOn} uploads went on, {depositors.Refused.Count} refusals; looking at all …");
        var problems = await new Verification(hub, client, project, depositors.Acknowledged).ProblemsAsync(hurry, cancellationToken);
        return new CrashReport(depositors.Acknowledged.Count, depositors.WentOn, depositors.Refused, victims.CountBy(victim => victim).ToDictionary(), problems);
    }

    /// <exception cref="TimeoutException">It did not come to that.</exception>
    private static async Task UntilAsync(Func<bool> condition, string otherwise, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(5, cancellationToken))
            if (Stopwatch.GetElapsedTime(began) > BackWithin)
                throw new TimeoutException($"For {BackWithin.TotalSeconds} s {otherwise}.");
    }

    private static Victim[] Shuffled(Random random)
    {
        var victims = Enum.GetValues<Victim>();
        random.Shuffle(victims);
        return victims;
    }
}
