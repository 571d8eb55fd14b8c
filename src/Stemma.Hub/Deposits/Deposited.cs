using Stemma.Hub.Files;

namespace Stemma.Hub.Deposits;

/// <summary>What became of a deposit.</summary>
/// <param name="AlreadyThere">The same bytes were at that path before: there is no new version. Where they were linked, they are stored now.</param>
public sealed record Deposited(FileRecord File, Guid FileSetId, Guid DatasetId, bool AlreadyThere);

/// <summary>How a file came in: the values of <c>files.deposited_via</c>.</summary>
public static class DepositedVia
{
    public const string Upload = "upload", Harvest = "harvest", Link = "link", Archive = "archive", Demo = "demo", Result = "result";
}

/// <summary>What the depositor says about a file besides its bytes.</summary>
/// <param name="Via">One of <see cref="DepositedVia"/>.</param>
/// <param name="ModifiedAt">When the file was last changed, as the depositor's file system says; null: not said.</param>
/// <param name="Unpack">The file is an archive whose entries are to be deposited beside it.</param>
public sealed record DepositFacts(string Via = DepositedVia.Upload, DateTimeOffset? ModifiedAt = null, bool Unpack = false);
