using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Annotations;

/// <summary>Marking, describing, removing and putting back. One request is one transaction and one event, however many annotations it is about.</summary>
internal sealed class AnnotationChanges(NpgsqlDataSource database, EventWriter events, TimeProvider clock)
{
    /// <summary>So many are told whole in an event, as long as they have no more numbers than this; of more, their number and digest.</summary>
    private const int ToldWhole = 100, NumbersTold = 20_000;

    /// <param name="source">Where they come from, for the event; null where a person drew them.</param>
    public async Task<MadeAnnotations> AddAsync(
        Actor actor, Guid set, int image, Func<ImagePlane, IReadOnlyList<NewAnnotation>> asked, string? source, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.Edit, forUpdate: true, cancellationToken);
        var plane = await ImagePlane.RequireAsync(connection, set, image, cancellationToken);
        var items = asked(plane);
        if (items.Count is 0 or > AnnotationChecks.MaxPerRequest)
            throw Problem.Invalid($"One request makes 1 to {AnnotationChecks.MaxPerRequest} annotations, but this one has {items.Count}.");
        var now = clock.GetUtcNow().UtcDateTime;
        now = now.AddTicks(-(now.Ticks % 10)); // PostgreSQL keeps microseconds.
        var rows = items.Select((item, index) => AnnotationChecks.New(item, plane, items.Count == 1 ? "" : $"Annotation {index}: ") with
        {
            Id = Guid.CreateVersion7(now),
            CreatedBy = actor.Id,
            CreatedAt = now,
            ModifiedAt = now,
            Version = 1,
        }).ToArray();
        await RequireRoomAsync(connection, set, image, rows.Length, cancellationToken);
        await InsertAsync(connection, set, image, rows, cancellationToken);
        var told = Tell(owner, image, rows.Length, rows);
        if (source is not null)
            told["source"] = source;
        await events.WriteAsync(connection, actor, new Happening("annotations.added", "file-set", set, told, owner.DatasetId), cancellationToken);
        var people = await AnnotationQueries.PeopleAsync(connection, rows, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeAnnotations([.. rows.Select(row => row.ToAnnotation(people))]);
    }

    public async Task<Annotation> ChangeAsync(Actor actor, Guid set, int image, Guid id, AnnotationPatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.Edit, forUpdate: true, cancellationToken);
        var before = await AnnotationQueries.RequireAsync(connection, actor, set, image, id, cancellationToken);
        ETags.Check(expectedVersion, before.Version);
        // Words can be changed also where another reading found fewer images.
        var plane = patch.Has(nameof(patch.Plane)) ? await ImagePlane.RequireAsync(connection, set, image, cancellationToken) : null;
        var after = AnnotationChecks.Apply(before, patch, plane);
        var (was, becomes) = (before.Describe(), after.Describe());
        if (!JsonNode.DeepEquals(was, becomes))
        {
            var now = clock.GetUtcNow();
            await connection.RunAsync("""
                update annotations set points = @Points, plane = @Plane::jsonb, label = @Label, tags = @Tags, note = @Note, modified_at = @now, version = version + 1 where id = @Id
                """, new { after.Id, after.Points, after.Plane, after.Label, after.Tags, after.Note, now }, cancellationToken);
            await events.WriteAsync(connection, actor, new Happening("annotation.changed", "file-set", set, new JsonObject
            {
                ["name"] = owner.Name, ["image"] = image, ["from"] = was, ["to"] = becomes,
            }, owner.DatasetId), cancellationToken);
            after = await AnnotationQueries.RequireAsync(connection, actor, set, image, id, cancellationToken);
        }

        var people = await AnnotationQueries.PeopleAsync(connection, [after], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after.ToAnnotation(people);
    }

    /// <param name="expectedVersion">Of the annotation, where it is one.</param>
    public async Task<RemovedAnnotations> RemoveAsync(Actor actor, Guid set, int image, IReadOnlyList<Guid> asked, long? expectedVersion, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. asked.Distinct()];
        if (ids.Length is 0 or > AnnotationChecks.MaxPerRequest)
            throw Problem.Invalid($"One request removes 1 to {AnnotationChecks.MaxPerRequest} annotations, but this one names {ids.Length}.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.Edit, forUpdate: true, cancellationToken);
        var now = clock.GetUtcNow();
        var removalId = Guid.CreateVersion7(now);
        var rows = await connection.RowsAsync<AnnotationRow>($"""
            update annotations a set removed_at = @now, removal_id = @removalId
            where a.id = any (@ids) and a.file_set_id = @set and a.image_index = @image and a.removed_at is null returning {AnnotationRow.Columns}
            """, new { set, image, ids, now, removalId }, cancellationToken);
        if (rows.Count == 0)
            throw NodeAccess.Missing(actor, "such annotation of this image");
        ETags.Check(expectedVersion, rows[0].Version);
        var told = Tell(owner, image, rows.Count, [.. rows.OrderBy(row => row.Sequence)]);
        told["removalId"] = removalId.ToString();
        await events.WriteAsync(connection, actor, new Happening("annotations.removed", "file-set", set, told, owner.DatasetId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RemovedAnnotations(removalId, rows.Count);
    }

    public async Task<RestoredAnnotations> RestoreAsync(Actor actor, Guid set, int image, Guid removalId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await FileSetAccess.RequireAsync(connection, actor, set, Capabilities.Edit, forUpdate: true, cancellationToken);
        var count = await connection.RunAsync("""
            update annotations set removed_at = null, removal_id = null where removal_id = @removalId and file_set_id = @set and image_index = @image
            """, new { set, image, removalId }, cancellationToken);
        if (count == 0)
            throw NodeAccess.Missing(actor, "such removal of annotations, or they are back already");
        await RequireRoomAsync(connection, set, image, 0, cancellationToken);
        var told = Tell(owner, image, count, []);
        told["removalId"] = removalId.ToString();
        await events.WriteAsync(connection, actor, new Happening("annotations.restored", "file-set", set, told, owner.DatasetId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RestoredAnnotations(count);
    }

    private static async Task RequireRoomAsync(NpgsqlConnection connection, Guid set, int image, int more, CancellationToken cancellationToken)
    {
        var count = await connection.RowAsync<long>("select count(*) from annotations where file_set_id = @set and image_index = @image and removed_at is null", new { set, image }, cancellationToken) + more;
        if (count > AnnotationChecks.MaxPerImage)
            throw Problem.Conflict("too-many-annotations", $"An image can have at most {AnnotationChecks.MaxPerImage} annotations, but this would have {count}.");
    }

    private static async Task InsertAsync(NpgsqlConnection connection, Guid set, int image, AnnotationRow[] rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy annotations (id, file_set_id, image_index, kind, points, plane, label, tags, note, created_by, created_at, modified_at) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(row.Id, cancellationToken);
            await copy.WriteAsync(set, cancellationToken);
            await copy.WriteAsync(image, cancellationToken);
            await copy.WriteAsync(row.Kind.Word(), cancellationToken);
            await copy.WriteAsync(row.Points, cancellationToken);
            if (row.Plane is null)
                await copy.WriteNullAsync(cancellationToken);
            else
                await copy.WriteAsync(row.Plane, NpgsqlDbType.Jsonb, cancellationToken);
            await copy.WriteAsync(row.Label, cancellationToken);
            await copy.WriteAsync(row.Tags, cancellationToken);
            await copy.WriteAsync(row.Note, cancellationToken);
            await copy.WriteAsync(row.CreatedBy, cancellationToken);
            await copy.WriteAsync(row.CreatedAt, cancellationToken);
            await copy.WriteAsync(row.ModifiedAt, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>What an event tells: few annotations whole, many by number and by SHA-256 over their canonical JSON, a line feed after each.</summary>
    private static JsonObject Tell(FileSetRow owner, int image, int count, AnnotationRow[] rows)
    {
        var told = new JsonObject { ["name"] = owner.Name, ["image"] = image, ["count"] = count };
        if (rows.Length is > 0 and <= ToldWhole && rows.Sum(row => row.Points.Length) <= NumbersTold)
            told["annotations"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Describe())]);
        else if (rows.Length > 0)
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var row in rows)
            {
                digest.AppendData(CanonicalJson.Serialize(row.Describe()));
                digest.AppendData("\n"u8);
            }

            told["sha256"] = Convert.ToHexStringLower(digest.GetHashAndReset());
        }

        return told;
    }
}
