using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Sidecars;

/// <summary>What is noted of one text: where it stands, and what of ours may stand there.</summary>
internal sealed record SidecarRow
{
    public Guid FileId { get; init; }
    public Guid FileSetId { get; init; }
    public string Root { get; init; } = "";
    public string Path { get; init; } = "";
    public string State { get; init; } = "";
    public byte[]? Sha256 { get; init; }
    public byte[]? WritingSha256 { get; init; }
    public int Attempts { get; init; }

    /// <summary>Digests of what we wrote there.</summary>
    public IReadOnlyList<byte[]> Ours => [.. new[] { Sha256, WritingSha256 }.OfType<byte[]>()];
}

/// <summary>The rows of texts, and the queue of what changed. Every statement can be done again.</summary>
internal static class SidecarRows
{
    private const int LongestPauseMinutes = 360;

    public static async Task<ILookup<Guid, SidecarRow>> OfAsync(NpgsqlConnection connection, Guid[] sets, CancellationToken cancellationToken) =>
        (await connection.RowsAsync<SidecarRow>("""
            select t.file_id, f.file_set_id, t.root, t.path, t.state, t.sha256, t.writing_sha256, t.attempts from sidecars t join files f on f.id = t.file_id where f.file_set_id = any (@sets)
            """, new { sets }, cancellationToken))
        .ToLookup(row => row.FileSetId);

    /// <summary>Notes what is about to be written. From now on that digest is ours.</summary>
    /// <returns>False: the text of another file set stands there.</returns>
    public static async Task<bool> BeginAsync(NpgsqlConnection connection, SidecarTarget target, byte[] digest, CancellationToken cancellationToken)
    {
        try
        {
            await connection.RunAsync("""
                insert into sidecars (file_id, project_id, root, path, state, problem, writing_sha256) values (@FileId, @ProjectId, @Root, @TextPath, 'failed', 'It is being written.', @digest)
                on conflict (file_id) do update set project_id = excluded.project_id, root = excluded.root, path = excluded.path, writing_sha256 = excluded.writing_sha256
                """, new { target.FileId, target.ProjectId, target.Root, target.TextPath, digest }, cancellationToken);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public static Task WrittenAsync(NpgsqlConnection connection, Guid file, byte[] digest, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.RunAsync("""
            update sidecars set state = 'written', problem = null, sha256 = @digest, writing_sha256 = null, written_at = @now, attempts = 0, retry_at = null where file_id = @file
            """, new { file, digest, now }, cancellationToken);

    /// <summary>Nothing of ours stands there, and this is why.</summary>
    public static Task WithheldAsync(NpgsqlConnection connection, SidecarTarget target, string why, DateTime? until, CancellationToken cancellationToken) =>
        connection.RunAsync("""
            insert into sidecars (file_id, project_id, root, path, state, problem, retry_at) values (@FileId, @ProjectId, @Root, @TextPath, 'withheld', @why, @until)
            on conflict (file_id) do update set project_id = excluded.project_id, state = 'withheld', problem = @why, attempts = 0, retry_at = @until
            """, new { target.FileId, target.ProjectId, target.Root, target.TextPath, why, until }, cancellationToken);

    /// <summary>The share refused; it is tried again after a minute, then after twice as long each time, at most six hours.</summary>
    /// <param name="state">failed, or foreign where somebody else's file is in the way.</param>
    public static Task FailedAsync(NpgsqlConnection connection, SidecarRow row, string state, string why, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.RunAsync("update sidecars set state = @state, problem = @why, attempts = attempts + 1, retry_at = @RetryAt where file_id = @FileId",
            new { row.FileId, state, why, RetryAt = now.AddMinutes(Math.Min(LongestPauseMinutes, Math.Pow(2, Math.Min(row.Attempts, 20)))) }, cancellationToken);

    /// <summary>What was ours there is not any more.</summary>
    public static Task ClearedAsync(NpgsqlConnection connection, Guid file, CancellationToken cancellationToken) =>
        connection.RunAsync("update sidecars set sha256 = null, writing_sha256 = null, written_at = null where file_id = @file", new { file }, cancellationToken);

    public static Task ForgetAsync(NpgsqlConnection connection, Guid file, CancellationToken cancellationToken) =>
        connection.RunAsync("delete from sidecars where file_id = @file", new { file }, cancellationToken);

    /// <summary>Puts the file sets beneath a node into the queue in its place: those that have a text, or are to have one.</summary>
    public static Task SpreadAsync(NpgsqlConnection connection, Guid node, CancellationToken cancellationToken) =>
        connection.RunAsync("""
            with recursive down as (
                select n.id from nodes n where n.id = @node
                union all
                select c.id from down join nodes c on c.parent_id = down.id)
            insert into sidecar_changes (object_id, is_node)
            select s.id, false from down join file_sets s on s.dataset_id = down.id
            where exists (select from files f where f.file_set_id = s.id and (
                exists (select from sidecars t where t.file_id = f.id) or f.is_current and exists (select from linked_files l where l.file_id = f.id)))
            """, new { node }, cancellationToken);
}
