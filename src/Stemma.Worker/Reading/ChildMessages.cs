using System.Text.Json;
using Stemma.Client;

namespace Stemma.Worker.Reading;

/// <summary>What a worker tells a reader child: one JSON object per line on standard input. Exactly one member is set.</summary>
/// <param name="Task">Begin this.</param>
/// <param name="Taken">So many entries of the archive have been taken over in all.</param>
internal sealed record ChildRequest(ChildTask? Task = null, int? Taken = null);

/// <param name="Kind">extract or unpack.</param>
/// <param name="Folder">An empty folder for artifacts and entries.</param>
/// <param name="Members">The file to start from first.</param>
internal sealed record ChildTask(string Kind, string Folder, IReadOnlyList<ChildMember> Members);

/// <param name="Name">As the depositor knew it.</param>
/// <param name="Path">Where the bytes lie; null: the open file comes over the channel, in the order of the members.</param>
internal sealed record ChildMember(string Name, string? Path);

/// <summary>What a reader child answers: one JSON object per line. Exactly one member is set.</summary>
internal sealed record ChildMessage(ChildAlive? Alive = null, ChildEntry? Entry = null, ChildDone? Done = null, ChildFailed? Failed = null);

/// <summary>It goes on.</summary>
/// <param name="Progress">0 to 1; null where unknown.</param>
internal sealed record ChildAlive(double? Progress, string? Note);

/// <summary>An entry of an archive, to be taken over.</summary>
internal sealed record ChildEntry(string Path, string File, string Sha256);

/// <param name="Result">Handed on as it is.</param>
/// <param name="Retire">The child asks to be replaced.</param>
internal sealed record ChildDone(JsonElement Result, IReadOnlyList<Artifact> Artifacts, bool Retire);

internal sealed record ChildFailed(FailureKind Kind, string Reason, bool Retire);
