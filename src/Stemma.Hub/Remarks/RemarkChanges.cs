using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Remarks;

/// <summary>Writing, changing, deleting notes and comments, and putting them back.</summary>
/// <remarks>
/// A note says what is known of a thing, so it needs the capability edit. A comment changes nothing of the thing: whoever is signed in and sees it may say
/// that something is wrong with it, under their name, and whoever manages it may remove that. Guests by a link have no name here, and only read.
/// </remarks>
internal sealed class RemarkChanges(NpgsqlDataSource database, EventWriter events, LiveEvents live, TimeProvider clock)
{
    private sealed record Notice(Guid ObjectId, string ObjectKind, RemarkKind Kind, Guid Id);

    private sealed record Answered(Guid ObjectId, string Kind, Guid? ReplyTo, DateTime? DeletedAt);

    public async Task<Remark> WriteAsync(Actor actor, string objectKind, Guid objectId, RemarkKind kind, string body, Guid? replyTo, CancellationToken cancellationToken)
    {
        var words = RemarkWords.Check(kind, body);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var subject = await RemarkSubject.RequireAsync(connection, actor, objectKind, objectId, kind == RemarkKind.Note ? Capabilities.Edit : Capabilities.See, cancellationToken);
        if (replyTo is { } answered)
            await RequireAnswerableAsync(connection, objectId, answered, cancellationToken);
        await connection.RunAsync("""
            insert into remarks (id, object_id, object_kind, kind, reply_to, body, created_by, created_at, modified_by, modified_at)
            values (@id, @objectId, @objectKind, @Kind, @replyTo, @words, @Author, @now, @Author, @now)
            """, new { id, objectId, objectKind, Kind = kind.Word(), replyTo, words, Author = actor.Id, now }, cancellationToken);
        return await RecordAsync(connection, transaction, actor, subject, "remark.created", id, _ => { }, cancellationToken);
    }

    public Task<Remark> ChangeAsync(Actor actor, Guid id, string body, long? expectedVersion, CancellationToken cancellationToken) =>
        AlterAsync(actor, id, "remark.changed", async (connection, row, subject) =>
        {
            RequireStanding(actor, row);
            if (!row.MayChange(actor, subject))
                throw Problem.Forbidden(row.Kind == RemarkKind.Note ? $"edit \"{subject.Name}\", and so its notes" : "change what somebody else wrote");
            ETags.Check(expectedVersion, row.Version);
            var words = RemarkWords.Check(row.Kind, body);
            if (words == row.Body)
                return false;
            await connection.RunAsync("""
                insert into remark_versions (remark_id, version, body, written_by, written_at) select id, version, body, modified_by, modified_at from remarks where id = @id;
                update remarks set body = @words, modified_by = @Author, modified_at = @Now, version = version + 1 where id = @id
                """, new { id, words, Author = actor.Id, Now = clock.GetUtcNow() }, cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>Takes it out of sight. Its words stay for <see cref="RestoreAsync"/>, until what it is about is removed for good.</summary>
    public Task DeleteAsync(Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken) =>
        AlterAsync(actor, id, "remark.deleted", async (connection, row, subject) =>
        {
            RequireStanding(actor, row);
            if (!row.MayDelete(actor, subject))
                throw Problem.Forbidden(row.Kind == RemarkKind.Note ? $"edit \"{subject.Name}\", and so its notes" : "delete what somebody else wrote");
            ETags.Check(expectedVersion, row.Version);
            await connection.RunAsync("update remarks set deleted_at = @Now, deleted_by = @By where id = @id", new { id, By = actor.Id, Now = clock.GetUtcNow() }, cancellationToken);
            return true;
        }, cancellationToken);

    public Task<Remark> RestoreAsync(Actor actor, Guid id, CancellationToken cancellationToken) =>
        AlterAsync(actor, id, "remark.restored", async (connection, row, subject) =>
        {
            if (row.DeletedAt is null)
                return false;
            if (!row.MayRestore(actor, subject))
                throw Problem.Forbidden("put this back");
            await connection.RunAsync("update remarks set deleted_at = null, deleted_by = null where id = @id", new { id }, cancellationToken);
            return true;
        }, cancellationToken);

    /// <param name="alter">Changes the row, which is locked; false where there was nothing to change.</param>
    private async Task<Remark> AlterAsync(Actor actor, Guid id, string eventType, Func<NpgsqlConnection, RemarkRow, RemarkSubject, Task<bool>> alter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.RunAsync("select 1 from remarks where id = @id for no key update", new { id }, cancellationToken);
        var (before, subject) = await RemarkQueries.FindAsync(connection, actor, id, cancellationToken);
        if (!await alter(connection, before, subject))
            return before.ToRemark(actor, subject);
        return await RecordAsync(connection, transaction, actor, subject, eventType, id, data =>
        {
            if (eventType == "remark.changed")
                data["before"] = DigestOf(before.Body);
        }, cancellationToken);
    }

    /// <summary>Writes the event, commits, and tells open pages.</summary>
    private async Task<Remark> RecordAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, RemarkSubject subject, string eventType, Guid id, Action<JsonObject> tell, CancellationToken cancellationToken)
    {
        var (row, _) = await RemarkQueries.FindAsync(connection, actor, id, cancellationToken);
        var data = new JsonObject { ["name"] = subject.Name, ["about"] = subject.Id.ToString(), ["aboutKind"] = subject.Kind, ["version"] = row.Version, ["sha256"] = DigestOf(row.Body) };
        if (row.ReplyTo is { } answered)
            data["replyTo"] = answered.ToString();
        tell(data);
        await events.WriteAsync(connection, actor, new Happening(eventType, row.Kind.Word(), id, data, [.. new[] { subject.Id, subject.NodeId }.Distinct()]), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Publish(new LiveEvent("remark", subject.NodeId, JsonSerializer.Serialize(new Notice(subject.Id, subject.Kind, row.Kind, id), WireJson.Options)));
        return row.ToRemark(actor, subject);
    }

    private static async Task RequireAnswerableAsync(NpgsqlConnection connection, Guid objectId, Guid replyTo, CancellationToken cancellationToken)
    {
        // Held, so that it is not deleted meanwhile.
        var answered = await connection.RowAsync<Answered>("select object_id, kind, reply_to, deleted_at from remarks where id = @replyTo for share", new { replyTo }, cancellationToken);
        if (answered is null || answered.ObjectId != objectId || answered.Kind != RemarkKind.Comment.Word() || answered.DeletedAt is not null)
            throw Problem.NotFound("such comment here to answer");
        if (answered.ReplyTo is { } first)
            throw Problem.Invalid($"replyTo must be a comment that begins a thread, but {replyTo} is an answer itself. Answer {first}, which it answers.");
    }

    private static void RequireStanding(Actor actor, RemarkRow row)
    {
        if (row.DeletedAt is not null)
            throw NodeAccess.Missing(actor, "such note or comment");
    }

    private static string DigestOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
