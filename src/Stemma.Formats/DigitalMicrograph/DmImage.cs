using Stemma.Imaging;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>Calibration of one dimension: coordinate = (index − origin) · scale. The origin is in pixels.</summary>
internal sealed record DmCalibration(double Origin, double Scale, string Units);

/// <summary>How the numbers of a pixel are stored.</summary>
internal enum DmLayout
{
    Plain,
    /// <summary>32 bits with blue lowest.</summary>
    Colour,
    /// <summary>Half plane of a Hermitian image, as many numbers as the image has pixels (DM 3).</summary>
    PackedSquare,
    /// <summary>Half plane of a Hermitian image, n/2 + 1 complex columns (GMS 3).</summary>
    PackedHalf,
}

/// <summary>One entry of <c>ImageList</c>.</summary>
/// <param name="Index">Position in <c>ImageList</c>.</param>
/// <param name="Dimensions">Sizes as DM has them: x, the fastest, first.</param>
/// <param name="Calibrations">As many as dimensions; null where one is not recorded.</param>
internal sealed record DmImage(
    int Index, string? Name, DmGroup Tags, PixelType PixelType, DmLayout Layout, IReadOnlyList<long> Dimensions, IReadOnlyList<DmCalibration?> Calibrations, DmArray Data)
{
    /// <summary>Where it is, as a path in the original metadata.</summary>
    public string Path => $"ImageList[{Index}]";

    /// <summary>Word of GMS for what the image is: <c>Image</c>, <c>Spectrum</c>, <c>Spectrum image</c>, <c>Diffraction</c> …</summary>
    public string? Format => Tags.Text("Meta Data", "Format");

    /// <summary>Reads what is known of an image without its pixels.</summary>
    /// <param name="problem">Why the entry makes no image.</param>
    public static DmImage? TryDecode(DmGroup entry, int index, out string problem)
    {
        var data = entry.Group("ImageData");
        problem = $"ImageList[{index}] has no complete ImageData";
        if (data?.Find("Data") is not DmArray pixels || data.Number("DataType") is not { } code || data.Group("Dimensions") is not { Entries.Count: > 0 and <= 8 } sizes)
            return null;

        var dimensions = new long[sizes.Entries.Count];
        long count = 1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = (sizes.Entries[i].Tag as DmScalar)?.AsDouble() is >= 0 and <= uint.MaxValue and var size ? (long)size : -1;
            if (dimensions[i] <= 0 || dimensions[i] > long.MaxValue / 16 / count)
            {
                problem = dimensions[i] == 0 ? $"ImageList[{index}] is empty" : $"ImageList[{index}] has an impossible dimension";
                return null;
            }

            count *= dimensions[i];
        }

        if (ChoosePixels((int)code, dimensions, count, pixels.Bytes) is not var (type, layout))
        {
            problem = $"ImageList[{index}] has data type {code}, which is none of the known ones";
            return null;
        }

        var needed = StoredBytes(type, layout, dimensions, count);
        if (pixels.Bytes < needed)
        {
            problem = pixels.Count == 0
                ? $"ImageList[{index}] is empty"
                : $"ImageList[{index}] ({string.Join(" × ", dimensions)}, {type.Name}) needs {needed} bytes, but its Data has {pixels.Bytes}";
            return null;
        }

        var calibrations = new DmCalibration?[dimensions.Length];
        for (var i = 0; i < calibrations.Length; i++)
            calibrations[i] = Calibration(data.Group("Calibrations", "Dimension", $"{i}"));
        return new DmImage(index, entry.Text("Name"), entry.Group("ImageTags") ?? new DmGroup(), type, layout, dimensions, calibrations, pixels);
    }

    private static DmCalibration? Calibration(DmGroup? group) =>
        group?.Number("Scale") is { } scale && double.IsFinite(scale) && group.Number("Origin") is { } origin && double.IsFinite(origin)
            ? new DmCalibration(origin, scale, group.Text("Units") ?? "")
            : null;

    /// <summary>Image data types as in the help of DigitalMicrograph, "Image object".</summary>
    private static (PixelType Type, DmLayout Layout)? ChoosePixels(int code, long[] dimensions, long count, long storedBytes) => code switch
    {
        1 => (PixelType.Int16, DmLayout.Plain),
        2 => (PixelType.Float32, DmLayout.Plain),
        3 => (PixelType.Complex64, DmLayout.Plain),
        5 or 27 => Packed(PixelType.Complex64, dimensions, count, storedBytes),
        6 or 14 => (PixelType.UInt8, DmLayout.Plain),
        7 => (PixelType.Int32, DmLayout.Plain),
        8 or 23 => (PixelType.Rgba8, DmLayout.Colour),
        9 => (PixelType.Int8, DmLayout.Plain),
        10 => (PixelType.UInt16, DmLayout.Plain),
        11 => (PixelType.UInt32, DmLayout.Plain),
        12 => (PixelType.Float64, DmLayout.Plain),
        13 => (PixelType.Complex128, DmLayout.Plain),
        28 => Packed(PixelType.Complex128, dimensions, count, storedBytes),
        39 => (PixelType.Int64, DmLayout.Plain),
        40 => (PixelType.UInt64, DmLayout.Plain),
        _ => null,
    };

    /// <summary>Which packing it is shows in the number of stored bytes; data that are not packed at all occur too.</summary>
    private static (PixelType Type, DmLayout Layout) Packed(PixelType type, long[] dimensions, long count, long storedBytes)
    {
        if (storedBytes >= count * type.Bytes || dimensions.Length != 2)
            return (type, DmLayout.Plain);
        var even = dimensions[0] % 2 == 0 && dimensions[1] % 2 == 0;
        return even && storedBytes < StoredBytes(type, DmLayout.PackedHalf, dimensions, count) ? (type, DmLayout.PackedSquare) : (type, DmLayout.PackedHalf);
    }

    private static long StoredBytes(PixelType type, DmLayout layout, long[] dimensions, long count) => layout switch
    {
        DmLayout.PackedSquare => count * type.ChannelType.Bytes,
        DmLayout.PackedHalf => (dimensions[0] / 2 + 1) * dimensions[1] * type.Bytes,
        _ => count * type.Bytes,
    };
}
