using System.Buffers.Binary;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// The first bytes of a DM file. Structure is always big-endian; values follow the byte-order flag.
/// </summary>
/// <param name="Version">3 (words of 4 bytes) or 4 (words of 8 bytes).</param>
/// <param name="Length">Announced length of the rest of the file in bytes.</param>
/// <param name="LittleEndianValues">Byte order of the values.</param>
internal sealed record DmHeader(int Version, ulong Length, bool LittleEndianValues)
{
    /// <summary>Bytes of a count, a length or a type code.</summary>
    public int WordBytes => Version == 4 ? 8 : 4;

    /// <summary>Where the root group begins.</summary>
    public int Bytes => 8 + WordBytes;

    /// <summary>Null where the bytes are no DM header: version, byte order and the root group's two flags must be legal.</summary>
    public static DmHeader? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(bytes) is not (3 or 4))
            return null;
        var version = bytes[3];
        var word = version == 4 ? 8 : 4;
        if (bytes.Length < 10 + word)
            return null;
        var length = word == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var order = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + word)..]);
        var root = bytes[(8 + word)..];
        // A small big-endian MRC file can look the same up to here; the kind of the first tag tells them apart.
        if (root.Length > 2 + word && root[2 + word] is not (20 or 21))
            return null;
        return order <= 1 && root[0] <= 1 && root[1] <= 1 ? new DmHeader(version, length, order == 1) : null;
    }
}
