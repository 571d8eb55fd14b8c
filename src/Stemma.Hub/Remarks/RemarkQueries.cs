using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Remarks;

/// <summary>Notes and comments as an actor sees them: whoever sees a thing sees what is said of it.</summary>
internal sealed class RemarkQueries(NpgsqlDataSource database)
{
    private sealed record VersionRow
    {
        public long Version { get; init; }
        public string Body { get; init; } = "";
        public Guid WrittenBy { get; init; }
        public DateTime WrittenAt { get; init; }
        public string? WriterName { get; init; }
    }

    /// <summary>Oldest first. A deleted comment stands without its words as long as an answer to it stands.</summary>
    public async Task<Page<Remark>> ListAsync(Actor actor, string objectKind, Guid objectId, RemarkKind kind, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var subject = await RemarkSubject.RequireAsync(connection, actor, objectKind, objectId, Capabilities.See, cancellationToken);
        // Ids are numbered by time.
        var rows = await connection.RowsAsync<RemarkRow>($"""
            {RemarkRow.Select}
            where r.object_id = @objectId and r.kind = @Kind and (@after::uuid is null or r.id > @after::uuid)
              and (r.deleted_at is null or exists (select from remarks a where a.reply_to = r.id and a.deleted_at is null))
            order by r.id limit @Take
            """, new { objectId, Kind = kind.Word(), after, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToRemark(actor, subject))], take, remark => remark.Id.ToString());
    }

    public async Task<Remark> GetAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (row, subject) = await RequireAsync(connection, actor, id, cancellationToken);
        return row.ToRemark(actor, subject);
    }

    /// <summary>The present text and the earlier ones, newest first.</summary>
    public async Task<Page<RemarkVersion>> VersionsAsync(Actor actor, Guid id, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        long? before = Cursor.Decode(cursor) is not { } key ? null
            : long.TryParse(key, out var version) ? version : throw Cursor.Unknown();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RequireAsync(connection, actor, id, cancellationToken);
        var rows = await connection.RowsAsync<VersionRow>("""
            with texts as (
                select version, body, modified_by as written_by, modified_at as written_at from remarks where id = @id
                union all
                select version, body, written_by, written_at from remark_versions where remark_id = @id)
            select t.*, who.name as writer_name from texts t left join principal_names who on who.id = t.written_by
            where @before::bigint is null or t.version < @before::bigint
            order by t.version desc limit @Take
            """, new { id, before, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => new RemarkVersion(row.Version, row.Body, new PrincipalName(row.WrittenBy, row.WriterName ?? ""), row.WrittenAt))], take, text => text.Version.ToString());
    }

    /// <exception cref="Problem">404: there is none, it was deleted, or the actor does not see what it is about.</exception>
    public static async Task<(RemarkRow Row, RemarkSubject Subject)> RequireAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var (row, subject) = await FindAsync(connection, actor, id, cancellationToken);
        return row.DeletedAt is null ? (row, subject) : throw NodeAccess.Missing(actor, "such note or comment");
    }

    /// <summary>As <see cref="RequireAsync"/>, deleted or not.</summary>
    public static async Task<(RemarkRow Row, RemarkSubject Subject)> FindAsync(NpgsqlConnection connection, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var row = await connection.RowAsync<RemarkRow>($"{RemarkRow.Select} where r.id = @id", new { id }, cancellationToken) ?? throw NodeAccess.Missing(actor, "such note or comment");
        return (row, await RemarkSubject.RequireAsync(connection, actor, row.ObjectKind, row.ObjectId, Capabilities.See, cancellationToken));
    }
}
