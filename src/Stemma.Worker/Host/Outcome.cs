using Stemma.Client;

namespace Stemma.Worker.Host;

/// <summary>How a task ended: with a result, or with a failure.</summary>
internal sealed record Outcome(ReadOnlyMemory<byte> Result, IReadOnlyList<Artifact> Artifacts, TaskFailure? Failure)
{
    public static Outcome Failed(HeldTask task, FailureKind kind, string reason) => new(default, [], new TaskFailure(task.Task.Attempt, reason, kind));
}
