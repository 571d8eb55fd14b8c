using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <summary>The annotations of one image, as an actor sees them.</summary>
internal sealed class AnnotationQueries(NpgsqlDataSource database)
{
    private const int DefaultLimit = 1000;

    /// <summary>Larger than of other lists: a page draws all shapes of an image.</summary>
    public const int MaxLimit = 20_000;

    /// <summary>A page ends after so many bytes, however few annotations it has then: outlines of thousands of vertices are not all held in memory.</summary>
    private const string MaxPageBytes = "16777216";

    // Told apart before anything large is fetched. A page has one annotation at least.
    private const string OfImage = $"""
        with next as materialized (
            select a.id, sum(8 * cardinality(a.points) + 4 * length(a.note) + 1000) over (order by a.sequence) - 8 * cardinality(a.points) - 4 * length(a.note) as bytes_before
            from (select * from annotations a where a.file_set_id = @set and a.image_index = @image and a.removed_at is null and a.sequence > @after order by a.sequence limit @take) a)
        select {AnnotationRow.Columns} from annotations a where a.id in (select id from next where bytes_before <= {MaxPageBytes}) order by a.sequence
        """;

    public async Task<AnnotationPage> ListAsync(Actor actor, Guid set, int image, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var take = limit switch
        {
            null => DefaultLimit,
            < 1 or > MaxLimit => throw Problem.Invalid($"limit must be between 1 and {MaxLimit}, but is {limit}."),
            _ => limit.Value,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var plane = await ImagePlane.FindAsync(connection, set, image, cancellationToken);
        var rows = await connection.RowsAsync<AnnotationRow>(OfImage, new { set, image, after = After(cursor), take }, cancellationToken);
        var next = await MoreAsync(connection, set, image, rows, cancellationToken) ? Cursor.Encode(rows[^1].Sequence.ToString(CultureInfo.InvariantCulture)) : null;
        var people = await PeopleAsync(connection, rows, cancellationToken);
        return new AnnotationPage([.. rows.Select(row => row.ToAnnotation(people))], next, plane?.Calibration);
    }

    public async Task<Annotation> GetAsync(Actor actor, Guid set, int image, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.See, forUpdate: false, cancellationToken);
        var row = await RequireAsync(connection, actor, set, image, id, cancellationToken);
        return row.ToAnnotation(await PeopleAsync(connection, [row], cancellationToken));
    }

    /// <exception cref="Problem">404: there is none.</exception>
    public static async Task<AnnotationRow> RequireAsync(NpgsqlConnection connection, Actor actor, Guid set, int image, Guid id, CancellationToken cancellationToken) =>
        await connection.RowAsync<AnnotationRow>(
            $"select {AnnotationRow.Columns} from annotations a where a.id = @id and a.file_set_id = @set and a.image_index = @image and a.removed_at is null", new { id, set, image }, cancellationToken)
        ?? throw NodeAccess.Missing(actor, "such annotation of this image");

    /// <summary>All of them, a page in memory at a time. Whoever may see them was decided before.</summary>
    public static async IAsyncEnumerable<AnnotationRow> AllAsync(NpgsqlConnection connection, Guid set, int image, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var rows = await connection.RowsAsync<AnnotationRow>(OfImage, new { set, image, after, take = DefaultLimit }, cancellationToken);
            foreach (var row in rows)
                yield return row;
            if (rows.Count == 0)
                yield break;
            after = rows[^1].Sequence;
        }
    }

    public static async Task<MarkedImage> MarkedAsync(NpgsqlConnection connection, Guid set, int image, CancellationToken cancellationToken) => new(
        await connection.RowAsync<long>("select count(*) from annotations where file_set_id = @set and image_index = @image and removed_at is null", new { set, image }, cancellationToken),
        await connection.RowsAsync<string>("""
            select t.tag from annotations a cross join lateral unnest(a.tags) with ordinality as t (tag, place)
            where a.file_set_id = @set and a.image_index = @image and a.removed_at is null group by t.tag order by min(a.sequence), min(t.place)
            """, new { set, image }, cancellationToken));

    private static async Task<bool> MoreAsync(NpgsqlConnection connection, Guid set, int image, List<AnnotationRow> rows, CancellationToken cancellationToken) =>
        rows.Count > 0 && await connection.RowAsync<bool>("""
            select exists (select from annotations a where a.file_set_id = @set and a.image_index = @image and a.removed_at is null and a.sequence > @Last)
            """, new { set, image, Last = rows[^1].Sequence }, cancellationToken);

    /// <summary>Those who made them, as they are called now.</summary>
    public static async Task<Dictionary<Guid, PrincipalName>> PeopleAsync(NpgsqlConnection connection, IEnumerable<AnnotationRow> rows, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. rows.Select(row => row.CreatedBy).Distinct()];
        var named = await connection.RowsAsync<PrincipalName>("select id, coalesce(name, '') as name from principal_names where id = any (@ids)", new { ids }, cancellationToken);
        return named.ToDictionary(person => person.Id);
    }

    private static long After(string? cursor) => Cursor.Decode(cursor) switch
    {
        null => 0,
        var key => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw Cursor.Unknown(),
    };
}
