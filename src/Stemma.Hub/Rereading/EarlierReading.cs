using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Rereading;

/// <summary>What a set was read as before, while it is still there.</summary>
internal sealed record EarlierReading
{
    public Guid Id { get; init; }
    public long Membership { get; init; }
    public string Format { get; init; } = "";
    public string FormatName { get; init; } = "";
    public string ReaderVersion { get; init; } = "";
    public string MappingVersion { get; init; } = "";
    public string SoftwareVersion { get; init; } = "";
    public string Acquisition { get; init; } = "{}";
    public string[] Warnings { get; init; } = [];
    public IReadOnlyList<EarlierImage> Images { get; init; } = [];
    public IReadOnlyDictionary<string, EarlierArtifact> Artifacts { get; init; } = new Dictionary<string, EarlierArtifact>();

    public ReaderMark Mark => new(Format, FormatName, ReaderVersion, MappingVersion, SoftwareVersion);

    public static async Task<EarlierReading?> LoadAsync(NpgsqlConnection connection, Guid extraction, CancellationToken cancellationToken)
    {
        var row = await connection.RowAsync<EarlierReading>(
            "select id, membership, format, format_name, reader_version, mapping_version, software_version, acquisition::text as acquisition, warnings from extractions where id = @extraction", new { extraction }, cancellationToken);
        return row is null ? null : row with
        {
            Images = await connection.RowsAsync<EarlierImage>("select title, shape, pixel_type, axes::text as axes, partial from images where extraction_id = @extraction order by index", new { extraction }, cancellationToken),
            Artifacts = (await connection.RowsAsync<EarlierArtifact>("select name, sha256, size from artifacts where extraction_id = @extraction", new { extraction }, cancellationToken)).ToDictionary(artifact => artifact.Name),
        };
    }

    /// <summary>Removes it: what is shown now is another reading. Its files are freed when nothing names them.</summary>
    public static void Remove(NpgsqlBatch batch, Guid extraction)
    {
        batch.Add("delete from artifacts where extraction_id = $1", extraction);
        batch.Add("delete from images where extraction_id = $1", extraction);
        batch.Add("delete from extractions where id = $1", extraction);
    }
}

internal sealed record EarlierImage
{
    public string? Title { get; init; }
    public long[] Shape { get; init; } = [];
    public string PixelType { get; init; } = "";
    public string Axes { get; init; } = "[]";
    public string? Partial { get; init; }
}

internal sealed record EarlierArtifact
{
    public string Name { get; init; } = "";
    public byte[] Sha256 { get; init; } = [];
    public long Size { get; init; }
}

/// <summary>Who read it.</summary>
public sealed record ReaderMark(string Format, string FormatName, string ReaderVersion, string MappingVersion, string SoftwareVersion);
