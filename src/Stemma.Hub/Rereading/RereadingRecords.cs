using Stemma.Hub.Projects;

namespace Stemma.Hub.Rereading;

/// <summary>Which files are to be read again.</summary>
/// <param name="Choice">outdated: read by other versions than the present readers, or not readable by those before them; unread: no reader could read them; all.</param>
/// <param name="Format">Only those shown as this format; null: of all. Not with unread.</param>
/// <param name="NodeId">Only those in it and below; null: everywhere.</param>
public sealed record NewRereading(string Choice = "outdated", string? Format = null, Guid? NodeId = null);

/// <summary>A batch of files that is read again in the background.</summary>
/// <param name="Cause">upgrade: newer readers came; asked: an administrator wanted it.</param>
/// <param name="State">running, paused, ended or cancelled.</param>
/// <param name="Node">Null: everywhere.</param>
/// <param name="Planned">How many it was to be when it began.</param>
/// <param name="Done">How many came to an end, whichever.</param>
/// <param name="Same">Read as before.</param>
/// <param name="Changed">Read, and something came out differently.</param>
/// <param name="NewlyRead">Not readable before.</param>
/// <param name="Failed">Readable before, and not by the present readers: what was read before is shown on.</param>
/// <param name="Unreadable">Neither before nor now.</param>
/// <param name="Overtaken">Read otherwise, or thrown away, meanwhile.</param>
/// <param name="Reading">Given to workers, or waiting for one.</param>
public sealed record RereadingRecord(
    Guid Id, string Cause, string Choice, string? Format, string? FormatName, NodeName? Node, string State, long Planned, long Done, long Same, long Changed, long NewlyRead, long Failed,
    long Unreadable, long Overtaken, long Reading, string StartedBy, DateTime StartedAt, DateTime? EndedAt, long Version);

/// <param name="State">running, paused or cancelled.</param>
public sealed record RereadingPatch(string State);

/// <summary>A key that came out differently.</summary>
/// <param name="Key">As in <see cref="ReadingChange"/>.</param>
/// <param name="Change">added, removed or changed.</param>
/// <param name="Files">In how many files.</param>
/// <param name="FileSetId">One of them.</param>
/// <param name="Before">In that one.</param>
public sealed record KeyDifference(string Key, string Change, long Files, Guid FileSetId, string FileName, string? Before, string? After);

/// <summary>A file set of a batch.</summary>
/// <param name="Outcome">changed, newly_read, failed or unreadable.</param>
/// <param name="Note">Why it failed.</param>
/// <param name="Changes">Those of the key that was asked for; null where none was.</param>
public sealed record RereadFile(
    Guid FileSetId, string Name, Guid DatasetId, string DatasetName, string Outcome, string? Note, ReaderMark? Before, ReaderMark? After, IReadOnlyList<ReadingChange>? Changes, int ChangeCount, DateTime At);

/// <summary>What came out differently, or not at all, when a file set was read again.</summary>
/// <param name="RereadingId">The batch; null: somebody had this one read again.</param>
/// <param name="Outcome">changed, newly_read, failed or unreadable.</param>
/// <param name="Changes">The first hundred of <paramref name="ChangeCount"/>.</param>
public sealed record FileRereading(
    Guid Id, Guid? RereadingId, string Outcome, string? Note, ReaderMark? Before, ReaderMark? After, IReadOnlyList<ReadingChange> Changes, int ChangeCount, DateTime At);
