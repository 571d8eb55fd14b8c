using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Stemma.Hub.Storage;

/// <summary>Memory that begins where a page begins, as direct writing asks for, in a power of two of bytes. Rented, and used again after it was disposed.</summary>
internal sealed class PageBuffer : IDisposable
{
    public const int PageBytes = 4096;
    public const int LargestBytes = 1 << 20;

    private const int SmallestBytes = 16 << 10;

    // More than this lying idle goes back to the garbage collector.
    private const long KeptBytes = 64 << 20;

    private static readonly ConcurrentBag<PageBuffer>[] Idle = [.. Enumerable.Range(0, BitOperations.Log2(LargestBytes / SmallestBytes) + 1).Select(_ => new ConcurrentBag<PageBuffer>())];
    private static long _idleBytes;
    private static long _rentedBytes;

    // Beyond this, what was received does not wait in memory for its place.
    private const long PlentyBytes = 256 << 20;

    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _kind;

    private PageBuffer(int kind)
    {
        _kind = kind;
        Length = SmallestBytes << kind;
        _bytes = GC.AllocateUninitializedArray<byte>(Length + PageBytes, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (PageBytes - 1));
    }

    /// <summary>So much is rented that nobody should keep a buffer that only waits.</summary>
    public static bool IsScarce => Interlocked.Read(ref _rentedBytes) > PlentyBytes;

    public int Length { get; }

    public Span<byte> Span => _bytes.AsSpan(_start, Length);

    /// <param name="bytes">Bytes that are to find room, up to <see cref="LargestBytes"/>; for more there is that.</param>
    public static PageBuffer Rent(long bytes)
    {
        var kind = 0;
        while (SmallestBytes << kind < Math.Min(bytes, LargestBytes))
            kind++;
        Interlocked.Add(ref _rentedBytes, SmallestBytes << kind);
        if (!Idle[kind].TryTake(out var buffer))
            return new PageBuffer(kind);
        Interlocked.Add(ref _idleBytes, -buffer.Length);
        return buffer;
    }

    public void Dispose()
    {
        Interlocked.Add(ref _rentedBytes, -Length);
        if (Interlocked.Add(ref _idleBytes, Length) <= KeptBytes)
            Idle[_kind].Add(this);
        else
            Interlocked.Add(ref _idleBytes, -Length);
    }
}
