using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stemma.Bench;

/// <summary>Prints measurements as they come: a line of JSON each, or a line for people.</summary>
public sealed class Report(bool json)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Add(Measurement measurement)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(measurement, Options));
            return;
        }

        if (measurement.SecondsP95 is { } p95)
        {
            var target = measurement.SecondsTarget is { } most ? $"   {(p95 <= most ? "within" : "ABOVE")} {most * 1000:0} ms" : "";
            Console.WriteLine($"{measurement.Bench,-10} {measurement.Size,-56} p50 {measurement.SecondsMedian * 1000,6:0.0} ms   p95 {p95 * 1000,6:0.0} ms   max {measurement.SecondsMax * 1000,6:0} ms{target}");
            foreach (var slow in measurement.Slowest ?? [])
                Say($"             {slow}");
            return;
        }

        var spread = measurement.SecondsMax > measurement.SecondsMin ? $" ({measurement.SecondsMin:0.00}–{measurement.SecondsMax:0.00})" : "";
        var ratio = measurement.Ratio is { } value ? $"   {value:P0} of {measurement.Peer} ({measurement.PeerSecondsMedian:0.00} s)" : "";
        var peak = measurement.PeakMiB is { } mebibytes ? $"   peak {mebibytes:0} MiB" : "";
        var processor = measurement.CpuSeconds is { } used ? $"   CPU s: {string.Join(", ", used.Select(pair => $"{pair.Key} {pair.Value:0.0}"))}" : "";
        Console.WriteLine($"{measurement.Bench,-18} {measurement.Size,-24} {measurement.Throughput,8:#,0} {measurement.Unit,-8} {measurement.SecondsMedian,7:0.00} s{spread}{ratio}{peak}{processor}");
    }

    public void Add(SizeMeasurement measurement) =>
        Console.WriteLine(json ? JsonSerializer.Serialize(measurement, Options) : $"{measurement.Bench,-10} {measurement.Size,-64} {measurement.Bytes / 1048576.0,10:#,0.00} MiB{(measurement.BytesPerFile is { } each ? $" {each,8:#,0} B/file" : "")}");

    /// <summary>A word for whoever waits; not for programs.</summary>
    public void Say(string line)
    {
        if (!json)
            Console.Error.WriteLine(line);
    }
}
