using System.Numerics;
using System.Text;

namespace Stemma.Bench.Ingest;

/// <summary>CT slices of 512 × 512 × 16 bit (about 512 KiB) as DICOM files: part 10 header, explicit VR little endian. Only what an archive asks for.</summary>
internal sealed class DicomInstance
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2", ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    private const int Edge = 512, SlicesPerSeries = 100;
    private readonly byte[] _pixels = new byte[Edge * Edge * 2];
    private string _study = "", _series = "";
    private int _made;

    public DicomInstance() => Random.Shared.NextBytes(_pixels);

    /// <summary>The next slice: an instance that nobody has, a new study every hundred.</summary>
    public byte[] Next()
    {
        if (_made++ % SlicesPerSeries == 0)
            (_study, _series) = (NewUid(), NewUid());
        var instance = NewUid();
        using var file = new MemoryStream(_pixels.Length + 1024);
        using var writer = new BinaryWriter(file);
        var meta = Elements(meta =>
        {
            Element(meta, 0x0002, 0x0001, "OB", [0, 1]);
            Text(meta, 0x0002, 0x0002, "UI", CtImageStorage);
            Text(meta, 0x0002, 0x0003, "UI", instance);
            Text(meta, 0x0002, 0x0010, "UI", ExplicitLittleEndian);
            Text(meta, 0x0002, 0x0012, "UI", "2.25.1");
        });
        writer.Write(new byte[128]);
        writer.Write("DICM"u8);
        Element(writer, 0x0002, 0x0000, "UL", BitConverter.GetBytes(meta.Length));
        writer.Write(meta);
        Text(writer, 0x0008, 0x0016, "UI", CtImageStorage);
        Text(writer, 0x0008, 0x0018, "UI", instance);
        Text(writer, 0x0008, 0x0060, "CS", "CT");
        Text(writer, 0x0010, 0x0010, "PN", "BENCH");
        Text(writer, 0x0010, 0x0020, "LO", "BENCH");
        Text(writer, 0x0020, 0x000D, "UI", _study);
        Text(writer, 0x0020, 0x000E, "UI", _series);
        Text(writer, 0x0020, 0x0013, "IS", _made.ToString());
        Number(writer, 0x0028, 0x0002, 1);
        Text(writer, 0x0028, 0x0004, "CS", "MONOCHROME2");
        Number(writer, 0x0028, 0x0010, Edge);
        Number(writer, 0x0028, 0x0011, Edge);
        Number(writer, 0x0028, 0x0100, 16);
        Number(writer, 0x0028, 0x0101, 16);
        Number(writer, 0x0028, 0x0102, 15);
        Number(writer, 0x0028, 0x0103, 0);
        Element(writer, 0x7FE0, 0x0010, "OW", _pixels);
        return file.ToArray();
    }

    // PS3.5, annex B.2: a UUID as a decimal number below 2.25.
    private static string NewUid() => $"2.25.{new BigInteger(Guid.NewGuid().ToByteArray(), isUnsigned: true)}";

    private static byte[] Elements(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
            write(writer);
        return bytes.ToArray();
    }

    private static void Number(BinaryWriter writer, ushort group, ushort element, ushort value) => Element(writer, group, element, "US", BitConverter.GetBytes(value));

    // PS3.5, 6.2: values have an even length; UIDs are padded with NUL, text with a space.
    private static void Text(BinaryWriter writer, ushort group, ushort element, string vr, string value) =>
        Element(writer, group, element, vr, Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + (vr == "UI" ? '\0' : ' ')));

    private static void Element(BinaryWriter writer, ushort group, ushort element, string vr, byte[] value)
    {
        writer.Write(group);
        writer.Write(element);
        writer.Write(Encoding.ASCII.GetBytes(vr));
        // PS3.5, 7.1.2: two bytes of length, or for byte and word streams two that are reserved and then four.
        if (vr is "OB" or "OW")
        {
            writer.Write((ushort)0);
            writer.Write(value.Length);
        }
        else
        {
            writer.Write((ushort)value.Length);
        }

        writer.Write(value);
    }
}
