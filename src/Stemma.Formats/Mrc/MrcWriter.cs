using System.Buffers.Binary;
using System.Text;
using Stemma.Imaging;

namespace Stemma.Formats.Mrc;

/// <summary>Writes images and volumes as MRC2014 (doi:10.1016/j.jsb.2015.04.002), little-endian, without extended header.</summary>
public static class MrcWriter
{
    private const double AngstromsPerMetre = 1e10;
    private const int MostLabels = 10;
    private const int LabelBytes = 80;

    /// <summary>"IMOD" as a number, before the flags; bit 0 of the flags says that bytes are signed.</summary>
    private const int ImodStamp = 1146047817;

    /// <param name="description">
    /// Axes y, x (an image), or three with the slowest a signal axis (a volume) or a navigation axis (a stack of images).
    /// Int8, UInt8, Int16, UInt16, Float16, Float32, Complex64 or Rgb8. The calibration of lengths is kept.
    /// </param>
    /// <param name="pixels">C order, little-endian, tightly packed.</param>
    /// <param name="labels">At most 10 texts of at most 80 ASCII characters.</param>
    /// <exception cref="ArgumentException">MRC cannot hold such an image, or the number of bytes is not that of the pixels.</exception>
    public static async Task WriteAsync(Stream stream, ImageDescription description, ReadOnlyMemory<byte> pixels, IReadOnlyList<string> labels, CancellationToken cancellationToken = default)
    {
        await stream.WriteAsync(Header(description, pixels.Span, labels), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(pixels, cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Header(ImageDescription description, ReadOnlySpan<byte> pixels, IReadOnlyList<string> labels)
    {
        var axes = description.Axes;
        if (axes.Count is not (2 or 3))
            throw new ArgumentException($"MRC holds images of 2 or 3 axes, not {axes.Count}.", nameof(description));
        PixelBuffers.CheckLength(description, pixels.Length);
        var header = new byte[MrcHeader.Length];
        var isVolume = axes.Count == 3 && axes[0].Role == AxisRole.Signal;
        // X, Y, Z are the columns, rows and sections.
        Axis?[] dimensions = [axes[^1], axes[^2], axes.Count == 3 ? axes[0] : null];
        for (var i = 0; i < 3; i++)
        {
            var size = checked((int)(dimensions[i]?.Size ?? 1));
            Int32(i, size);
            Int32(7 + i, size);
            Int32(16 + i, i + 1);
            Single(13 + i, 90);
            if ((dimensions[i] ?? axes[^1]) is { Scale: { } scale } axis && LengthUnits.Metres(axis.Unit) is { } metres)
            {
                Single(10 + i, scale * metres * AngstromsPerMetre * size);
                Single(49 + i, (dimensions[i]?.Offset ?? 0) * metres * AngstromsPerMetre);
            }
        }

        Int32(3, Mode(description.PixelType));
        var (min, max, mean, rms) = PixelBuffers.Statistics(description.PixelType, pixels);
        Single(19, min);
        Single(20, max);
        Single(21, mean);
        Single(54, rms);
        Int32(22, isVolume ? 1 : 0);
        Int32(27, 20141);
        Int32(38, ImodStamp);
        Int32(39, description.PixelType == PixelType.Int8 ? 1 : 0);
        "MAP "u8.CopyTo(header.AsSpan(208));
        header[212] = header[213] = 0x44;
        WriteLabels(header, labels);
        return header;

        void Int32(int word, int value) => BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 * word), value);
        void Single(int word, double value) => BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(4 * word), (float)value);
    }

    private static void WriteLabels(byte[] header, IReadOnlyList<string> labels)
    {
        if (labels.Count > MostLabels || labels.Any(label => label.Length > LabelBytes || !Ascii.IsValid(label)))
            throw new ArgumentException($"An MRC file has at most {MostLabels} labels of at most {LabelBytes} ASCII characters.", nameof(labels));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(220), labels.Count);
        header.AsSpan(224).Fill((byte)' ');
        for (var i = 0; i < labels.Count; i++)
            Encoding.ASCII.GetBytes(labels[i], header.AsSpan(224 + LabelBytes * i));
    }

    private static int Mode(PixelType type) => type switch
    {
        PixelType.Int8 or PixelType.UInt8 => 0,
        PixelType.Int16 => 1,
        PixelType.Float32 => 2,
        PixelType.Complex64 => 4,
        PixelType.UInt16 => 6,
        PixelType.Float16 => 12,
        PixelType.Rgb8 => 16,
        _ => throw new ArgumentException($"MRC has no mode for {type.Name}.", nameof(type)),
    };
}
