using Stemma.Hub.Sharing;

namespace Stemma.Hub.Records;

/// <summary>One thing that happened.</summary>
/// <param name="Actor">Who did it, as they are called now.</param>
/// <param name="Sequence">Its place among the events of its object: 1, 2, 3 …</param>
/// <param name="Words">What happened, to be read after the actor's name: renamed it from "Eve" to "Adam".</param>
public sealed record HistoryEntry(Guid Id, string Type, DateTime At, PrincipalName Actor, Guid ObjectId, string ObjectKind, long Sequence, string Words);
