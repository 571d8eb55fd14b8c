using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stemma.Hub.Queue;

/// <param name="Worker">Name shown to people: host and process.</param>
/// <param name="Kinds">Kinds of task that the worker can do: extract, unpack, reread.</param>
/// <param name="Limit">At most so many tasks, 1–64.</param>
/// <param name="Readers">The generation of readers that the hub answered when the worker announced its own; files are read again only by workers of the newest.</param>
public sealed record ClaimRequest(string Worker, string[] Kinds, int Limit, int? Readers = null);

public sealed record ClaimedTasks(IReadOnlyList<ClaimedTask> Tasks);

/// <summary>A unit of work with everything it needs.</summary>
/// <param name="Attempt">Named in every later request about it: a newer attempt makes older ones void.</param>
/// <param name="LeaseSeconds">Without a heartbeat for so long, the task goes to somebody else.</param>
/// <param name="FileSetId">The set to read (extract), or the set of the archive (unpack).</param>
public sealed record ClaimedTask(Guid Id, int Attempt, string Kind, int LeaseSeconds, Guid FileSetId, IReadOnlyList<TaskMember> Members, JsonElement Payload);

/// <summary>A file of the set. The one to start from comes first.</summary>
/// <param name="Name">Path within the dataset.</param>
/// <param name="Linked">Where a linked file lies; null for stored bytes.</param>
public sealed record TaskMember(Guid FileId, string Name, string Role, long Size, string Sha256, LinkedPlace? Linked);

public sealed record LinkedPlace(string Root, string Path);

/// <param name="Progress">0 to 1; null where unknown.</param>
/// <param name="Note">One line for people.</param>
public sealed record HeartbeatRequest(int Attempt, float? Progress, string? Note);

public sealed record HeartbeatAnswer(bool Cancelled);

/// <summary>Why a task could not be done. <c>no_reader</c> and <c>damaged</c> are final; the others are tried again.</summary>
public enum FailureKind { [JsonStringEnumMemberName("no_reader")] NoReader, Damaged, Crashed, Timeout, Internal }

public sealed record FailRequest(int Attempt, string Reason, FailureKind Kind);

public sealed record QueueState(long Queued, long Running, long Failed, IReadOnlyList<WorkerState> Workers);

public sealed record WorkerState(string Name, long Running, DateTime LastSeen);
