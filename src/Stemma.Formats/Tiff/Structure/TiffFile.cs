using Stemma.Formats.Binary;
using Stemma.Formats.Tiff.Pixels;

namespace Stemma.Formats.Tiff.Structure;

/// <summary>
/// An open TIFF or BigTIFF file: byte order and all directories. Source: TIFF 6.0 (Adobe, 1992) section 2; the BigTIFF proposal (libtiff).
/// </summary>
/// <remarks>A chain of directories that breaks off or turns back on itself is followed as far as it goes; <see cref="Warnings"/> then says so.</remarks>
internal sealed class TiffFile : IDisposable
{
    /// <summary>More directories than this are refused: files of a million pages exist, files of more have not been met.</summary>
    private const int MostDirectories = 2_000_000;

    /// <summary>How deep SubIFDs may nest.</summary>
    private const int DeepestNesting = 8;

    private readonly HashSet<long> _visited = [];
    private readonly List<string> _warnings = [];
    private long _directoryBytes;

    private TiffFile(ByteSource source)
    {
        Source = source;
        Span<byte> header = stackalloc byte[16];
        header = header[..(int)Math.Min(16, source.Length)];
        source.Read(0, header);
        if (!IsTiff(header, out var bigEndian, out var bigTiff))
            throw new MalformedFileException(source.Name, 0, "a TIFF header", Convert.ToHexString(header));
        BigEndian = bigEndian;
        IsBigTiff = bigTiff;
        Directories = ReadChain(bigTiff ? Unsigned(8, 8) : Unsigned(4, 4));
        if (Directories.Count == 0)
            throw new MalformedFileException(source.Name, bigTiff ? 8 : 4, "an image file directory", _warnings.FirstOrDefault() ?? "none");
    }

    public ByteSource Source { get; }

    public bool BigEndian { get; }

    public bool IsBigTiff { get; }

    /// <summary>The directories of the main chain, in its order.</summary>
    public IReadOnlyList<TiffDirectory> Directories { get; }

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Decoded strips and tiles of this file.</summary>
    public SegmentCache Segments { get; } = new();

    /// <summary>Opens the file and reads its directories; closes it again when it is not a TIFF.</summary>
    public static TiffFile Open(MemberFile member)
    {
        var source = new ByteSource(member);
        try
        {
            return new TiffFile(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public static bool IsTiff(ReadOnlySpan<byte> header, out bool bigEndian, out bool bigTiff)
    {
        bigEndian = header.Length >= 8 && header[0] == 'M';
        bigTiff = false;
        if (header.Length < 8 || header[0] != header[1] || header[0] is not ((byte)'I' or (byte)'M'))
            return false;
        var magic = bigEndian ? header[2] << 8 | header[3] : header[3] << 8 | header[2];
        bigTiff = magic == 43;
        return magic == 42 || bigTiff && header.Length >= 16;
    }

    public void Dispose() => Source.Dispose();

    private List<TiffDirectory> ReadChain(long offset)
    {
        var directories = new List<TiffDirectory>();
        while (offset != 0)
        {
            try
            {
                var (directory, next) = ReadDirectory(offset, 0);
                directories.Add(directory);
                offset = next;
            }
            catch (MalformedFileException broken) when (directories.Count > 0)
            {
                _warnings.Add($"The chain of directories ends after page {directories.Count}: {broken.Message}");
                break;
            }
        }

        return directories;
    }

    private (TiffDirectory Directory, long Next) ReadDirectory(long offset, int depth)
    {
        if (!_visited.Add(offset))
            throw new MalformedFileException(Source.Name, offset, "a directory not met before", "one that was read already: the chain turns back on itself");
        if (_visited.Count > MostDirectories)
            throw new MalformedFileException(Source.Name, offset, $"at most {MostDirectories} directories", "more");

        var entryBytes = IsBigTiff ? 20 : 12;
        var countBytes = IsBigTiff ? 8 : 2;
        var count = Unsigned(offset, countBytes);
        if (count < 0 || count > 65535)
            throw new MalformedFileException(Source.Name, offset, "at most 65535 entries in a directory", $"{(ulong)count}");
        // Directories do not overlap in a sound file, so all together are no longer than the file. This bounds the work on a hostile one.
        _directoryBytes += count * entryBytes;
        if (_directoryBytes > Source.Length)
            throw new MalformedFileException(Source.Name, offset, "directories that fit into the file", "overlapping ones");
        var table = Source.ReadBytes(offset + countBytes, count * entryBytes);
        var entries = new List<TiffEntry>((int)count);
        for (var i = 0; i < count; i++)
            entries.Add(Entry(table.AsSpan(i * entryBytes, entryBytes), offset + countBytes + i * entryBytes));

        var directory = new TiffDirectory(this, offset, entries);
        directory.Children = ReadChildren(directory, depth);
        var end = offset + countBytes + count * entryBytes;
        var nextBytes = IsBigTiff ? 8 : 4;
        if (end + nextBytes > Source.Length)
        {
            _warnings.Add($"The file ends within the directory at byte {offset}; further pages may be missing.");
            return (directory, 0);
        }

        return (directory, Unsigned(end, nextBytes));
    }

    private TiffEntry Entry(ReadOnlySpan<byte> bytes, long position)
    {
        var tag = (ushort)Unsigned(bytes[..2]);
        var type = (TiffFieldType)Unsigned(bytes.Slice(2, 2));
        var inline = IsBigTiff ? 8 : 4;
        var count = Unsigned(bytes.Slice(4, inline));
        var size = TiffEntry.SizeOf(type);
        var isInline = size > 0 && count >= 0 && count <= inline / size;
        return new TiffEntry(tag, type, count, isInline ? position + 4 + inline : Unsigned(bytes.Slice(4 + inline, inline)));
    }

    private List<TiffDirectory> ReadChildren(TiffDirectory directory, int depth)
    {
        var children = new List<TiffDirectory>();
        if (directory.Find(TiffTags.SubIfds) is not { } entry)
            return children;
        try
        {
            if (depth >= DeepestNesting)
                throw new MalformedFileException(Source.Name, directory.Offset, $"at most {DeepestNesting} levels of SubIFDs", "more");
            foreach (var offset in directory.Integers(entry))
                if (offset != 0 && !_visited.Contains(offset))
                    children.Add(ReadDirectory(offset, depth + 1).Directory);
        }
        catch (MalformedFileException broken)
        {
            _warnings.Add($"SubIFDs of the directory at byte {directory.Offset} were left out: {broken.Message}");
        }

        return children;
    }

    /// <summary>A directory that a private tag points to (EXIF); null where it cannot be read.</summary>
    public TiffDirectory? TryReadPrivate(long offset)
    {
        try
        {
            return ReadDirectory(offset, DeepestNesting).Directory;
        }
        catch (MalformedFileException)
        {
            return null;
        }
    }

    private long Unsigned(long offset, int bytes)
    {
        Span<byte> value = stackalloc byte[bytes];
        Source.Read(offset, value);
        return Unsigned(value);
    }

    private long Unsigned(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length; i++)
            value = value << 8 | bytes[BigEndian ? i : bytes.Length - 1 - i];
        return (long)value;
    }
}
