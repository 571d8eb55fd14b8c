using Stemma.Bench;
using Stemma.Bench.Crash;
using Stemma.Bench.Extract;
using Stemma.Bench.Ingest;

return args switch
{
    ["ingest", .. var options] => await IngestBench.RunAsync(new Report(options.Contains("--json")), options.Contains("--quick")),
    ["extract", .. var options] => await ExtractBench.RunAsync(new Report(options.Contains("--json")), options.Contains("--quick")),
    ["crash", .. var options] => await CrashBench.RunAsync(new Report(options.Contains("--json")), options.Contains("--quick") ? 10 : 50),
    [HubChild.Word, var data] => await HubChild.RunAsync(data),
    [LimitChild.Word, var folder] => await LimitChild.RunAsync(folder),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: bench/run ingest|extract|crash [--json] [--quick]");
    return 2;
}
