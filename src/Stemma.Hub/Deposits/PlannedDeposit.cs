using System.Text.Json.Nodes;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Deposits;

/// <summary>A deposit whose bytes are placed, as it is to be committed.</summary>
/// <param name="FileId">The file that will be.</param>
/// <param name="FileSetId">Its set, one that stands or one that will be.</param>
/// <param name="RelyOnBlob">The bytes were in the store before: their row must be found.</param>
/// <param name="At">When, in PostgreSQL's microseconds.</param>
internal sealed record PlannedDeposit(DepositFacts Facts, DepositContent Content, DepositPlan Plan, Guid FileId, Guid FileSetId, bool RelyOnBlob, DateTimeOffset At)
{
    public static PlannedDeposit Of(DepositFacts facts, DepositContent content, DepositPlan plan, bool relyOnBlob, DateTimeOffset at) =>
        new(facts, content, plan, Guid.CreateVersion7(at), plan.Joins ?? Guid.CreateVersion7(at), relyOnBlob, at);

    public int Version => (Plan.Current?.Version ?? 0) + 1;

    /// <summary>The digest under which the store has the bytes; null where they are linked.</summary>
    public byte[]? Blob { get; } = Content.Link is null ? Content.Digest.ToBytes() : null;

    /// <summary>By how much its set grows.</summary>
    public long Growth => Content.Size - (Plan.Current is { } current && current.FileSetId == FileSetId ? current.Size : 0);

    public Happening Happening()
    {
        var data = new JsonObject
        {
            ["path"] = Plan.Path, ["size"] = Content.Size, ["sha256"] = Content.Digest.Hex, ["version"] = Version, ["via"] = Facts.Via,
            ["dataset"] = Plan.NodeId.ToString(), ["fileSet"] = FileSetId.ToString(), ["joined"] = Plan.Joins is not null,
        };
        if (Facts.ModifiedAt is { } modified)
            data["modifiedAt"] = modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'");
        if (Plan.Current is { } before)
            data["replaces"] = new JsonObject { ["file"] = before.Id.ToString(), ["sha256"] = before.Digest.Hex, ["version"] = before.Version };
        if (Content.Link is { } link)
            data["linked"] = new JsonObject { ["root"] = link.Root, ["path"] = link.Path };
        if (Facts.Unpack)
            data["unpack"] = true;
        return new Happening("file.deposited", "file", FileId, data, FileSetId, Plan.NodeId);
    }

    /// <summary>What its depositor is told after the commit: what a question for the file would answer.</summary>
    public Deposited Told(Actor actor) => new(
        new FileRecord(FileId, Plan.Path, Version, Plan.Role, Content.Size, Content.Digest.Hex, MediaTypes.Of(Plan.Path),
            Facts.ModifiedAt?.InMicroseconds().ToUniversalTime(), At, new PrincipalName(actor.Id, Plan.ActorName), Facts.Via, Content.Link is null ? "stored" : "linked", Content.Link is null ? null : "present",
            FileSetId, Plan.NodeId, IsCurrent: true),
        FileSetId, Plan.NodeId, AlreadyThere: false);
}
