namespace Stemma.Client;

/// <summary>How files are sent.</summary>
public sealed record UploadOptions
{
    /// <summary>Files up to this many bytes go in one request, with their digest ahead; larger ones go resumably.</summary>
    /// <value>8 MiB</value>
    public int WholeFileBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of files that are sent together in one request.</summary>
    /// <value>8 MiB</value>
    public int TogetherBytes { get; init; } = 8 << 20;

    /// <summary>Largest body of one request of a resumable upload.</summary>
    /// <value>64 MiB</value>
    public long ChunkBytes { get; init; } = 64L << 20;

    public Retry Retry { get; init; } = new();

    /// <summary>Told how many more bytes of the file have arrived; a negative number when bytes have to be sent again.</summary>
    public Action<long>? Sent { get; init; }
}
