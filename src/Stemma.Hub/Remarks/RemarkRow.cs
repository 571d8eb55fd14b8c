using Stemma.Hub.Accounts;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Remarks;

/// <summary>A remark as it stands in the database, and who may do what with it.</summary>
internal sealed record RemarkRow
{
    public const string Select = """
        select r.id, r.object_id, r.object_kind, r.kind, r.reply_to, r.body, r.created_by, r.created_at, r.modified_by, r.modified_at, r.version, r.deleted_at, r.deleted_by,
               author.name as author_name, editor.name as editor_name
        from remarks r left join principal_names author on author.id = r.created_by left join principal_names editor on editor.id = r.modified_by
        """;

    public Guid Id { get; init; }
    public Guid ObjectId { get; init; }
    public string ObjectKind { get; init; } = "";
    public RemarkKind Kind { get; init; }
    public Guid? ReplyTo { get; init; }
    public string Body { get; init; } = "";
    public Guid CreatedBy { get; init; }
    public DateTime CreatedAt { get; init; }
    public Guid ModifiedBy { get; init; }
    public DateTime ModifiedAt { get; init; }
    public long Version { get; init; }
    public DateTime? DeletedAt { get; init; }
    public Guid? DeletedBy { get; init; }
    public string? AuthorName { get; init; }
    public string? EditorName { get; init; }

    /// <summary>A note is changed by whoever may edit the thing; nobody puts words into the mouth of somebody else.</summary>
    public bool MayChange(Actor actor, RemarkSubject subject) =>
        actor.Ceiling.HasFlag(Capabilities.Edit) && (Kind == RemarkKind.Note ? subject.Capabilities.HasFlag(Capabilities.Edit) : actor.IsSignedIn && CreatedBy == actor.Id);

    /// <summary>Whoever manages the thing removes the comments of others too.</summary>
    public bool MayDelete(Actor actor, RemarkSubject subject) => MayChange(actor, subject) || Kind == RemarkKind.Comment && subject.Capabilities.HasFlag(Capabilities.Manage);

    /// <summary>What was removed by whoever manages the thing, its author does not put back.</summary>
    public bool MayRestore(Actor actor, RemarkSubject subject) =>
        MayDelete(actor, subject) && (Kind == RemarkKind.Note || DeletedBy == actor.Id || subject.Capabilities.HasFlag(Capabilities.Manage));

    public Remark ToRemark(Actor actor, RemarkSubject subject)
    {
        var stands = DeletedAt is null;
        return new Remark(Id, Kind, ObjectId, ObjectKind, ReplyTo, stands ? Body : null, new PrincipalName(CreatedBy, AuthorName ?? ""), CreatedAt,
            new PrincipalName(ModifiedBy, EditorName ?? ""), ModifiedAt, Version, stands && MayChange(actor, subject), stands && MayDelete(actor, subject));
    }
}
