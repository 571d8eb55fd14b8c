using Stemma.Hub.Storage;

namespace Stemma.Hub.Deposits;

/// <summary>The bytes of a deposit: received, or left where they are.</summary>
internal sealed record DepositContent
{
    public DepositContent(IncomingBlob incoming) => (Incoming, Digest, Size) = (incoming, incoming.Digest(), incoming.Length);

    public DepositContent(LinkedPlace link, Digest digest, long size) => (Link, Digest, Size) = (link, digest, size);

    public IncomingBlob? Incoming { get; }

    public LinkedPlace? Link { get; }

    public Digest Digest { get; }

    public long Size { get; }
}

/// <summary>Where a linked file lies.</summary>
/// <param name="Root">One of <see cref="HubOptions.Roots"/>.</param>
/// <param name="Path">Path beneath it.</param>
internal sealed record LinkedPlace(string Root, string Path, DateTimeOffset ModifiedAt, long Inode);
