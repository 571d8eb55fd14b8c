using System.Globalization;

namespace Stemma.Cli.Terminal;

/// <summary>Sizes and times as people read them.</summary>
internal static class Amounts
{
    /// <summary>Decimal units, as disks are sold: 4.2 GB.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var (value, unit) = ((double)bytes, 0);
        for (; Math.Abs(value) >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return unit == 0 ? $"{bytes} B" : $"{value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>Width first, as microscopes write it: 2048 × 1024.</summary>
    /// <param name="shape">Array order, slowest first.</param>
    public static string Extent(IEnumerable<long> shape) => string.Join(" × ", shape.Reverse());

    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}" : $"{time.Minutes}:{time.Seconds:00}";
}
