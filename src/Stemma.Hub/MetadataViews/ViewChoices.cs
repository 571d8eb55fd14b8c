using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;
using Stemma.Imaging.Vocabulary;

namespace Stemma.Hub.MetadataViews;

/// <summary>What projects show first of their files. Whoever sees a project sees its choice; whoever may edit the project makes it, for everybody.</summary>
internal sealed class ViewChoices(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    /// <summary>Most terms of one view: what comes first is few.</summary>
    public const int MaxTerms = 40;

    private const string Select = """
        select v.id, v.project_id, v.format, v.instrument, v.terms, v.modified_by, v.modified_at, v.version, who.name as modifier_name
        from metadata_views v left join principal_names who on who.id = v.modified_by
        """;

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid ProjectId { get; init; }
        public string? Format { get; init; }
        public string? Instrument { get; init; }
        public string[] Terms { get; init; } = [];
        public Guid ModifiedBy { get; init; }
        public DateTime ModifiedAt { get; init; }
        public long Version { get; init; }
        public string? ModifierName { get; init; }

        public MetadataView ToView() => new(Id, ProjectId, Format, Instrument, Terms, new PrincipalName(ModifiedBy, ModifierName ?? ""), ModifiedAt, Version);
    }

    /// <summary>The terms that a file set of a dataset shows first; null where its project chose nothing for it. The view of its instrument goes before that of its format, and both before that of all files.</summary>
    public static Task<string[]?> ShownFirstAsync(NpgsqlConnection connection, Guid datasetId, string? format, string? instrument, CancellationToken cancellationToken) =>
        connection.RowAsync<string[]>("""
            with recursive up as (
                select n.id, n.parent_id from nodes n where n.id = @datasetId
                union all
                select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select v.terms from metadata_views v join up on up.id = v.project_id
            where (v.format is null or v.format = @format) and (v.instrument is null or v.instrument = @instrument)
            order by v.instrument is null, v.format is null limit 1
            """, new { datasetId, format, instrument }, cancellationToken);

    public async Task<Page<MetadataView>> ListAsync(Actor actor, Guid projectId, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = Cursor.Limit(limit);
        var after = KeysetByName.ParseId(cursor);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NodeAccess.RequireAsync(connection, actor, projectId, Capabilities.See, NodeLock.None, cancellationToken);
        var rows = await connection.RowsAsync<Row>($"{Select} where v.project_id = @projectId and (@after::uuid is null or v.id > @after::uuid) order by v.id limit @Take",
            new { projectId, after, Take = take + 1 }, cancellationToken);
        return Page.From([.. rows.Select(row => row.ToView())], take, view => view.Id.ToString());
    }

    public async Task<MetadataView> CreateAsync(Actor actor, Guid projectId, NewMetadataView asked, CancellationToken cancellationToken)
    {
        var terms = CheckTerms(asked.Terms);
        var (format, instrument) = (Names.CheckOptional("format", asked.Format), Names.CheckOptional("instrument", asked.Instrument));
        if (format is not null && instrument is not null)
            throw Problem.Invalid("A view is for one format or for one instrument, but this one names both. Make two.");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var project = await NodeAccess.RequireAsync(connection, actor, projectId, Capabilities.Edit, NodeLock.Share, cancellationToken);
        if (project.Kind != NodeKind.Project)
            throw Problem.Conflict("not-a-project", $"\"{project.Name}\" is a {project.Kind.Word()}: what is shown first is chosen for a project.");
        if (await connection.RunAsync("""
            insert into metadata_views (id, project_id, format, instrument, terms, modified_by, modified_at) values (@id, @projectId, @format, @instrument, @terms, @By, @Now)
            on conflict do nothing
            """, new { id, projectId, format, instrument, terms, By = actor.Id, Now = clock.GetUtcNow() }, cancellationToken) == 0)
            throw Problem.Conflict("view-exists", $"\"{project.Name}\" has a view for {instrument ?? format ?? "all files"} already. Change that one.");
        return await RecordAsync(connection, transaction, actor, "metadata-view.created", project, id, null, cancellationToken);
    }

    public async Task<MetadataView> ChangeAsync(Actor actor, Guid id, IReadOnlyList<string> asked, long? expectedVersion, CancellationToken cancellationToken)
    {
        var terms = CheckTerms(asked);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (before, project) = await HoldAsync(connection, actor, id, expectedVersion, cancellationToken);
        if (before.Terms.SequenceEqual(terms))
            return before.ToView();
        await connection.RunAsync("update metadata_views set terms = @terms, modified_by = @By, modified_at = @Now, version = version + 1 where id = @id",
            new { id, terms, By = actor.Id, Now = clock.GetUtcNow() }, cancellationToken);
        return await RecordAsync(connection, transaction, actor, "metadata-view.changed", project, id, before.Terms, cancellationToken);
    }

    /// <summary>What was chosen is forgotten: such files show again what they would without it.</summary>
    public async Task DeleteAsync(Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (before, project) = await HoldAsync(connection, actor, id, expectedVersion, cancellationToken);
        await connection.RunAsync("delete from metadata_views where id = @id", new { id }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("metadata-view.deleted", "metadata-view", id, Describe(before, project), project.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<(Row View, NodeRow Project)> HoldAsync(NpgsqlConnection connection, Actor actor, Guid id, long? expectedVersion, CancellationToken cancellationToken)
    {
        await connection.RunAsync("select 1 from metadata_views where id = @id for update", new { id }, cancellationToken);
        var view = await FindAsync(connection, id, cancellationToken) ?? throw NodeAccess.Missing(actor, "such view of metadata");
        var project = await NodeAccess.RequireAsync(connection, actor, view.ProjectId, Capabilities.Edit, NodeLock.None, cancellationToken);
        ETags.Check(expectedVersion, view.Version);
        return (view, project);
    }

    private async Task<MetadataView> RecordAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string eventType, NodeRow project, Guid id, string[]? termsBefore, CancellationToken cancellationToken)
    {
        var view = (await FindAsync(connection, id, cancellationToken))!;
        var data = Describe(view, project);
        if (termsBefore is not null)
            data["before"] = EventText.Words(termsBefore);
        await events.WriteAsync(connection, actor, new Happening(eventType, "metadata-view", id, data, project.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return view.ToView();
    }

    private static Task<Row?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        connection.RowAsync<Row>($"{Select} where v.id = @id", new { id }, cancellationToken);

    private static JsonObject Describe(Row view, NodeRow project) => new()
    {
        ["name"] = project.Name, ["format"] = view.Format, ["instrument"] = view.Instrument, ["terms"] = EventText.Words(view.Terms),
    };

    private static string[] CheckTerms(IReadOnlyList<string> asked)
    {
        string[] terms = [.. asked.Distinct(StringComparer.Ordinal)];
        if (terms.Length is 0 or > MaxTerms)
            throw Problem.Invalid($"terms are 1 to {MaxTerms}, but are {terms.Length} here. To show the usual ones again, DELETE the view.");
        var known = VocabularyFile.Default.Terms.Select(term => term.Name).ToHashSet(StringComparer.Ordinal);
        return terms.FirstOrDefault(term => !known.Contains(term)) is { } unknown
            ? throw Problem.Invalid($"terms must be names of the vocabulary (GET /api/v1/vocabulary), but \"{(unknown.Length > 100 ? unknown[..100] + "…" : unknown)}\" is none.")
            : terms;
    }
}
