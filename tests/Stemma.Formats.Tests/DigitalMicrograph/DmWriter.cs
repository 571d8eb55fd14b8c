using System.Buffers.Binary;
using System.Text;

namespace Stemma.Formats.Tests.DigitalMicrograph;

/// <summary>Builds small DM3 and DM4 files by hand, to the published description and apart from the reader.</summary>
public sealed class DmWriter(int version, bool littleEndian = true)
{
    private readonly List<byte> _body = [];

    /// <summary>One data tag: kind 21, name, description, value bytes.</summary>
    public DmWriter Data(string name, ulong[] description, byte[] value)
    {
        var content = new DmWriter(version, littleEndian);
        content._body.AddRange("%%%%"u8);
        content.Word((ulong)description.Length);
        foreach (var word in description)
            content.Word(word);
        content._body.AddRange(value);
        return Tag(21, name, content._body);
    }

    public DmWriter Group(string name, int count, Action<DmWriter> fill)
    {
        var content = new DmWriter(version, littleEndian);
        content._body.AddRange([1, 0]);
        content.Word((ulong)count);
        fill(content);
        return Tag(20, name, content._body);
    }

    public DmWriter UInt32(string name, uint value) => Data(name, [5], Value(value, 4));

    public DmWriter Float32(string name, float value) => Data(name, [6], Value(BitConverter.SingleToUInt32Bits(value), 4));

    public DmWriter Float64(string name, double value) => Data(name, [7], Value(BitConverter.DoubleToUInt64Bits(value), 8));

    public DmWriter Text(string name, string value) =>
        Data(name, [20, 4, (ulong)value.Length], (littleEndian ? Encoding.Unicode : Encoding.BigEndianUnicode).GetBytes(value));

    /// <summary>An image as DM writes it: sizes and type come behind the pixels.</summary>
    public DmWriter Image(string name, uint dataType, uint pixelDepth, uint[] dimensions, ulong[] description, byte[] pixels, (float Origin, float Scale, string Units)[]? calibrations = null, Action<DmWriter>? tags = null, int tagCount = 0) =>
        Group("", 3, image => image
            .Group("ImageData", 5, data => data
                .Group("Calibrations", 1, all => all.Group("Dimension", dimensions.Length, list =>
                {
                    for (var i = 0; i < dimensions.Length; i++)
                    {
                        var (origin, scale, units) = calibrations?[i] ?? (0, 1, "");
                        list.Group("", 3, one => one.Float32("Origin", origin).Float32("Scale", scale).Text("Units", units));
                    }
                }))
                .Data("Data", description, pixels)
                .UInt32("DataType", dataType)
                .Group("Dimensions", dimensions.Length, list =>
                {
                    foreach (var size in dimensions)
                        list.UInt32("", size);
                })
                .UInt32("PixelDepth", pixelDepth))
            .Group("ImageTags", tagCount, tags ?? (_ => { }))
            .Text("Name", name));

    /// <summary>A file with these images; the first is the thumbnail when <paramref name="thumbnail"/> says so.</summary>
    public static byte[] File(int version, bool littleEndian, int images, Action<DmWriter> fill, bool thumbnail = false)
    {
        var root = new DmWriter(version, littleEndian);
        root._body.AddRange([1, 0]);
        root.Word(thumbnail ? 2u : 1u);
        root.Group("ImageList", images, fill);
        if (thumbnail)
            root.Group("Thumbnails", 1, list => list.Group("", 1, one => one.UInt32("ImageIndex", 0)));
        root._body.AddRange(new byte[8]);

        var head = new DmWriter(version, littleEndian);
        head._body.AddRange([0, 0, 0, (byte)version]);
        head.Word((ulong)root._body.Count);
        head._body.AddRange([0, 0, 0, (byte)(littleEndian ? 1 : 0)]);
        return [.. head._body, .. root._body];
    }

    private DmWriter Tag(byte kind, string name, List<byte> content)
    {
        _body.Add(kind);
        _body.AddRange([(byte)(name.Length >> 8), (byte)name.Length]);
        _body.AddRange(Encoding.Latin1.GetBytes(name));
        if (version == 4)
            Word((ulong)content.Count);
        _body.AddRange(content);
        return this;
    }

    private void Word(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        _body.AddRange(version == 4 ? bytes : bytes[4..]);
    }

    private byte[] Value(ulong value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes = bytes[..size];
        if (!littleEndian)
            Array.Reverse(bytes);
        return bytes;
    }
}
