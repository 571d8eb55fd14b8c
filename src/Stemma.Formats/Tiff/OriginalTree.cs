using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Stemma.Formats.Tiff.Structure;

namespace Stemma.Formats.Tiff;

/// <summary>Writes directories as a tree: every tag by name with its values as stored; long arrays are summarised.</summary>
internal sealed class OriginalTree
{
    /// <summary>Directories after these are listed without the tags that only say where pixels lie.</summary>
    private const int FullDirectories = 100;

    private const int MostDirectories = 10_000;

    /// <summary>Arrays of more values are given by count and first values.</summary>
    private const int MostValues = 64;

    private const int FirstValues = 8;

    /// <summary>Texts of all directories together; what follows is given by its length. Stacks of thousands of pages can carry kilobytes of text on each.</summary>
    private const long MostTextBytes = 16 << 20;

    private long _textBytes;

    public JsonArray Directories(IReadOnlyList<TiffDirectory> directories)
    {
        var list = new JsonArray();
        for (var i = 0; i < Math.Min(directories.Count, MostDirectories); i++)
            list.Add((JsonNode)Directory(directories[i], i < FullDirectories));
        if (directories.Count > MostDirectories)
            list.Add((JsonNode)$"… {directories.Count} directories in all");
        return list;
    }

    private JsonObject Directory(TiffDirectory directory, bool isFull = true)
    {
        var tree = new JsonObject();
        foreach (var entry in directory.Entries)
        {
            if (!isFull && entry.Tag is TiffTags.StripOffsets or TiffTags.StripByteCounts or TiffTags.TileOffsets or TiffTags.TileByteCounts)
                continue;
            tree[TiffTags.Name(entry.Tag)] = entry.Tag == TiffTags.Exif && entry.Count == 1 && directory.IsInside(entry)
                && directory.File.TryReadPrivate(directory.Integer(entry.Tag, 0)) is { } exif
                    ? Directory(exif)
                    : Value(directory, entry);
        }

        if (directory.Children.Count > 0)
            tree["SubIFDs"] = Directories(directory.Children);
        return tree;
    }

    private JsonNode? Value(TiffDirectory directory, TiffEntry entry)
    {
        if (!directory.IsInside(entry))
            return Summary(entry, "beyond the end of the file, or of unknown type");
        if (entry.Type == TiffFieldType.Ascii || entry.Tag == 700)
        {
            if ((_textBytes += entry.Count) > MostTextBytes)
                return Summary(entry, "text too long to list");
            var parts = TiffDirectory.Decode(directory.Bytes(entry)).Split('\0');
            return parts.Length == 1 ? JsonValue.Create(parts[0]) : new JsonArray([.. parts.Select(part => JsonValue.Create(part))]);
        }

        if (entry.Type == TiffFieldType.Undefined && entry.Count > 8 && LooksLikeText(directory.Bytes(entry, MostValues)))
            return (_textBytes += entry.Count) <= MostTextBytes ? JsonValue.Create(TiffDirectory.Decode(directory.Bytes(entry)).Replace('\0', '\n')) : Summary(entry, "text too long to list");
        var isLong = entry.Count > MostValues;
        var values = Values(directory, entry, isLong ? FirstValues : MostValues);
        if (isLong)
            return new JsonObject { ["count"] = entry.Count, ["type"] = entry.Type.ToString(), ["first"] = new JsonArray(values) };
        return values.Length == 1 ? values[0] : new JsonArray(values);
    }

    private static JsonNode?[] Values(TiffDirectory directory, TiffEntry entry, int most)
    {
        var bytes = directory.Bytes(entry, most);
        var big = directory.File.BigEndian;
        if (entry.Type is not (TiffFieldType.Rational or TiffFieldType.SRational or TiffFieldType.Float or TiffFieldType.Double))
            return [.. directory.Integers(entry, most).Select(value => (JsonNode?)JsonValue.Create(value))];
        var size = entry.ValueBytes;
        var values = new JsonNode?[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.AsSpan(i * size, size);
            if (entry.Type is TiffFieldType.Rational or TiffFieldType.SRational)
            {
                var (numerator, denominator) = TiffDirectory.Rational(at, entry.Type, big);
                values[i] = new JsonArray(numerator, denominator);
                continue;
            }

            var number = (entry.Type, big) switch
            {
                (TiffFieldType.Float, true) => BinaryPrimitives.ReadSingleBigEndian(at),
                (TiffFieldType.Float, false) => BinaryPrimitives.ReadSingleLittleEndian(at),
                (_, true) => BinaryPrimitives.ReadDoubleBigEndian(at),
                (_, false) => BinaryPrimitives.ReadDoubleLittleEndian(at),
            };
            // JSON has no NaN and no infinity.
            values[i] = double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(number.ToString());
        }

        return values;
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes.TrimEnd((byte)0))
            if (b is < 32 and not (9 or 10 or 13) or 127)
                return false;
        return bytes.TrimEnd((byte)0).Length > 8;
    }

    private static JsonObject Summary(TiffEntry entry, string why) => new() { ["count"] = entry.Count, ["type"] = entry.Type.ToString(), ["note"] = why };
}
