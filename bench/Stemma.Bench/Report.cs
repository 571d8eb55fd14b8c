using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stemma.Bench;

/// <summary>One figure: how often or how much per second, and what it is to be held against in the same run.</summary>
/// <param name="Size">What was measured, in words and numbers.</param>
/// <param name="SecondsMedian">Of the rounds.</param>
/// <param name="Peer">The limit or program that the ratio is to.</param>
/// <param name="Ratio">The peer's seconds ÷ ours: above 1 we are faster.</param>
/// <param name="PeakMiB">Peak resident memory of the process measured.</param>
public sealed record Measurement(
    string Bench, string Size, double SecondsMedian, double Throughput, string Unit, string? Peer = null, double? PeerSecondsMedian = null, double? Ratio = null, double? PeakMiB = null);

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

        var ratio = measurement.Ratio is { } value ? $"   {value:P0} of {measurement.Peer}" : "";
        var peak = measurement.PeakMiB is { } mebibytes ? $"   peak {mebibytes:0} MiB" : "";
        Console.WriteLine($"{measurement.Bench,-26} {measurement.Size,-22} {measurement.Throughput,10:#,0} {measurement.Unit}{ratio}{peak}");
    }

    /// <summary>A word for whoever waits; not for programs.</summary>
    public void Say(string line)
    {
        if (!json)
            Console.Error.WriteLine(line);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
