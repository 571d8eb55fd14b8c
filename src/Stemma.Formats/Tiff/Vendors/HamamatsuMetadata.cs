using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// Hamamatsu HPD-TA (streak cameras): the description holds lines <c>[Section],Key=Value,…</c>; axis coordinates are float32 tables in the file,
/// named as <c>#offset,count</c>.
/// </summary>
internal sealed class HamamatsuMetadata(TiffFile file, JsonObject sections) : ITiffMetadata
{
    /// <summary>A table whose points lie this close to a line, in steps, is given as scale and offset alone.</summary>
    private const double RegularWithin = 0.01;

    public string Variant => "Hamamatsu HPD-TA";

    public static HamamatsuMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        var directory = file.Directories[0];
        return directory.Text(TiffTags.Software)?.StartsWith("HPD-TA", StringComparison.Ordinal) == true && directory.Text(TiffTags.ImageDescription) is { } text
            ? new HamamatsuMetadata(file, Parse(text))
            : null;
    }

    public void AddTo(JsonObject original) => original["HPD-TA"] = sections.DeepClone();

    public PageCalibration? Calibrate(TiffPage page) => new(Axis("X", page.Width), Axis("Y", page.Height));

    public void Map(Acquisition acquisition)
    {
        Text("detector", "Camera", "CameraName");
        Text("instrument_identifier", "Camera", "SerialNumber");
        Text("instrument", "Streak camera", "DeviceName");
        acquisition.Set("instrument_manufacturer", "Hamamatsu", "Directories[0].Artist");
        Text("comment", "Comment", "UserComment");
        acquisition.Set("software", $"HPD-TA {sections.Value("Application", "SoftwareVersion")}", "HPD-TA.Application.SoftwareVersion");
        acquisition.Set("exposure_time", Quantity.ToSi(sections.Value("Acquisition", "ExposureTime")), "HPD-TA.Acquisition.ExposureTime");
        var written = $"{sections.Value("Application", "Date")} {sections.Value("Application", "Time")}".Trim();
        DateTimeOffset? understood = DateTime.TryParseExact(written, ["dd/MM/yyyy HH:mm:ss.fff", "dd/MM/yyyy HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, TimeSpan.Zero)
            : null;
        acquisition.SetTime(written, understood, zoneIsKnown: false, "HPD-TA.Application.Date");

        void Text(string term, string section, string key) => acquisition.Set(term, sections.Value(section, key), $"HPD-TA.{section}.{key}");
    }

    private AxisCalibration? Axis(string axis, long size)
    {
        var unit = Quantity.Symbol(sections.Value("Scaling", $"Scaling{axis}Unit") ?? "");
        var table = sections.Value("Scaling", $"Scaling{axis}ScalingFile");
        if (unit.Length == 0)
            return null;
        if (sections.Value("Scaling", $"Scaling{axis}Type") == "1")
            return Quantity.Number(sections.Value("Scaling", $"Scaling{axis}Scale")) is > 0 and var scale ? new AxisCalibration(scale, unit, 0) : null;
        if (table is not ['#', ..] || table[1..].Split(',') is not [var at, var count] || !long.TryParse(at, CultureInfo.InvariantCulture, out var offset)
            || !long.TryParse(count, CultureInfo.InvariantCulture, out var values) || values != size || size < 2 || offset < 0 || offset > file.Source.Length - size * 4)
            return null;
        var bytes = file.Source.ReadBytes(offset, size * 4);
        var coordinates = Enumerable.Range(0, (int)size).Select(i => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4))).ToArray();
        return coordinates.All(double.IsFinite) ? Fit(coordinates, unit) : null;
    }

    /// <summary>Least-squares line through the table; the table itself is kept where it bends.</summary>
    private static AxisCalibration? Fit(double[] coordinates, string unit)
    {
        var middle = (coordinates.Length - 1) / 2.0;
        double sum = 0, cross = 0, square = 0;
        for (var i = 0; i < coordinates.Length; i++)
            sum += coordinates[i];
        var mean = sum / coordinates.Length;
        for (var i = 0; i < coordinates.Length; i++)
        {
            cross += (i - middle) * (coordinates[i] - mean);
            square += (i - middle) * (i - middle);
        }

        var scale = cross / square;
        var offset = mean - scale * middle;
        if (scale == 0)
            return null;
        for (var i = 0; i < coordinates.Length; i++)
            if (Math.Abs(coordinates[i] - offset - scale * i) > RegularWithin * Math.Abs(scale))
                return new AxisCalibration(scale, unit, offset, coordinates);
        return new AxisCalibration(scale, unit, offset);
    }

    /// <summary>Sections may begin in the middle of a line; values may be quoted, and then contain commas.</summary>
    private static JsonObject Parse(string text)
    {
        var sections = new JsonObject();
        var section = new JsonObject();
        var token = new StringBuilder();
        var isQuoted = false;
        foreach (var c in text + ",")
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && c is ',' or '\r' or '\n' or '\0')
                Take();
            else if (!isQuoted && c == '[')
            {
                Take();
                token.Append(c);
            }
            else
                token.Append(c);
        }

        return sections;

        void Take()
        {
            var part = token.ToString().Trim();
            token.Clear();
            if (part is ['[', .. var name, ']'])
            {
                if (sections[name] is not JsonObject known)
                    sections[name] = known = [];
                section = known;
            }
            else if (part.IndexOf('=') is > 0 and var at)
            {
                section[part[..at].Trim()] = part[(at + 1)..].Trim();
            }
        }
    }
}
