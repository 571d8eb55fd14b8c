using Stemma.Bench.Crash;

namespace Stemma.Bench.Tests.Crash;

/// <summary>The rehearsal of <c>bench/run crash</c>, short: every kind of process once. It runs the published executable.</summary>
public sealed class CrashRehearsalTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_was_acknowledged_is_there_whole_once_recorded_and_read_after_every_kind_of_process_was_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STEMMA_CRASH_SEED"), out var given) ? given : Random.Shared.Next();
        var again = $"again with STEMMA_CRASH_SEED={seed}";
        output.WriteLine(again);
        using var folder = new WorkFolder("crash");

        var report = await new CrashRehearsal(folder, rounds: 5, seed, hurry: true, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        report.Problems.ShouldBeEmpty(again);
        report.Kills.Values.ShouldBe([1, 1, 1, 1, 1], again);
        report.WentOn.ShouldBePositive(again);
        report.Acknowledged.ShouldBeGreaterThan(20, again);
    }
}
