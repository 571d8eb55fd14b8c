using System.Buffers.Binary;

namespace Stemma.Formats.Binary;

/// <summary>Reads a file from front to back through a small buffer; made for headers of many little fields. Not safe for concurrent use.</summary>
public sealed class ByteCursor(ByteSource file, long position = 0)
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private long _start;
    private int _length;

    public ByteSource File { get; } = file;

    /// <summary>Offset of the next byte; may be set to any place, the check comes with the next read.</summary>
    public long Position { get; set; } = position;

    /// <summary>The next bytes; valid until the next call.</summary>
    /// <param name="count">At most 32 KiB.</param>
    /// <exception cref="MalformedFileException">Fewer bytes are left in the file.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (Position < _start || Position + count > _start + _length)
        {
            File.Require(Position, count);
            _length = (int)Math.Min(_buffer.Length, File.Length - Position);
            _start = Position;
            File.Read(_start, _buffer.AsSpan(0, _length));
        }

        var bytes = _buffer.AsSpan((int)(Position - _start), count);
        Position += count;
        return bytes;
    }

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong ReadUInt64BigEndian() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));
}
