using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Stemma.Client;
using Stemma.Formats;
using Stemma.Worker.Reading;

namespace Stemma.Worker.Unpacking;

/// <summary>
/// Takes a zip archive apart, one entry at a time, into files that the worker deposits. Entries are refused one by one, each with its reason;
/// the archive as a whole is refused when it is damaged or a bomb. Archives inside are files like any other.
/// </summary>
internal sealed class ArchiveUnpacker(UnpackLimits limits, ChildOutput output, TakenCount taken)
{
    private readonly List<RefusedEntry> _refused = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Queue<long> _waiting = new();
    private long _waitingBytes;
    private long _totalBytes;
    private int _handedOver;
    private int _takenBefore;

    /// <exception cref="MalformedFileException">The archive is damaged, or holds more than the limits allow.</exception>
    public TaskResult Unpack(MemberFile archive, string folder)
    {
        using var file = new FileStream(archive.Open(), FileAccess.Read, 1 << 16);
        using var zip = Open(archive, file);
        var entries = Entries(archive, zip);
        for (var index = 0; index < entries.Count; index++)
        {
            output.Alive((double)index / entries.Count, $"entry {index + 1} of {entries.Count}");
            Take(archive, entries[index], file.Length, Path.Combine(folder, $"entry-{index}"), entries.Count, index);
        }

        taken.Wait(count => count >= _handedOver);
        return new TaskResult(Entries: _handedOver, Refused: _refused);
    }

    private static ZipArchive Open(MemberFile archive, FileStream file)
    {
        try
        {
            return new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true, ZipNameEncoding.Instance);
        }
        catch (InvalidDataException exception)
        {
            throw new MalformedFileException(archive.Name, null, "a zip archive", $"none that can be opened ({exception.Message})", exception);
        }
    }

    private List<ZipArchiveEntry> Entries(MemberFile archive, ZipArchive zip)
    {
        try
        {
            if (zip.Entries.Count > limits.Entries)
                throw new MalformedFileException(archive.Name, null, $"at most {limits.Entries} entries", $"{zip.Entries.Count}");
            return [.. zip.Entries];
        }
        catch (InvalidDataException exception)
        {
            throw new MalformedFileException(archive.Name, null, "a readable list of entries", exception.Message, exception);
        }
    }

    private void Take(MemberFile archive, ZipArchiveEntry entry, long archiveBytes, string target, int count, int index)
    {
        var isFolder = entry.FullName.EndsWith('/') || entry.FullName.EndsWith('\\');
        var name = isFolder ? entry.FullName[..^1] : entry.FullName;
        if (EntryName.WhyNot(name, entry.ExternalAttributes, out var path) is { } reason)
        {
            Refuse(entry, reason);
            return;
        }

        // Folders come into being by the files in them.
        if (isFolder && entry.Length == 0)
            return;
        if (!_names.Add(path))
            Refuse(entry, "has the path of an earlier entry");
        else if (entry.IsEncrypted)
            Refuse(entry, "is encrypted; unpack the archive yourself and deposit the files");
        else if (entry.Length > Free(target) - (1L << 30))
            Refuse(entry, $"has {entry.Length} bytes, more than the worker has room for ({Free(target)} bytes free, of which 1 GiB is kept)");
        else
            Extract(archive, entry, archiveBytes, path, target, (double)index / count);
    }

    private void Extract(MemberFile archive, ZipArchiveEntry entry, long archiveBytes, string path, string target, double progress)
    {
        WaitForRoom(entry.Length);
        string sha256;
        try
        {
            sha256 = Copy(archive, entry, archiveBytes, target, progress);
        }
        catch (InvalidDataException exception)
        {
            Refuse(entry, $"is damaged: {exception.Message}");
            return;
        }

        output.Write(new ChildMessage(Entry: new ChildEntry(path, target, sha256)));
        _handedOver++;
        _waiting.Enqueue(entry.Length);
        _waitingBytes += entry.Length;
    }

    private string Copy(MemberFile archive, ZipArchiveEntry entry, long archiveBytes, string target, double progress)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var from = entry.Open();
        using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        var crc = new Crc32();
        long written = 0;
        try
        {
            for (int count; (count = from.Read(buffer)) > 0;)
            {
                written += count;
                _totalBytes += count;
                if (written > entry.Length)
                    throw new InvalidDataException($"expected {entry.Length} bytes, found more");
                CheckBomb(archive, entry, written, archiveBytes);
                crc.Append(buffer.AsSpan(0, count));
                hash.AppendData(buffer, 0, count);
                to.Write(buffer, 0, count);
                output.Alive(progress, entry.FullName);
            }

            if (written != entry.Length)
                throw new InvalidDataException($"expected {entry.Length} bytes, found {written}");
            if (crc.Value != entry.Crc32)
                throw new InvalidDataException($"expected check sum {entry.Crc32:x8}, found {crc.Value:x8}");
        }
        catch (InvalidDataException)
        {
            // In a sandbox only the worker removes files, and after the task; the room is needed now.
            to.SetLength(0);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The whole is looked at beside the entry, since entries may share the same packed bytes.
    private void CheckBomb(MemberFile archive, ZipArchiveEntry entry, long written, long archiveBytes)
    {
        if (_totalBytes > limits.TotalBytes)
            throw new MalformedFileException(archive.Name, null, $"at most {limits.TotalBytes} bytes when unpacked", "more");
        if (written > limits.FreeBytes && written / Math.Max(1, entry.CompressedLength) >= limits.Ratio)
            throw new MalformedFileException(archive.Name, null, $"entries that expand less than {limits.Ratio} times", $"'{entry.FullName}', whose {entry.CompressedLength} bytes became more than {written}");
        if (_totalBytes > limits.FreeBytes && _totalBytes / Math.Max(1, archiveBytes) >= limits.Ratio)
            throw new MalformedFileException(archive.Name, null, $"an archive that expands less than {limits.Ratio} times", $"one whose {archiveBytes} bytes became more than {_totalBytes}");
    }

    private void WaitForRoom(long bytes) => taken.Wait(count =>
    {
        for (; _takenBefore < count && _waiting.TryDequeue(out var size); _takenBefore++)
            _waitingBytes -= size;
        return _waiting.Count == 0 || (_waiting.Count < limits.WaitingEntries && _waitingBytes + bytes <= limits.WaitingBytes);
    });

    private void Refuse(ZipArchiveEntry entry, string why) => _refused.Add(new RefusedEntry(entry.FullName, why));

    private static long Free(string path) => new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
}
