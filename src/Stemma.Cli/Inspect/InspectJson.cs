using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Cli.Terminal;
using Stemma.Formats;
using Stemma.Imaging;
using Stemma.Worker.Reading;

namespace Stemma.Cli.Inspect;

/// <summary>The JSON of <c>stemma inspect</c>: one object in one line. Shape and axes are in array (C) order.</summary>
internal static class InspectJson
{
    public static void Write(Stream target, FileSetContent content, InspectInput input, IReadOnlyList<ImageStatistics>? statistics)
    {
        using (var writer = new Utf8JsonWriter(target, MetadataJson.Options(indented: false)))
        {
            writer.WriteStartObject();
            writer.WriteString("format", content.Format.Id);
            writer.WriteString("formatName", content.Variant ?? content.Format.Name);
            Write(writer, "files", Files(content, input));
            writer.WriteStartArray("images");
            for (var index = 0; index < content.Images.Count; index++)
                MetadataJson.Write(writer, Image(index, content.Images[index].Description, statistics?[index]));
            writer.WriteEndArray();
            Write(writer, "acquisition", WireDescription.Acquisition(content.Acquisition));
            Write(writer, "original", content.Original);
            Write(writer, "warnings", new JsonArray([.. content.Warnings.Select(warning => (JsonNode)warning)]));
            writer.WriteEndObject();
        }

        target.WriteByte((byte)'\n');
    }

    /// <summary>The line of a file that could not be shown: <c>files</c> as of any other, <c>error</c> and <c>exitCode</c> in place of what it holds.</summary>
    public static void WriteFailure(Stream target, string path, string reason, int exitCode)
    {
        using (var writer = new Utf8JsonWriter(target, MetadataJson.Options(indented: false)))
            MetadataJson.Write(writer, new JsonObject
            {
                ["files"] = new JsonArray(new JsonObject { ["path"] = path, ["role"] = nameof(MemberRole.Primary).ToLowerInvariant() }), ["error"] = Say.OneLine(reason), ["exitCode"] = exitCode,
            });
        target.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonNode value)
    {
        writer.WritePropertyName(name);
        MetadataJson.Write(writer, value);
    }

    private static JsonArray Files(FileSetContent content, InspectInput input)
    {
        var members = content.Members.Count == 0 ? [(input.Input.Primary.Name, MemberRole.Primary)] : content.Members;
        return [.. members.Select(member => (JsonNode)new JsonObject
        {
            ["path"] = input.Shown.GetValueOrDefault(member.Name, member.Name), ["role"] = member.Role.ToString().ToLowerInvariant(),
        })];
    }

    private static JsonObject Image(int index, ImageDescription image, ImageStatistics? statistics)
    {
        var json = new JsonObject
        {
            ["index"] = index, ["title"] = image.Title, ["shape"] = new JsonArray([.. image.Shape.Select(size => (JsonNode)size)]),
            ["pixelType"] = image.PixelType.Name, ["axes"] = WireDescription.Axes(image),
        };
        if (image.Partial is not null)
            json["partial"] = image.Partial;
        if (statistics is null)
            return json;
        var stats = new JsonObject
        {
            ["min"] = statistics.Min, ["max"] = statistics.Max, ["mean"] = statistics.Mean, ["std"] = statistics.Std, ["sha256"] = statistics.Sha256,
        };
        if (statistics.Imaginary is { } imaginary)
            stats["imaginary"] = new JsonObject { ["min"] = imaginary.Min, ["max"] = imaginary.Max, ["mean"] = imaginary.Mean };
        if (statistics.NotFinite > 0)
            stats["notFinite"] = statistics.NotFinite;
        json["stats"] = stats;
        return json;
    }
}
