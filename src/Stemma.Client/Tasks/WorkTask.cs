using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stemma.Client;

/// <param name="Worker">Name shown to people: host and process.</param>
/// <param name="Kinds">Kinds of task that the worker can do: extract, unpack, reread.</param>
/// <param name="Limit">At most so many tasks, 1–64.</param>
/// <param name="Readers">What the hub answered when the worker announced its readers (<see cref="ReadersAnswer.Generation"/>); null: it did not.</param>
public sealed record ClaimRequest(
    string Worker, IReadOnlyList<string> Kinds, int Limit, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Readers = null);

/// <summary>The readers that a worker has.</summary>
/// <param name="Worker">Name shown to people.</param>
public sealed record ReadersAnnouncement(string Worker, string SoftwareVersion, IReadOnlyList<AnnouncedReader> Readers);

/// <param name="Format">Stable id of the format.</param>
/// <param name="Name">What a person reads.</param>
public sealed record AnnouncedReader(string Format, string Name, string ReaderVersion, string MappingVersion);

/// <param name="Generation">To be named in claims; null: the hub knows newer readers, and gives this worker nothing to read again.</param>
public sealed record ReadersAnswer(int? Generation);

public sealed record ClaimedTasks(IReadOnlyList<WorkTask> Tasks);

/// <summary>A unit of work with everything it needs.</summary>
/// <param name="Attempt">Named in every later request about it: a newer attempt makes older ones void.</param>
/// <param name="LeaseSeconds">Without a heartbeat for so long, the task goes to somebody else.</param>
public sealed record WorkTask(Guid Id, int Attempt, string Kind, int LeaseSeconds, Guid FileSetId, IReadOnlyList<TaskMember> Members, JsonElement? Payload);

/// <summary>A file of the set; the one to start from comes first.</summary>
/// <param name="Name">Path within the dataset.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Linked">Where a linked file lies; null for stored bytes.</param>
public sealed record TaskMember(Guid FileId, string Name, string Role, long Size, string Sha256, LinkedPlace? Linked);

/// <param name="Path">Below <paramref name="Root"/>.</param>
public sealed record LinkedPlace(string Root, string Path);

/// <param name="Progress">0 to 1; null where unknown.</param>
/// <param name="Note">One line for people.</param>
public sealed record Heartbeat(int Attempt, double? Progress, string? Note);

public sealed record HeartbeatAnswer(bool Cancelled);

/// <summary>Why a task could not be done. The first two are final; the others are tried again.</summary>
public enum FailureKind
{
    [JsonStringEnumMemberName("no_reader")] NoReader,
    Damaged,
    Crashed,
    Timeout,
    Internal,
}

public sealed record TaskFailure(int Attempt, string Reason, FailureKind Kind);
