namespace Stemma.Bench.Crash;

/// <param name="Acknowledged">Deposits that the hub had answered with success.</param>
/// <param name="WentOn">Uploads that went on, after a kill, from where the hub had them.</param>
/// <param name="Refused">Deposits that were refused while something was down, and succeeded when they were tried again.</param>
/// <param name="Kills">How often each kind of process was killed.</param>
/// <param name="Problems">Empty when everything acknowledged is there, whole, once, recorded once, and read.</param>
public sealed record CrashReport(int Acknowledged, int WentOn, IReadOnlyList<string> Refused, IReadOnlyDictionary<Victim, int> Kills, IReadOnlyList<string> Problems);
