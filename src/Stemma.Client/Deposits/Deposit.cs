namespace Stemma.Client;

/// <summary>A file of this machine and where it is to go.</summary>
/// <param name="NodeId">Dataset, collection or project.</param>
/// <param name="Path">Path below the node, separated by <c>/</c>.</param>
/// <param name="LocalPath">Where its bytes lie on this machine.</param>
public sealed record Deposit(Guid NodeId, string Path, string LocalPath)
{
    /// <summary>How many first folders of the path become collections, the last of them a dataset; null for the hub's default, 1.</summary>
    public int? Levels { get; init; }

    /// <summary>Dataset for files without a folder; null for the hub's default, "Files".</summary>
    public string? Dataset { get; init; }

    /// <summary>Let the hub deposit the entries of this archive beside it.</summary>
    public bool Unpack { get; init; }
}

/// <summary>What became of a deposit.</summary>
/// <param name="AlreadyThere">The same bytes were at that path before: nothing changed.</param>
public sealed record Deposited(StoredFile File, Guid FileSetId, Guid DatasetId, bool AlreadyThere);

/// <summary>Sent and checked.</summary>
/// <param name="Sha256">Lower-case hexadecimal digest, computed here and equal to the hub's.</param>
public sealed record DepositResult(Guid FileId, Guid FileSetId, long Size, string Sha256, bool AlreadyThere);

/// <summary>What became of one of several files that were sent together: either of the two.</summary>
/// <param name="Failure">Why it was not deposited: <see cref="StemmaProblemException"/>, <see cref="LocalFileException"/>, <see cref="DigestMismatchException"/> or <see cref="HttpRequestException"/>.</param>
public sealed record SentTogether(Deposit Deposit, DepositResult? Result, Exception? Failure)
{
    internal static SentTogether From(Deposit deposit, FilesTogether.Announced sent, DepositOutcome outcome) => outcome switch
    {
        { Deposited: { } deposited } when deposited.File.Sha256 == sent.Sha256 =>
            new SentTogether(deposit, new DepositResult(deposited.File.Id, deposited.FileSetId, sent.Size, sent.Sha256, deposited.AlreadyThere), null),
        { Deposited: { } other } => new SentTogether(deposit, null, new DigestMismatchException(deposit.Path, sent.Sha256, other.File.Sha256)),
        { Problem: { } problem } => new SentTogether(deposit, null, new StemmaProblemException(problem.Type, problem.Status, problem.Title, problem.Detail)),
        _ => new SentTogether(deposit, null, new StemmaProblemException("about:blank", 200, "The hub did not say what became of the file", null)),
    };
}

internal sealed record DepositedTogether(IReadOnlyList<DepositOutcome> Files);

internal sealed record DepositOutcome(Deposited? Deposited, DepositProblem? Problem);

internal sealed record DepositProblem(string Type, int Status, string Title, string? Detail);

/// <summary>The hub has other bytes than were read here.</summary>
public sealed class DigestMismatchException(string path, string expected, string found)
    : Exception($"{path}: expected SHA-256 {expected}, found {found}; the file changed on the way or while it was read. Try again.");
