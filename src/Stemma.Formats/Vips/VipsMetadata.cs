using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stemma.Formats.Native;
using Stemma.Imaging;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Vips;

/// <summary>
/// What a raster file says of itself. Groups of <see cref="Original"/>: <c>exif</c> (one object per directory), <c>text</c> (PNG text chunks by keyword),
/// <c>slide</c> (OpenSlide's properties), <c>xmp</c> (the packet as text), <c>image</c> (everything else).
/// </summary>
internal sealed partial class VipsMetadata
{
    /// <summary>
    /// Pixels per millimetre from which a resolution is believed to measure the specimen. Below (10,160 dpi) it is what a scanner, a printer or a default put there:
    /// every program writes 72, 96 or 300 dpi into every picture.
    /// </summary>
    private const double LeastRealResolution = 400;

    /// <summary>Largest XMP packet that is kept.</summary>
    private const int MaxXmpBytes = 1 << 20;

    private static readonly string[] TimeFormats = ["yyyy:MM:dd HH:mm:ss", "yyyy:MM:dd HH:mm:sszzz", "MM/dd/yy HH:mm:ss", "MM/dd/yyyy HH:mm:ss"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly (double Scale, string Unit)? _pixelX;
    private readonly (double Scale, string Unit)? _pixelY;

    private VipsMetadata(GObjectHandle image)
    {
        foreach (var field in VipsLibrary.Fields(image))
            Add(image, field);
        if (Number("slide.openslide.mpp-x") is > 0 and var x && Number("slide.openslide.mpp-y") is > 0 and var y)
            (_pixelX, _pixelY) = ((x, "µm"), (y, "µm"));
        else
            (_pixelX, _pixelY) = (PixelSize(LibVips.GetXResolution(image)), PixelSize(LibVips.GetYResolution(image)));
    }

    public JsonObject Original { get; } = [];

    public int SlideLevels => (int)Math.Clamp(Number("slide.openslide.level-count") ?? 1, 1, 32);

    /// <summary>Names of the label, macro and thumbnail images of a slide.</summary>
    public string[] AssociatedImages =>
        _values.GetValueOrDefault("image.slide-associated-images")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public static VipsMetadata Read(GObjectHandle image) => new(image);

    public Axis Calibrate(Axis axis) => (axis.Name == "x" ? _pixelX : _pixelY) is var (scale, unit) ? axis with { Scale = scale, Unit = unit } : axis;

    public Acquisition Acquisition()
    {
        var acquisition = new Acquisition();
        SetFirst(acquisition, "software", "exif.ifd0.Software", "text.Software", "slide.tiff.Software");
        SetFirst(acquisition, "operator", "exif.ifd0.Artist", "text.Author", "slide.aperio.User");
        SetFirst(acquisition, "instrument_manufacturer", "exif.ifd0.Make", "slide.openslide.vendor");
        SetFirst(acquisition, "instrument", "exif.ifd0.Model", "text.Source", "slide.aperio.ScanScope ID");
        SetFirst(acquisition, "comment", "exif.ifd0.ImageDescription", "text.Description", "text.Comment");
        acquisition.Set("exposure_time", Number("exif.ifd2.ExposureTime"), "exif.ifd2.ExposureTime");
        acquisition.Set("objective_magnification", Number("slide.openslide.objective-power"), "slide.openslide.objective-power");
        if (_values.TryGetValue("slide.openslide.comment", out var comment) && comment.Split('\n')[0].Trim() is { Length: < 100 } program)
            acquisition.Set("software", program, "slide.openslide.comment");
        if (_pixelX is var (scale, unit))
            acquisition.Set("pixel_size", scale * Metres(unit), "image.xres");
        if (_pixelY is var (scaleY, unitY) && _pixelY != _pixelX)
            acquisition.Set("pixel_size_y", scaleY * Metres(unitY), "image.yres");
        SetTime(acquisition);
        foreach (var (key, value) in _values.Where(pair => pair.Key.StartsWith("text.", StringComparison.Ordinal)))
            VocabularyLines.Map(key["text.".Length..], value, key, acquisition);
        return acquisition;
    }

    private static double Metres(string unit) => unit == "nm" ? 1e-9 : 1e-6;

    private static (double, string)? PixelSize(double perMillimetre) =>
        !(perMillimetre >= LeastRealResolution) || !double.IsFinite(perMillimetre) ? null :
        perMillimetre > 1000 ? (1e6 / perMillimetre, "nm") : (1e3 / perMillimetre, "µm");

    private void Add(GObjectHandle image, string field)
    {
        switch (field)
        {
            case "width" or "height" or "bands" or "format" or "coding" or "interpretation" or "xoffset" or "yoffset" or "filename" or "vips-loader" or "vips-sequential":
                return;
            case "xmp-data" when VipsLibrary.Blob(image, field) is { Length: <= MaxXmpBytes } packet:
                Original["xmp"] = Clean(Encoding.UTF8.GetString(packet));
                return;
            case "exif-data" or "icc-profile-data" or "iptc-data" or "xmp-data" or "photoshop-data" or "jpeg-thumbnail-data":
                Put("image", field, $"{VipsLibrary.Blob(image, field)?.Length ?? 0} bytes");
                return;
        }

        var text = VipsLibrary.Text(image, field) ?? "";
        if (ExifName().Match(field) is { Success: true } exif)
            Put("exif", exif.Groups[1].Value, exif.Groups[2].Value, ExifValue(text));
        else if (PngTextName().Match(field) is { Success: true } keyword)
            Put("text", keyword.Groups[1].Value, text);
        else if (field.Contains('.', StringComparison.Ordinal))
            Put("slide", field, text);
        else
            Put("image", field, text);
    }

    private void Put(string group, string key, string value)
    {
        (key, value) = (Clean(key), Clean(value));
        if (Original[group] is not JsonObject members)
            Original[group] = members = [];
        while (members.ContainsKey(key))
            key += "'";
        members[key] = value;
        _values[$"{group}.{key}"] = value;
    }

    private void Put(string group, string subgroup, string key, string value)
    {
        (key, value) = (Clean(key), Clean(value));
        if (Original[group] is not JsonObject outer)
            Original[group] = outer = [];
        if (outer[subgroup] is not JsonObject members)
            outer[subgroup] = members = [];
        members[key] = value;
        _values[$"{group}.{subgroup}.{key}"] = value;
    }

    /// <summary>Text that any JSON store accepts.</summary>
    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>libvips writes <c>value (formatted, Type, n components, m bytes)</c>; the value alone is what the file holds.</summary>
    private static string ExifValue(string text)
    {
        if (ExifTail().Match(text) is not { Success: true } tail)
            return text;
        var both = text[..tail.Index];
        var half = (both.Length - 2) / 2;
        if (both.Length >= 2 && both.Length % 2 == 0 && both.AsSpan(0, half).SequenceEqual(both.AsSpan(half + 2)))
            return both[..half].Trim();
        var bracket = both.IndexOf(" (", StringComparison.Ordinal);
        return (bracket < 0 ? both : both[..bracket]).Trim();
    }

    private double? Number(string key)
    {
        if (!_values.TryGetValue(key, out var text))
            return null;
        var parts = text.Split('/');
        if (parts.Length == 2 && Parse(parts[0]) is { } numerator && Parse(parts[1]) is { } denominator && denominator != 0)
            return numerator / denominator;
        return Parse(text);

        static double? Parse(string part) => double.TryParse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private void SetFirst(Acquisition acquisition, string term, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (_values.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value))
            {
                acquisition.Set(term, value, key);
                return;
            }
    }

    private void SetTime(Acquisition acquisition)
    {
        foreach (var (key, zone) in new[]
        {
            ("exif.ifd2.DateTimeOriginal", "exif.ifd2.OffsetTimeOriginal"), ("exif.ifd2.DateTimeDigitized", "exif.ifd2.OffsetTimeDigitized"),
            ("exif.ifd0.DateTime", "exif.ifd2.OffsetTime"), ("text.Creation Time", ""), ("slide.aperio.Date", ""),
        })
        {
            if (!_values.TryGetValue(key, out var written) || string.IsNullOrWhiteSpace(written))
                continue;
            if (key == "slide.aperio.Date" && _values.TryGetValue("slide.aperio.Time", out var clock))
                written += $" {clock}";
            var offset = _values.GetValueOrDefault(zone)?.Trim() ?? "";
            var isKnown = DateTimeOffset.TryParseExact(written + offset, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                || DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
            acquisition.SetTime(written, isKnown ? time : null, offset.Length > 0 || ZoneTail().IsMatch(written), key);
            return;
        }
    }

    [GeneratedRegex(@"^exif-(ifd\d)-(.+)$")]
    private static partial Regex ExifName();

    [GeneratedRegex(@"^png-comment-\d+-(.*)$", RegexOptions.Singleline)]
    private static partial Regex PngTextName();

    [GeneratedRegex(@", [A-Za-z ]+, \d+ components?, \d+ bytes?\)$")]
    private static partial Regex ExifTail();

    [GeneratedRegex(@"(Z|GMT|UTC|[+-]\d\d:?\d\d)$")]
    private static partial Regex ZoneTail();
}
