using Microsoft.Win32.SafeHandles;

namespace Stemma.Client;

/// <summary>Reading files of this machine, with errors that say which file and why.</summary>
internal static class LocalFile
{
    /// <exception cref="LocalFileException">The file cannot be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException($"cannot be read: {exception.Message}", exception);
        }
    }

    /// <exception cref="LocalFileException">The file cannot be read or has become shorter.</exception>
    public static async ValueTask<int> ReadAsync(SafeFileHandle file, string path, Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        int count;
        try
        {
            count = await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalFileException($"{path} cannot be read at byte {offset}: {exception.Message}", exception);
        }

        return count > 0 ? count : throw new LocalFileException($"{path} ended at byte {offset}: it became shorter while it was read. Try again when nobody writes to it.");
    }

    /// <summary>Fills a buffer from the beginning of the file.</summary>
    /// <exception cref="LocalFileException">The file cannot be read or has become shorter.</exception>
    public static async ValueTask ReadWholeAsync(SafeFileHandle file, string path, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var read = 0; read < buffer.Length;)
            read += await ReadAsync(file, path, buffer[read..], read, cancellationToken).ConfigureAwait(false);
    }
}
