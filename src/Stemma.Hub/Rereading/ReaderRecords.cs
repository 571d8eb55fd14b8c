namespace Stemma.Hub.Rereading;

/// <summary>The readers that a worker has, told once when it starts.</summary>
/// <param name="Worker">Name shown to people: host and process.</param>
/// <param name="SoftwareVersion">Of the worker: the newest one's readers are those that count.</param>
public sealed record ReadersAnnouncement(string Worker, string SoftwareVersion, IReadOnlyList<AnnouncedReader> Readers);

/// <param name="Format">Stable id of the format.</param>
/// <param name="Name">What a person reads.</param>
public sealed record AnnouncedReader(string Format, string Name, string ReaderVersion, string MappingVersion);

/// <param name="Generation">To be named in claims, so that the worker gets files to read again; null: newer readers are known, and it gets none.</param>
public sealed record ReadersAnswer(int? Generation);

/// <summary>The newest readers, and which files were read by which.</summary>
/// <param name="Generation">Raised when a worker came with newer readers; null: none has announced any.</param>
/// <param name="SoftwareVersion">Of the newest worker.</param>
/// <param name="Unread">Files that no reader could read.</param>
public sealed record ReadersState(int? Generation, string? SoftwareVersion, DateTime? AnnouncedAt, IReadOnlyList<ReaderState> Readers, UnreadFiles Unread);

/// <param name="ReaderVersion">As announced; null: no worker has a reader of the format any more.</param>
/// <param name="ChangedAt">When this version was first announced.</param>
/// <param name="Files">File sets that are shown as this format, without those in the trash.</param>
/// <param name="OutOfDate">Of them those that another version read.</param>
public sealed record ReaderState(
    string Format, string Name, string? ReaderVersion, string? MappingVersion, DateTime? ChangedAt, long Files, long OutOfDate, IReadOnlyList<ReaderUse> Versions);

/// <summary>How many file sets one version read.</summary>
public sealed record ReaderUse(string ReaderVersion, string MappingVersion, long Files);

/// <param name="NoReader">Whose format no reader knew.</param>
/// <param name="Failed">Whose reading failed.</param>
/// <param name="OutOfDate">Of both, those that the present readers have not tried.</param>
public sealed record UnreadFiles(long NoReader, long Failed, long OutOfDate);
