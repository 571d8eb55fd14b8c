using System.Text.Json.Nodes;
using Stemma.Cli.Terminal;
using Stemma.Formats;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;
using Stemma.Worker.Reading;

namespace Stemma.Cli.Inspect;

/// <summary>What <c>stemma inspect</c> tells a person: images, calibration, the facts that matter, and on request the whole tree.</summary>
internal static class InspectText
{
    private const int ImagesShown = 8;
    private const int WidestValue = 120;

    public static void Write(TextWriter text, string path, FileSetContent content, IReadOnlyList<ImageStatistics>? statistics, bool metadata)
    {
        text.WriteLine($"{path}: {content.Variant ?? content.Format.Name}");
        var shown = statistics is null ? Math.Min(content.Images.Count, ImagesShown) : content.Images.Count;
        for (var index = 0; index < shown; index++)
            WriteImage(text, index, content.Images[index].Description, statistics?[index]);
        if (shown < content.Images.Count)
            text.WriteLine($"  … and {content.Images.Count - shown} more images (--json lists them all)");
        WriteFacts(text, content.Acquisition);
        foreach (var warning in content.Warnings)
            text.WriteLine($"  note: {Say.OneLine(warning)}");
        if (metadata)
            WriteTree(text, content.Original, 1);
    }

    private static void WriteImage(TextWriter text, int index, ImageDescription image, ImageStatistics? statistics)
    {
        text.WriteLine($"  image {index}{(image.Title is { Length: > 0 } title ? $" \"{Say.OneLine(title)}\"" : "")}  {Amounts.Extent(image.Shape)}  {image.PixelType.Name}");
        if (image.Axes.Any(axis => axis.Scale is not null || axis.Coordinates is not null))
            text.WriteLine($"    {string.Join(",  ", image.Axes.Select(Describe))}");
        if (image.Partial is { } partial)
            text.WriteLine($"    partial: {Say.OneLine(partial)}");
        if (statistics is not null)
            text.WriteLine($"    min {statistics.Min:g6}  max {statistics.Max:g6}  mean {statistics.Mean:g6}  std {statistics.Std:g6}  pixels sha256 {statistics.Sha256}");
    }

    private static string Describe(Axis axis) => axis switch
    {
        { Coordinates: { Count: > 0 } irregular } => $"{axis.Name} from {QuantityText.Of(irregular[0], axis.Unit)} to {QuantityText.Of(irregular[^1], axis.Unit)}",
        { Scale: { } scale } => $"{axis.Name} {QuantityText.Of(scale, axis.Unit)} per {(axis.Name is "x" or "y" or "z" ? "pixel" : "step")} ({QuantityText.Of(Math.Abs(scale) * axis.Size, axis.Unit)})",
        _ => $"{axis.Name} not calibrated",
    };

    private static void WriteFacts(TextWriter text, Acquisition acquisition)
    {
        var facts = VocabularyFile.Default.Terms.Where(term => acquisition.Values.ContainsKey(term.Name)).Select(term => (term.Label, Value: Value(acquisition.Values[term.Name]))).ToList();
        var width = facts.Select(fact => fact.Label.Length).DefaultIfEmpty().Max();
        foreach (var (label, value) in facts)
            text.WriteLine($"  {label.PadRight(width)}  {value}");
    }

    private static string Value(AcquiredValue value) =>
        value.Value.TryGetValue<double>(out var number) ? QuantityText.Of(number, value.Unit) : Say.OneLine(value.Value.ToString());

    private static void WriteTree(TextWriter text, JsonNode? node, int depth)
    {
        var indent = new string(' ', depth * 2);
        var children = node switch
        {
            JsonObject tree => tree.Select(pair => (pair.Key, pair.Value)),
            JsonArray list => list.Select((item, index) => (Key: $"[{index}]", Value: item)),
            _ => [],
        };
        foreach (var (key, value) in children)
            if (value is JsonObject { Count: > 0 } || (value is JsonArray { Count: > 0 } list && list.Any(item => item is JsonObject or JsonArray)))
            {
                text.WriteLine($"{indent}{Say.OneLine(key)}");
                WriteTree(text, value, depth + 1);
            }
            else
            {
                var shown = Say.OneLine(value is JsonArray numbers ? string.Join(", ", numbers.Take(WidestValue).Select(MetadataJson.Text)) : MetadataJson.Text(value));
                text.WriteLine($"{indent}{Say.OneLine(key)}: {(shown.Length > WidestValue ? shown[..WidestValue] + "…" : shown)}");
            }
    }
}
