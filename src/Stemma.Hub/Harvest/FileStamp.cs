namespace Stemma.Hub.Harvest;

internal enum ShareItemKind { File, Folder, Other }

/// <summary>What the share says about a file, without its bytes.</summary>
/// <param name="ModifiedAt">To the microsecond, as the database keeps it; whatever clock the share's machine has.</param>
/// <param name="Device">Of the file system, <c>major:minor</c>; other after each mount of a network share.</param>
internal readonly record struct FileStamp(ShareItemKind Kind, long Size, DateTime ModifiedAt, long Inode, string Device)
{
    private static readonly DateTime Earliest = new(1600, 1, 1, 0, 0, 0, DateTimeKind.Utc), Latest = new(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Same size and time: nobody wrote between the two looks, as far as the share tells.</summary>
    public bool SameAs(long size, DateTime modifiedAt) => Size == size && ModifiedAt == modifiedAt;

    /// <summary>A time that a broken clock may have put anywhere; beyond what the database can hold it is the nearest that it can.</summary>
    internal static DateTime Time(long seconds, uint nanoseconds) => seconds switch
    {
        _ when seconds <= (Earliest - DateTime.UnixEpoch).TotalSeconds => Earliest,
        _ when seconds >= (Latest - DateTime.UnixEpoch).TotalSeconds => Latest,
        _ => DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 1000 * TimeSpan.TicksPerMicrosecond),
    };
}

/// <summary>An entry of a folder on the share.</summary>
/// <param name="Name">With U+FFFD where the share's bytes are no UTF-8; then <paramref name="IsNameable"/> is false and the item cannot be reached.</param>
/// <param name="Stamp">Of files; null for the rest.</param>
internal readonly record struct ShareItem(string Name, ShareItemKind Kind, FileStamp? Stamp, bool IsNameable);
