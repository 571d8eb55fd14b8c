using System.Globalization;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Formats.Tiff.Vendors;

/// <summary>What the tags of TIFF 6.0 itself say of the acquisition. Vendors' blocks are mapped after it and win.</summary>
internal static class BaselineMapping
{
    private static readonly string[] TimeForms = ["yyyy:MM:dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/MM/dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyyMMdd HH:mm:ss.fff"];

    public static void Map(TiffDirectory first, bool modelIsCamera, Acquisition acquisition)
    {
        if (!modelIsCamera)
        {
            Text("instrument", TiffTags.Model);
            Text("instrument_manufacturer", TiffTags.Make);
        }

        Text("software", TiffTags.Software);
        if (first.Text(TiffTags.Artist)?.StartsWith("Copyright", StringComparison.OrdinalIgnoreCase) != true)
            Text("operator", TiffTags.Artist);
        var time = first.Text(TiffTags.DateTime);
        DateTimeOffset? understood = DateTime.TryParseExact(time?.Trim(), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new DateTimeOffset(local, TimeSpan.Zero)
            : null;
        acquisition.SetTime(time, understood, zoneIsKnown: false, Source(TiffTags.DateTime));

        void Text(string term, ushort tag)
        {
            if (first.Text(tag) is { Length: <= 1000 } text)
                acquisition.Set(term, text.Replace('\0', ' '), Source(tag));
        }
    }

    private static string Source(ushort tag) => $"Directories[0].{TiffTags.Name(tag)}";
}
