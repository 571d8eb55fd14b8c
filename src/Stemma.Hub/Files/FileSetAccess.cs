using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Files;

/// <summary>A file set as it stands in the database, with what the actor may do on its dataset.</summary>
internal sealed record FileSetRow
{
    public Guid Id { get; init; }
    public Guid DatasetId { get; init; }
    public string Name { get; init; } = "";
    public string GroupingKey { get; init; } = "";
    public string[] Tags { get; init; } = [];
    public string? Licence { get; init; }
    public string? RightsHolder { get; init; }
    public DateTime? EmbargoUntil { get; init; }
    public DateTime? RetainUntil { get; init; }
    public bool LegalHold { get; init; }
    public string Reading { get; init; } = "";
    public string? ReadingNote { get; init; }
    public Guid? ExtractionId { get; init; }
    public long Version { get; init; }
    public Capabilities Capabilities { get; init; }
}

/// <summary>The one door to a file set: finds it for an actor, or refuses.</summary>
internal static class FileSetAccess
{
    private const string Columns = """
        s.id, s.dataset_id, s.name, s.grouping_key, s.tags, s.licence, s.rights_holder, s.embargo_until, s.retain_until, s.legal_hold, s.reading, s.reading_note, s.extraction_id, s.version
        """;

    private const string Visible = $"""
        select {Columns}, c.capabilities
        from file_sets s join nodes d on d.id = s.dataset_id cross join lateral capabilities_on(@Actor, @Mask, d.scope_id) as c(capabilities)
        where s.trashed_at is null and d.trashed_at is null and c.capabilities & 1 <> 0
        """;

    /// <exception cref="Web.Problem">404: there is none that the actor can see. 403: it can be seen, but not that.</exception>
    public static async Task<FileSetRow> RequireAsync(
        NpgsqlConnection connection, Actor actor, Guid id, Capabilities needed, bool forUpdate, CancellationToken cancellationToken)
    {
        // Lock first, look afterwards: the second statement sees what was committed meanwhile.
        if (forUpdate)
            await connection.RunAsync("select 1 from file_sets where id = @id for no key update", new { id }, cancellationToken);
        var row = await connection.RowAsync<FileSetRow>($"{Visible} and s.id = @id", new { id, Actor = actor.Id, actor.Mask }, cancellationToken)
            ?? throw NodeAccess.Missing(actor, "such file set");
        return row.Capabilities.HasFlag(needed) ? row : throw NodeAccess.Refused(needed & ~row.Capabilities, row.Name);
    }

    /// <summary>All of these sets, in no order.</summary>
    /// <param name="ids">Each of them once.</param>
    /// <exception cref="Web.Problem">404: one is not there that the actor can see. 403: one can be seen, but not that.</exception>
    public static async Task<List<FileSetRow>> RequireAllAsync(
        NpgsqlConnection connection, Actor actor, Guid[] ids, Capabilities needed, bool forUpdate, CancellationToken cancellationToken)
    {
        var rows = await FindAllAsync(connection, actor, ids, forUpdate, cancellationToken);
        if (rows.Count < ids.Length)
            throw NodeAccess.Missing(actor, $"file set {ids.Except(rows.Select(row => row.Id)).First()}");
        return rows.Find(row => !row.Capabilities.HasFlag(needed)) is { } refused ? throw NodeAccess.Refused(needed & ~refused.Capabilities, refused.Name) : rows;
    }

    /// <summary>Those of these sets that the actor can see, in no order.</summary>
    public static async Task<List<FileSetRow>> FindAllAsync(NpgsqlConnection connection, Actor actor, Guid[] ids, bool forUpdate, CancellationToken cancellationToken)
    {
        if (forUpdate)
            await connection.RunAsync("select 1 from file_sets where id = any(@ids) order by id for no key update", new { ids }, cancellationToken);
        return await connection.RowsAsync<FileSetRow>($"{Visible} and s.id = any(@ids)", new { ids, Actor = actor.Id, actor.Mask }, cancellationToken);
    }

    /// <summary>The set of a file, and the file's id if the actor may see it. Files of sets in the trash are not there.</summary>
    public static async Task<FileSetRow> OfFileAsync(NpgsqlConnection connection, Actor actor, Guid fileId, Capabilities needed, CancellationToken cancellationToken)
    {
        var set = await connection.RowAsync<Guid?>("select file_set_id from files where id = @fileId", new { fileId }, cancellationToken) ?? throw NodeAccess.Missing(actor, "such file");
        return await RequireAsync(connection, actor, set, needed, forUpdate: false, cancellationToken);
    }
}
