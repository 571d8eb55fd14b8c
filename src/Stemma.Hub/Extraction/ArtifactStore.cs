using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
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
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return count < buffer.Length && TryWriteInPlace(buffer.AsSpan(0, count)) is { } digest ? (digest, count) : await WriteAsideAsync(buffer, count, source, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes what is small, and new, under its name at once: nobody asks for it before its row is committed, and what a crash leaves short is noticed as ever.</summary>
    /// <returns>Its digest; null where other bytes lie already, be it that they are short.</returns>
    private byte[]? TryWriteInPlace(ReadOnlySpan<byte> bytes)
    {
        var digest = SHA256.HashData(bytes);
        var place = MakePlace(digest);
        if (File.Exists(place))
            return TryKeep(place, bytes) ? digest : null;
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(place, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(place))
        {
            return null; // The same bytes came with another result in this instant.
        }

        using (file)
            try
            {
                RandomAccess.Write(file, bytes, 0);
                return digest;
            }
            catch
            {
                File.Delete(place);
                throw;
            }
    }

    /// <summary>Many files have the same few facts, and one artifact for all of them: it stays where it is, and counts as written anew.</summary>
    private static bool TryKeep(string place, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!File.ReadAllBytes(place).AsSpan().SequenceEqual(bytes))
                return false;
            File.SetLastWriteTimeUtc(place, DateTime.UtcNow);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // It was swept in this instant.
        }
    }

    /// <param name="buffer">Begins with the first <paramref name="count"/> bytes.</param>
    private async Task<(byte[] Sha256, long Size)> WriteAsideAsync(byte[] buffer, int count, Stream rest, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.ArtifactFolder);
        var temporary = Path.Combine(options.ArtifactFolder, $"{Guid.NewGuid():n}{UnfinishedExtension}");
        try
        {
            byte[] digest;
            long size = 0;
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                // Written at once into the page cache, without a detour over other threads.
                for (; count > 0; count = await rest.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken))
                {
                    hash.AppendData(buffer, 0, count);
                    RandomAccess.Write(file, buffer.AsSpan(0, count), size);
                    size += count;
                }

                digest = hash.GetHashAndReset();
            }

            File.Move(temporary, MakePlace(digest), overwrite: true);
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

    /// <returns>The path of these bytes, whose folder is there now.</returns>
    private string MakePlace(byte[] sha256)
    {
        var place = PathOf(sha256);
        var folder = Path.GetDirectoryName(place)!;
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder);
        return place;
    }

    private string PathOf(byte[] sha256) => PathOf(Convert.ToHexStringLower(sha256));

    private string PathOf(string hex) => Path.GetFullPath(Path.Combine(options.ArtifactFolder, hex[..3], hex));
}
