using System.Buffers.Binary;
using System.Text;

namespace Stemma.Formats.Tiff.Structure;

/// <summary>One image file directory (IFD): its entries, and typed access to their values. Values are read when asked for.</summary>
internal sealed class TiffDirectory(TiffFile file, long offset, IReadOnlyList<TiffEntry> entries)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public TiffFile File { get; } = file;

    /// <summary>Byte offset of the directory.</summary>
    public long Offset { get; } = offset;

    public IReadOnlyList<TiffEntry> Entries { get; } = entries;

    /// <summary>Directories that tag 330 points to, in its order.</summary>
    public IReadOnlyList<TiffDirectory> Children { get; set; } = [];

    public bool Has(ushort tag) => Find(tag) is not null;

    public TiffEntry? Find(ushort tag)
    {
        foreach (var entry in Entries)
            if (entry.Tag == tag)
                return entry;
        return null;
    }

    /// <summary>Whether the entry's values lie inside the file.</summary>
    public bool IsInside(TiffEntry entry) =>
        entry.ValueBytes > 0 && entry.Count >= 0 && entry.Count <= File.Source.Length / entry.ValueBytes
        && entry.Position >= 0 && entry.Position <= File.Source.Length - entry.Count * entry.ValueBytes;

    /// <summary>The bytes of an entry's values as they lie in the file.</summary>
    /// <exception cref="MalformedFileException">They do not lie inside the file.</exception>
    public byte[] Bytes(TiffEntry entry, long mostValues = long.MaxValue)
    {
        if (!IsInside(entry))
            throw new MalformedFileException(File.Source.Name, entry.Position, $"{entry.Count} values of tag {TiffTags.Name(entry.Tag)}", $"a file of {File.Source.Length} bytes");
        return File.Source.ReadBytes(entry.Position, Math.Min(entry.Count, mostValues) * entry.ValueBytes);
    }

    public byte[]? Bytes(ushort tag) => Find(tag) is { } entry ? Bytes(entry) : null;

    /// <summary>Text of a tag without its closing NULs: UTF-8 where it is valid, else Latin-1. Null where the tag is absent.</summary>
    public string? Text(ushort tag) => Find(tag) is { } entry && IsInside(entry) ? Decode(Bytes(entry)) : null;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd((byte)0);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>The first value of a tag as an integer, or <paramref name="otherwise"/> where the tag is absent or empty.</summary>
    public long Integer(ushort tag, long otherwise) => Find(tag) is { Count: > 0 } entry ? Integers(entry, 1)[0] : otherwise;

    public long[]? Integers(ushort tag) => Find(tag) is { } entry ? Integers(entry) : null;

    public long[] Integers(TiffEntry entry, long mostValues = long.MaxValue)
    {
        var bytes = Bytes(entry, mostValues);
        var values = new long[bytes.Length / entry.ValueBytes];
        var big = File.BigEndian;
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.AsSpan(i * entry.ValueBytes, entry.ValueBytes);
            values[i] = entry.Type switch
            {
                TiffFieldType.Byte or TiffFieldType.Ascii or TiffFieldType.Undefined => at[0],
                TiffFieldType.SByte => (sbyte)at[0],
                TiffFieldType.Short => big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
                TiffFieldType.SShort => big ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
                TiffFieldType.Long or TiffFieldType.Ifd => big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at),
                TiffFieldType.SLong => big ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at),
                TiffFieldType.Long8 or TiffFieldType.SLong8 or TiffFieldType.Ifd8 =>
                    big ? BinaryPrimitives.ReadInt64BigEndian(at) : BinaryPrimitives.ReadInt64LittleEndian(at),
                _ => throw new MalformedFileException(File.Source.Name, entry.Position, $"integers in tag {TiffTags.Name(entry.Tag)}", $"values of type {entry.Type}"),
            };
        }

        return values;
    }

    /// <summary>The first value of a tag as a number (rationals divided); null where the tag is absent, damaged, or has a zero denominator.</summary>
    public double? Number(ushort tag)
    {
        if (Find(tag) is not { Count: > 0 } entry || !IsInside(entry))
            return null;
        var bytes = Bytes(entry, 1);
        var big = File.BigEndian;
        double value;
        switch (entry.Type)
        {
            case TiffFieldType.Rational or TiffFieldType.SRational:
                var (numerator, denominator) = Rational(bytes, entry.Type, big);
                value = (double)numerator / denominator;
                break;
            case TiffFieldType.Float:
                value = big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes);
                break;
            case TiffFieldType.Double:
                value = big ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
                break;
            default:
                value = Integers(entry, 1)[0];
                break;
        }

        return double.IsFinite(value) ? value : null;
    }

    /// <summary>Numerator and denominator as written.</summary>
    public static (long Numerator, long Denominator) Rational(ReadOnlySpan<byte> bytes, TiffFieldType type, bool big)
    {
        if (type == TiffFieldType.SRational)
            return big
                ? (BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]))
                : (BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
        return big
            ? (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]))
            : (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
    }
}
