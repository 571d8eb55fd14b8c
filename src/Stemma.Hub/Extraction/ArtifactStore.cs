using System.Buffers;
using System.Security.Cryptography;
using Stemma.Hub.Storage;

namespace Stemma.Hub.Extraction;

/// <summary>
/// Derived, rebuildable bytes under their digest. Not flushed to disk: after a power cut a file may be missing or short,
/// which a reader notices by the size in the catalog and has it made again.
/// </summary>
public sealed class ArtifactStore(HubOptions options)
{
    private const int BufferBytes = 256 << 10;
    private const string UnfinishedExtension = ".new";

    /// <exception cref="IOException">The stream ends early, or the disk is full; nothing stays behind.</exception>
    public async Task<(byte[] Sha256, long Size)> WriteAsync(Stream source, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.ArtifactFolder);
        var temporary = Path.Combine(options.ArtifactFolder, $"{Guid.NewGuid():n}{UnfinishedExtension}");
        try
        {
            byte[] digest;
            long size = 0;
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                // Written at once into the page cache, without a detour over other threads.
                for (int count; (count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0; size += count)
                {
                    hash.AppendData(buffer, 0, count);
                    RandomAccess.Write(file, buffer.AsSpan(0, count), size);
                }

                digest = hash.GetHashAndReset();
            }

            ArrayPool<byte>.Shared.Return(buffer);
            var place = PathOf(digest);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Move(temporary, place, overwrite: true);
            return (digest, size);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The artifact's file if it is whole; null when it must be made again.</summary>
    public string? Find(byte[] sha256, long size)
    {
        var file = new FileInfo(PathOf(sha256));
        return file.Exists && file.Length == size ? file.FullName : null;
    }

    /// <summary>The digests, in hexadecimal, that begin with a byte and were written before a time.</summary>
    internal IEnumerable<string> Names(byte part, DateTimeOffset writtenBefore) =>
        from last in Enumerable.Range(0, 16)
        let folder = new DirectoryInfo(Path.Combine(options.ArtifactFolder, $"{part:x2}{last:x}"))
        where folder.Exists
        from file in folder.EnumerateFiles()
        where Digest.TryParse(file.Name, out var digest) && PathOf(digest.Hex) == file.FullName && file.LastWriteTimeUtc <= writtenBefore.UtcDateTime
        select file.Name;

    /// <summary>Removes a file, unless it was written anew since.</summary>
    /// <returns>Whether it was removed.</returns>
    internal bool Remove(string hex, DateTimeOffset writtenBefore)
    {
        var file = new FileInfo(PathOf(hex));
        if (!file.Exists || file.LastWriteTimeUtc > writtenBefore.UtcDateTime)
            return false;
        file.Delete();
        return true;
    }

    /// <summary>Removes what was being written when the hub was killed.</summary>
    /// <returns>How many files.</returns>
    internal int RemoveUnfinished(DateTimeOffset writtenBefore)
    {
        var folder = new DirectoryInfo(options.ArtifactFolder);
        var left = folder.Exists ? folder.EnumerateFiles($"*{UnfinishedExtension}").Where(file => file.LastWriteTimeUtc <= writtenBefore.UtcDateTime).ToArray() : [];
        foreach (var file in left)
            file.Delete();
        return left.Length;
    }

    private string PathOf(byte[] sha256) => PathOf(Convert.ToHexStringLower(sha256));

    private string PathOf(string hex) => Path.GetFullPath(Path.Combine(options.ArtifactFolder, hex[..3], hex));
}
