namespace Stemma.Bench.Processes;

/// <summary>What programs use of the processors from now on: a first look at where the time goes.</summary>
/// <param name="programs">Name, and a function telling the processor seconds used so far.</param>
internal sealed class CpuClock(params IReadOnlyList<(string Name, Func<double> Used)> programs)
{
    private readonly double[] _before = [.. programs.Select(program => program.Used())];

    /// <summary>A hub, its database, and all that this machine did: more than their sum, as readers that ended in their sandbox are nobody's children.</summary>
    public static CpuClock Of(HubProcess hub, string name, Func<double> used) => new(
        (name, used), ("hub", () => ProcessTree.CpuSeconds(hub.Id)), ("PostgreSQL", () => ProcessTree.CpuSeconds(hub.PostmasterId!.Value)), ("machine", ProcessTree.BusySeconds));

    /// <returns>Processor seconds since the clock was made, by program.</returns>
    public IReadOnlyDictionary<string, double> Elapsed() => programs.Index().ToDictionary(part => part.Item.Name, part => Math.Round(part.Item.Used() - _before[part.Index], 2));
}
