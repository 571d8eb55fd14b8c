using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Series;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>
/// Olympus Soft Imaging Solutions (EMSIS), tag 33560: offset of a block "SIS0" with creation time, name, and a list of records, of which type 1 holds
/// the calibration. Little-endian.
/// </summary>
internal sealed class SisMetadata(TiffDirectory directory, JsonObject block, double? pixelX, double? pixelY, double? magnification, DateTime? time) : ITiffMetadata
{
    private const int HeaderBytes = 60;
    private const int MostRecords = 1000;

    public string Variant => "Olympus SIS";

    public bool ModelIsCamera => true;

    public static SisMetadata? TryRead(TiffFile file, List<string> warnings)
    {
        foreach (var directory in file.Directories)
            if (directory.Integer(TiffTags.OlympusSis, 0) is > 0 and var offset)
                return Read(directory, offset);
        return null;
    }

    public void AddTo(JsonObject original) => original["SIS"] = block.DeepClone();

    public PageCalibration? Calibrate(TiffPage page) =>
        page.Directory == directory && AxisCalibration.FromMetres(pixelX) is { } x ? new PageCalibration(x, AxisCalibration.FromMetres(pixelY) ?? x) : null;

    public void Map(Acquisition acquisition)
    {
        acquisition.Set("pixel_size", pixelX, "SIS.PixelSizeX");
        // The two are computed apart and may differ in the last digit.
        if (Math.Abs((pixelY / pixelX ?? 1) - 1) > 1e-9)
            acquisition.Set("pixel_size_y", pixelY, "SIS.PixelSizeY");
        acquisition.Set("nominal_magnification", magnification, "SIS.Magnification");
        // The writer of the file names itself as Make and its camera as Model.
        acquisition.Set("detector", directory.Text(TiffTags.Model), "Directories[0].Model");
        if (time is { } local)
            acquisition.SetTime(local.ToString("yyyy-MM-dd HH:mm"), new DateTimeOffset(local, TimeSpan.Zero), zoneIsKnown: false, "SIS.DateTime");
    }

    private static SisMetadata Read(TiffDirectory directory, long offset)
    {
        var source = directory.File.Source;
        var header = source.ReadBytes(offset, HeaderBytes);
        if (!header.AsSpan().StartsWith("SIS0"u8))
            throw new MalformedFileException(source.Name, offset, "a block beginning with SIS0", Convert.ToHexString(header.AsSpan(0, 4)));
        int minute = Short(header, 10), hour = Short(header, 12), day = Short(header, 14), month = Short(header, 16) + 1, year = Short(header, 18) + 1900;
        DateTime? time = minute is >= 0 and < 60 && hour is >= 0 and < 24 && month is >= 1 and <= 12 && year is > 1900 and < 9999 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day, hour, minute, 0)
            : null;
        var block = new JsonObject
        {
            ["DateTime"] = time?.ToString("yyyy-MM-dd'T'HH:mm"),
            ["Name"] = TiffDirectory.Decode(header.AsSpan(26, 32)).Split('\0')[0],
        };
        double? x = null, y = null, magnification = null;
        var count = Math.Clamp((int)Short(header, 58), 0, MostRecords);
        for (var i = 0; i < count; i++)
        {
            var record = source.ReadBytes(offset + 60 + 8L * i, 8);
            if (Short(record, 0) != 1)
                continue;
            var values = source.ReadBytes(BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(4)), 112);
            int exponent = Short(values, 10);
            var unit = Math.Pow(10, Math.Clamp(exponent, -15, 3));
            x = Double(values, 12) * unit;
            y = Double(values, 20) * unit;
            magnification = Double(values, 36);
            (block["PixelSizeX"], block["PixelSizeY"], block["Magnification"]) = (Finite(x), Finite(y), Finite(magnification));
            block["CameraName"] = TiffDirectory.Decode(values.AsSpan(46, 34)).Split('\0')[0];
            block["PictureType"] = TiffDirectory.Decode(values.AsSpan(80, 32)).Split('\0')[0];
        }

        return new SisMetadata(directory, block, x, y, magnification, time);
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static short Short(byte[] bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));

    private static double Double(byte[] bytes, int at) => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(at));
}
