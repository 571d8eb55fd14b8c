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
    /// <param name="bytes">They begin where a page of memory begins.</param>
    /// <param name="offset">Where a page of the file begins.</param>
    /// <returns>Whether some of the bytes are in the page cache, and reach the disk only with the sync.</returns>
    public bool Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var pages = bytes.Length & ~(PageBuffer.PageBytes - 1);
        if (_refused || pages < LeastBytes || !TryWritePages(file, bytes[..pages], offset))
        {
            RandomAccess.Write(file, bytes, offset);
            return true;
        }

        if (pages < bytes.Length)
            RandomAccess.Write(file, bytes[pages..], offset + pages);
        return pages < bytes.Length;
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
