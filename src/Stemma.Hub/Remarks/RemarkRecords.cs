using Stemma.Hub.Sharing;

namespace Stemma.Hub.Remarks;

public enum RemarkKind
{
    /// <summary>What is known of the thing: whoever may edit the thing may edit it.</summary>
    Note,

    /// <summary>Somebody's own words.</summary>
    Comment,
}

/// <summary>A note or a comment on a node or a file set.</summary>
/// <param name="ObjectId">What it is about.</param>
/// <param name="ObjectKind">node or file-set.</param>
/// <param name="ReplyTo">The comment that it answers; answers are not answered themselves.</param>
/// <param name="Body">Markdown; null where it was deleted and stands only because it was answered.</param>
/// <param name="ModifiedBy">Who wrote the present text.</param>
/// <param name="Version">Its ETag; above 1 there are earlier texts.</param>
/// <param name="MayChange">Whether the caller may change its text.</param>
/// <param name="MayDelete">Whether the caller may delete it.</param>
public sealed record Remark(
    Guid Id, RemarkKind Kind, Guid ObjectId, string ObjectKind, Guid? ReplyTo, string? Body, PrincipalName CreatedBy, DateTime CreatedAt, PrincipalName ModifiedBy, DateTime ModifiedAt,
    long Version, bool MayChange, bool MayDelete);

/// <summary>A text that a note or comment had, or has.</summary>
public sealed record RemarkVersion(long Version, string Body, PrincipalName WrittenBy, DateTime WrittenAt);

/// <param name="Body">Markdown, at most 100,000 characters.</param>
public sealed record NewNote(string Body);

/// <param name="Body">Markdown, at most 5,000 characters.</param>
/// <param name="ReplyTo">A comment on the same thing that is no answer itself; left out: it begins a thread.</param>
public sealed record NewComment(string Body, Guid? ReplyTo = null);

/// <param name="Body">The whole new text. The one before stays among the earlier texts.</param>
public sealed record RemarkText(string Body);
