using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Stemma.Formats.Binary;

/// <summary>
/// Random access to a file that knows its length: every read is checked against it before anything is allocated,
/// and a read beyond the end names the place. Safe for concurrent use.
/// </summary>
public sealed class ByteSource : IDisposable
{
    private readonly SafeFileHandle _handle;

    public ByteSource(MemberFile file)
    {
        Name = file.Name;
        _handle = file.Open();
        Length = RandomAccess.GetLength(_handle);
    }

    /// <summary>The name a person knows the file by; used in errors.</summary>
    public string Name { get; }

    public long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="MalformedFileException">Fewer bytes are left in the file.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        Require(offset, destination.Length);
        while (!destination.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, destination, offset);
            if (count == 0)
                throw new MalformedFileException(Name, offset, $"{destination.Length} more bytes", "the end of the file, which became shorter while it was read");
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>Reads <paramref name="count"/> bytes, refusing before allocating when the file cannot hold them.</summary>
    /// <exception cref="MalformedFileException">Fewer bytes are left in the file.</exception>
    public byte[] ReadBytes(long offset, long count)
    {
        Require(offset, count);
        var bytes = new byte[checked((int)count)];
        Read(offset, bytes);
        return bytes;
    }

    public T Read<T>(long offset, bool bigEndian = false) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..System.Runtime.CompilerServices.Unsafe.SizeOf<T>()];
        Read(offset, bytes);
        var unsigned = T.IsZero(T.Min(T.Zero, T.AllBitsSet));
        return bigEndian ? T.ReadBigEndian(bytes, unsigned) : T.ReadLittleEndian(bytes, unsigned);
    }

    public float ReadSingle(long offset, bool bigEndian = false)
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(offset, bytes);
        return bigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    public double ReadDouble(long offset, bool bigEndian = false)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(offset, bytes);
        return bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <exception cref="MalformedFileException">The range is not inside the file.</exception>
    public void Require(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > Length || count > Length - offset)
            throw new MalformedFileException(Name, offset, $"{count} bytes", $"{Math.Max(0, Length - Math.Max(0, offset))} bytes before the end of the file ({Length} bytes)");
    }

    public void Dispose() => _handle.Dispose();
}
