using Stemma.Bench;
using Stemma.Bench.Catalog;
using Stemma.Bench.Crash;
using Stemma.Bench.Extract;
using Stemma.Bench.Ingest;
using Stemma.Bench.Pages;
using Stemma.Bench.Shapes;

if (args is [LimitServer.Word, var folder])
    return await LimitServer.RunAsync(folder);
if (args.Length == 0 || BenchOptions.Parse(args.AsSpan(1)) is not { } options)
    return Usage();
var report = new Report(options.Json);
return args[0] switch
{
    "ingest" => await IngestBench.RunAsync(report, options),
    "extract" => await ExtractBench.RunAsync(report, options),
    "catalog" => await CatalogBench.RunAsync(report, options),
    "pages" => await PagesBench.RunAsync(report, options),
    "shapes" => await ShapesBench.RunAsync(report, options),
    "crash" => await CrashBench.RunAsync(report, options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: bench/run ingest|extract|catalog|pages|shapes|crash [--json] [--quick] [--peers] [--seed N] [--files N] [--data FOLDER]");
    return 2;
}
