namespace Stemma.Hub.Deposits.Uploads;

/// <summary>A resumable upload: what it will become, and until when it is kept.</summary>
/// <param name="Sha256">As announced; null: not announced.</param>
/// <param name="FileId">Set when finished; kept so that a lost answer can be asked for again.</param>
internal sealed record Upload(
    Guid Id, Guid NodeId, string Path, long Length, byte[]? Sha256, DateTime? ModifiedAt, bool Unpack, int Levels, string DatasetName,
    DateTime CreatedAt, DateTime ExpiresAt, Guid? FileId, Guid? FileSetId)
{
    public const string Columns = """
        u.id, u.node_id as nodeId, u.path, u.length, u.sha256, u.modified_at as modifiedAt, u.unpack, u.levels, u.dataset_name as datasetName,
        u.created_at as createdAt, u.expires_at as expiresAt, u.file_id as fileId, (select file_set_id from files f where f.id = u.file_id) as fileSetId
        """;

    public Destination Destination => new(NodeId, RelativePath.Parse(Path), Levels, DatasetName);

    public DepositFacts Facts => new(DepositedVia.Upload, ModifiedAt, Unpack);
}

/// <summary>An unfinished upload, for whoever wants to go on with it.</summary>
public sealed record UnfinishedUpload(Guid Id, string Url, Guid Node, string Path, long Length, long Offset, DateTime? Modified, DateTime CreatedAt, DateTime ExpiresAt);
