using Microsoft.Win32.SafeHandles;

namespace Stemma.Hub.Storage;

/// <summary>
/// Writes whole pages past the system's page cache (<c>O_DIRECT</c>), where the file system can: what comes in is read once or never, and would push out what
/// the database and open pages need; and its pages need not be found, filled and written out later (docs/decisions/0007-direct-writes.md).
/// </summary>
internal sealed class DirectWriter
{
    // Below this one trip through the cache is the cheaper.
    public const int LeastBytes = 64 << 10;
    private const int InvalidArgument = 22;

    private volatile bool _refused;

    /// <summary>From the first byte to the last: wherever a failure or the end of the process comes between, the file has no hole before its end, and an upload goes on from there.</summary>
    /// <param name="bytes">They lie in memory as they will in the file: at the same place of a page.</param>
    /// <returns>Whether some of the bytes are in the page cache, and reach the disk only with the sync.</returns>
    public bool Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var head = (int)Math.Min(bytes.Length, -offset & (PageBuffer.PageBytes - 1));
        var pages = (bytes.Length - head) & ~(PageBuffer.PageBytes - 1);
        if (_refused || pages < LeastBytes)
        {
            RandomAccess.Write(file, bytes, offset);
            return true;
        }

        if (head > 0)
            RandomAccess.Write(file, bytes[..head], offset);
        var direct = TryWritePages(file, bytes.Slice(head, pages), offset + head) ? head + pages : head;
        if (direct < bytes.Length)
            RandomAccess.Write(file, bytes[direct..], offset + direct);
        return head > 0 || direct < bytes.Length;
    }

    private bool TryWritePages(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (Posix.TrySetDirect(file, true))
        {
            try
            {
                RandomAccess.Write(file, bytes, offset);
                return true;
            }
            catch (IOException exception) when (exception.HResult == InvalidArgument)
            {
                // Some file systems say so only when written to.
            }
            finally
            {
                Posix.TrySetDirect(file, false);
            }
        }

        _refused = true;
        return false;
    }
}
