using System.Text.Json;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>Micro-Manager: JSON in tag 51123 of every page; pixel size in µm, exposure in ms.</summary>
internal sealed class MicroManagerMetadata(JsonObject json) : ITiffMetadata
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public string Variant => "Micro-Manager";

    public static MicroManagerMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        if (file.Directories[0].Text(TiffTags.MicroManager) is not { } text)
            return null;
        try
        {
            return JsonNode.Parse(text, documentOptions: Options) is JsonObject json ? new MicroManagerMetadata(json) : null;
        }
        catch (JsonException)
        {
            warnings.Add("The Micro-Manager metadata is not well-formed JSON; it stands unparsed in the directory's listing.");
            return null;
        }
    }

    public void AddTo(JsonObject original) => original["MicroManager"] = json.DeepClone();

    public PageCalibration? Calibrate(TiffPage page) => PixelMetres is { } metres && AxisCalibration.FromMetres(metres) is { } size ? new PageCalibration(size, size) : null;

    public void Map(Acquisition acquisition)
    {
        acquisition.Set("pixel_size", PixelMetres, "MicroManager.PixelSizeUm");
        acquisition.Set("exposure_time", Number("Exposure-ms") * 1e-3, "MicroManager.Exposure-ms");
        acquisition.Set("detector", Text("Camera") ?? Text("Core-Camera"), "MicroManager.Camera");
        acquisition.Set("operator", Text("UserName"), "MicroManager.UserName");
        acquisition.Set("beam_type", "photon", "MicroManager");
    }

    private double? PixelMetres => Number("PixelSizeUm") is > 0 and var size ? size * 1e-6 : null;

    private string? Text(string key) => json[key] is JsonValue value ? value.ToString() : null;

    private double? Number(string key) => Quantity.Number(Text(key));
}
