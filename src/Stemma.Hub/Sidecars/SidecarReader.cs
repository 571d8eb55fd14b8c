using System.Text.Json;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Extraction;
using Stemma.Hub.Fields;
using Stemma.Hub.Files;
using Stemma.Hub.Search.Indexing;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Sidecars;

/// <summary>
/// Gathers what the text of a file set says, from the same queries that its page asks, for the same reader: nobody learns from a text what the page does not tell them.
/// Notes and comments are in no text: they are said to colleagues, and can be taken back.
/// </summary>
internal sealed class SidecarReader(ArtifactStore artifacts)
{
    private const int MostMarks = 200;

    private sealed record OriginalRow
    {
        public byte[] Sha256 { get; init; } = [];
        public long Size { get; init; }
    }

    /// <param name="origin">Where the hub's pages are: <c>https://hub.example</c>.</param>
    /// <exception cref="Web.Problem">404, 403: see <see cref="FileSetAccess"/>.</exception>
    public async Task<SidecarFacts> ReadAsync(NpgsqlConnection connection, Actor reader, Guid id, string origin, CancellationToken cancellationToken)
    {
        var set = await FileSetQueries.GetAsync(connection, reader, id, cancellationToken);
        var above = (await connection.RowsAsync<SidecarNode>("select id, kind, name, description, tags from nodes where id = any (@ids)",
            new { ids = set.Path.Select(node => node.Id).ToArray() }, cancellationToken)).ToDictionary(node => node.Id);
        var subject = await FieldSubject.RequireAsync(connection, reader, id, isFileSet: true, Capabilities.See, forUpdate: false, cancellationToken);
        var fields = await FieldQueries.GetAsync(connection, reader, subject, cancellationToken);
        var samples = await OwnSamplesAsync(connection, fields, cancellationToken);
        return new SidecarFacts(
            set, set.Files.Count > 0 ? set.Files[0].Path : set.Name, $"{origin}/file-sets/{id}", [.. set.Path.Select(node => above[node.Id])],
            await OwnersAsync(connection, reader, id, cancellationToken), [.. fields.Groups.SelectMany(group => group.Fields).Select(field => Words(field, samples)).OfType<(string, string)>()],
            await SamplesAsync(connection, reader, id, cancellationToken), await SessionsAsync(connection, reader, id, cancellationToken),
            await MarksAsync(connection, id, cancellationToken), await OriginalAsync(connection, id, cancellationToken));
    }

    /// <summary>What links lead to is named by its address only, or as a sample of the project: whoever reads a share need not see other projects.</summary>
    private static (string Name, string Value)? Words(ObjectField field, HashSet<Guid> samples)
    {
        if ((field.Own ?? field.Inherited?.Value) is not { } value)
            return null;
        var words = value switch
        {
            { Person: { } person } => person.Name,
            { Link: { } link } => link.Url ?? (link.Id is { } sample && samples.Contains(sample) ? link.Name : null),
            { Written: { } written } => written,
            _ => field.Field.Unit is { } unit ? $"{value.Text} {unit}" : value.Text,
        };
        return words is null ? null : (field.Field.Name, words);
    }

    private static async Task<HashSet<Guid>> OwnSamplesAsync(NpgsqlConnection connection, ObjectFields fields, CancellationToken cancellationToken)
    {
        var linked = fields.Groups.SelectMany(group => group.Fields).Select(field => (field.Own ?? field.Inherited?.Value)?.Link).OfType<LinkTarget>()
            .Where(link => link.Kind == LinkKind.Sample).Select(link => link.Id!.Value).ToArray();
        return linked.Length == 0 ? [] : [.. await connection.RowsAsync<Guid>(
            "select id from samples where id = any (@linked) and project_id = @ProjectId", new { linked, fields.ProjectId }, cancellationToken)];
    }

    /// <summary>As the page tells them: to those who are signed in.</summary>
    private static async Task<List<string>> OwnersAsync(NpgsqlConnection connection, Actor reader, Guid id, CancellationToken cancellationToken) =>
        !reader.IsSignedIn ? [] : await connection.RowsAsync<string>("""
            with recursive up as (
                select n.id, n.parent_id from nodes n join file_sets s on s.dataset_id = n.id where s.id = @id
                union all
                select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select distinct who.name collate "C" from up join grants g on g.node_id = up.id join principal_names who on who.id = g.principal_id
            where up.parent_id is null and g.capabilities & 32 <> 0 and g.expires_at is null and who.name is not null order by 1
            """, new { id }, cancellationToken);

    private static Task<List<string>> SamplesAsync(NpgsqlConnection connection, Actor reader, Guid id, CancellationToken cancellationToken) =>
        connection.RowsAsync<string>("""
            select a.name from sample_file_sets l join samples a on a.id = l.sample_id join nodes n on n.id = a.project_id
            where l.file_set_id = @set and capabilities_on(@Id, @Mask, n.scope_id) & 1 <> 0 order by a.name collate "C", a.id
            """, new { set = id, reader.Id, reader.Mask }, cancellationToken);

    private static async Task<List<string>> SessionsAsync(NpgsqlConnection connection, Actor reader, Guid id, CancellationToken cancellationToken) =>
        !reader.IsSignedIn ? [] : await connection.RowsAsync<string>("""
            select concat_ws(', ', nullif(s.name, ''), i.name, (select string_agg(p.name, ', ' order by p.name collate "C") from session_people w join people p on p.id = w.person_id where w.session_id = s.id))
            from session_file_sets l join sessions s on s.id = l.session_id join instruments i on i.id = s.instrument_id
            where l.file_set_id = @id order by s.id
            """, new { id }, cancellationToken);

    private static Task<List<string>> MarksAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        connection.RowsAsync<string>($"""
            select word from (
                select word, min(m.sequence) as first from annotations m cross join lateral unnest(array[m.label] || m.tags) as word
                where m.file_set_id = @id and m.removed_at is null and word <> '' group by word) words
            order by first, word collate "C" limit {MostMarks}
            """, new { id }, cancellationToken);

    private async Task<JsonElement?> OriginalAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        var found = await connection.RowAsync<OriginalRow>(
            "select a.sha256, a.size from file_sets s join artifacts a on a.extraction_id = s.extraction_id and a.name = 'original' where s.id = @id", new { id }, cancellationToken);
        try
        {
            return found is null ? null : OriginalTree.Load(artifacts, found.Sha256, found.Size);
        }
        catch (JsonException)
        {
            // The search index tells of it.
            return null;
        }
    }
}
