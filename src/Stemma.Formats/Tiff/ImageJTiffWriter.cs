using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Stemma.Formats.Tiff.Structure;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff;

/// <summary>
/// Writes images and stacks as ImageJ does: an uncompressed little-endian TIFF with one directory per plane, calibration in the
/// description and resolution tags of the first. Source: TIFF 6.0, and the keys that ImageJ's FileSaver writes.
/// </summary>
public static class ImageJTiffWriter
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;

    /// <summary>Pixel sizes between these have a fraction of two 32-bit numbers good to seven digits or more.</summary>
    private const double LeastScale = 1e-9, MostScale = 400;

    private const int BlockHeaderBytes = 12;

    private const ushort Byte = 1, Ascii = 2, Short = 3, Long = 4, Rational = 5;

    /// <param name="description">
    /// Axes end with rows and columns; before them at most a time axis, one other axis (<c>z</c>, <c>energy</c> …) and a channel axis <c>c</c>, in this order.
    /// UInt8, UInt16 or Float32. Columns and rows keep their calibration when they are in the same unit, with pixels of 10⁻⁹ to 400 units.
    /// </param>
    /// <param name="pixels">C order, little-endian, tightly packed.</param>
    /// <param name="info">What ImageJ shows under Image ▸ Show Info, in lines; null: nothing.</param>
    /// <exception cref="ArgumentException">ImageJ cannot hold such an image, or the number of bytes is not that of the pixels.</exception>
    public static async Task WriteAsync(Stream stream, ImageDescription description, ReadOnlyMemory<byte> pixels, string? info = null, CancellationToken cancellationToken = default)
    {
        if (description.PixelType is not (PixelType.UInt8 or PixelType.UInt16 or PixelType.Float32))
            throw new ArgumentException($"ImageJ has no images of {description.PixelType.Name}.", nameof(description));
        if (description.Axes.Count < 2)
            throw new ArgumentException("An ImageJ image needs rows and columns.", nameof(description));
        PixelBuffers.CheckLength(description, pixels.Length);
        var head = Head(description, pixels.Span, info, out var padding);
        await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(pixels, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(Tail(description, head.Length, pixels.Length, padding), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Header, first directory and what it points to; the planes follow, then the other directories.</summary>
    private static byte[] Head(ImageDescription description, ReadOnlySpan<byte> pixels, string? info, out int padding)
    {
        var text = Encoding.ASCII.GetBytes(Description(description, pixels) + "\0");
        var planes = Planes(description);
        var block = info is null ? [] : Block(info);
        var entries = info is null ? 14 : 16;
        var valuesAt = HeaderBytes + 2 + entries * EntryBytes + 4;
        var blockAt = valuesAt + 24;
        var textAt = blockAt + block.Length;
        var dataAt = (textAt + text.Length + 15) / 16 * 16;
        padding = pixels.Length % 2;
        var head = new byte[dataAt];
        "II*\0"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), HeaderBytes);
        var directory = new DirectoryWriter(head, HeaderBytes);
        AddPlane(directory, description, dataAt, (TiffTags.ImageDescription, text.Length, textAt), valuesAt);
        if (info is not null)
        {
            directory.Add(TiffTags.ImageJByteCounts, Long, 2, valuesAt + 16);
            directory.Add(TiffTags.ImageJMetadata, Byte, block.Length, blockAt);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(valuesAt + 16), BlockHeaderBytes);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(valuesAt + 20), block.Length - BlockHeaderBytes);
            block.CopyTo(head, blockAt);
        }

        directory.End(planes == 1 ? 0 : checked(dataAt + pixels.Length + padding));
        WriteDensity(head.AsSpan(valuesAt), Calibrated(description) ? description.Axes[^1].Scale : null);
        WriteDensity(head.AsSpan(valuesAt + 8), Calibrated(description) ? description.Axes[^2].Scale : null);
        text.CopyTo(head, textAt);
        return head;
    }

    /// <summary>ImageJ's block with the info alone: a header that names type and number of what follows, its letters back to front as in every little-endian file.</summary>
    private static byte[] Block(string info) => [.. "JIJIofni\u0001\0\0\0"u8, .. Encoding.Unicode.GetBytes(info)];

    /// <summary>The directories of the second plane and those after it.</summary>
    private static byte[] Tail(ImageDescription description, int dataAt, int dataBytes, int padding)
    {
        const int entries = 10;
        const int directoryBytes = 2 + entries * EntryBytes + 4;
        var planes = Planes(description);
        var planeBytes = dataBytes / planes;
        var start = dataAt + dataBytes + padding;
        var tail = new byte[padding + directoryBytes * (planes - 1)];
        for (var plane = 1; plane < planes; plane++)
        {
            var at = directoryBytes * (plane - 1);
            var directory = new DirectoryWriter(tail, padding + at);
            AddPlane(directory, description, dataAt + plane * planeBytes, null, null);
            directory.End(plane == planes - 1 ? 0 : checked(start + at + directoryBytes));
        }

        return tail;
    }

    /// <summary>Entries in the order of their tags, as TIFF demands.</summary>
    private static void AddPlane(DirectoryWriter directory, ImageDescription description, int dataAt, (ushort Tag, int Length, int At)? text, int? densityAt)
    {
        var (rows, columns) = (checked((int)description.Axes[^2].Size), checked((int)description.Axes[^1].Size));
        directory.Add(TiffTags.NewSubfileType, Long, 1, 0);
        directory.Add(TiffTags.ImageWidth, Long, 1, columns);
        directory.Add(TiffTags.ImageLength, Long, 1, rows);
        directory.Add(TiffTags.BitsPerSample, Short, 1, 8 * description.PixelType.Bytes);
        directory.Add(TiffTags.PhotometricInterpretation, Short, 1, 1);
        if (text is { } value)
            directory.Add(value.Tag, Ascii, value.Length, value.At);
        directory.Add(TiffTags.StripOffsets, Long, 1, dataAt);
        directory.Add(TiffTags.SamplesPerPixel, Short, 1, 1);
        directory.Add(TiffTags.RowsPerStrip, Long, 1, rows);
        directory.Add(TiffTags.StripByteCounts, Long, 1, checked(rows * columns * description.PixelType.Bytes));
        if (densityAt is { } at)
        {
            directory.Add(TiffTags.XResolution, Rational, 1, at);
            directory.Add(TiffTags.YResolution, Rational, 1, at + 8);
            directory.Add(TiffTags.ResolutionUnit, Short, 1, 1);
        }

        directory.Add(TiffTags.SampleFormat, Short, 1, description.PixelType == PixelType.Float32 ? 3 : 1);
    }

    private static string Description(ImageDescription description, ReadOnlySpan<byte> pixels)
    {
        var axes = description.Axes;
        var leading = axes.SkipLast(2).ToList();
        var time = Take(axis => axis.Name == "t");
        var slices = Take(axis => axis.Name != "c");
        var channels = Take(axis => axis.Name == "c");
        if (leading.Count > 0)
            throw new ArgumentException($"An ImageJ stack has time, slices and channels in this order before rows and columns, not {string.Join(", ", axes.Select(axis => axis.Name))}.", nameof(description));

        var lines = new StringBuilder("ImageJ=1.54f\n");
        if (Planes(description) > 1)
        {
            Line("images", Planes(description));
            if (channels is not null)
                Line("channels", channels.Size);
            if (slices is not null)
                Line("slices", slices.Size);
            if (time is not null)
                Line("frames", time.Size);
            if (axes.Count > 3)
                lines.Append("hyperstack=true\n");
        }

        if (Calibrated(description))
        {
            lines.Append($"unit={Escape(axes[^1].Unit!)}\n");
            Origin("xorigin", axes[^1]);
            Origin("yorigin", axes[^2]);
        }

        if (slices is { Scale: { } spacing, Unit: { } unit })
        {
            if (!Calibrated(description) || unit != axes[^1].Unit)
                lines.Append($"zunit={Escape(unit)}\n");
            Line("spacing", spacing);
            Origin("zorigin", slices);
        }

        if (time is { Scale: { } interval, Unit: "s" })
            Line("finterval", interval);
        var (min, max, _, _) = PixelBuffers.Statistics(description.PixelType, pixels);
        Line("min", min);
        Line("max", max);
        return lines.ToString();

        Axis? Take(Predicate<Axis> fits)
        {
            if (leading.Count == 0 || !fits(leading[0]))
                return null;
            var axis = leading[0];
            leading.RemoveAt(0);
            return axis;
        }

        void Line(string key, double value) => lines.Append(CultureInfo.InvariantCulture, $"{key}={value:R}\n");

        // ImageJ gives the index at which the coordinate is 0.
        void Origin(string key, Axis axis)
        {
            if (axis is { Offset: { } offset and not 0, Scale: { } scale and not 0 })
                Line(key, -offset / scale);
        }
    }

    /// <summary>ImageJ's files are ASCII: other characters become <c>\u</c> and their number.</summary>
    private static string Escape(string text) => string.Concat(text.Select(character => char.IsAscii(character) ? character.ToString() : $"\\u{(int)character:X4}"));

    private static bool Calibrated(ImageDescription description) =>
        description.Axes[^1] is { Scale: > LeastScale and < MostScale, Unit: { } unit } && description.Axes[^2] is { Scale: > LeastScale and < MostScale } rows && rows.Unit == unit;

    private static int Planes(ImageDescription description) => checked((int)description.Axes.SkipLast(2).Aggregate(1L, (product, axis) => product * axis.Size));

    /// <summary>Pixels per unit as a fraction: a decimal one where that is exact, else the closest that fits.</summary>
    private static void WriteDensity(Span<byte> destination, double? scale)
    {
        var density = 1 / (scale ?? 1);
        uint denominator = 1;
        while (denominator < 1_000_000_000 && density * denominator * 10 < uint.MaxValue && !IsWhole(density * denominator))
            denominator *= 10;
        if (!IsWhole(density * denominator))
            denominator = (uint)(uint.MaxValue / Math.Max(1, density));
        BinaryPrimitives.WriteUInt32LittleEndian(destination, checked((uint)Math.Round(density * denominator)));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], denominator);
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) <= 1e-9 * value;

    /// <summary>One directory, entry by entry.</summary>
    private sealed class DirectoryWriter(byte[] buffer, int start)
    {
        private ushort _count;

        public void Add(ushort tag, ushort type, int count, int value)
        {
            var entry = buffer.AsSpan(start + 2 + EntryBytes * _count++);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], count);
            // Little-endian: a short stands at the beginning of the four bytes by itself.
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], value);
        }

        public void End(int next)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(start), _count);
            BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start + 2 + EntryBytes * _count), next);
        }
    }
}
