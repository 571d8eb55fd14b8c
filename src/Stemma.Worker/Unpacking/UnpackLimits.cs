namespace Stemma.Worker.Unpacking;

/// <summary>What an archive may hold at most.</summary>
internal sealed record UnpackLimits
{
    public static UnpackLimits Default { get; } = new();

    public int Entries { get; init; } = 100_000;

    /// <summary>All entries together.</summary>
    /// <value>1 TiB</value>
    public long TotalBytes { get; init; } = 1L << 40;

    /// <summary>Largest expansion, of an entry or of the whole archive, once more than <see cref="FreeBytes"/> came out.</summary>
    public int Ratio { get; init; } = 1000;

    /// <value>100 MiB</value>
    public long FreeBytes { get; init; } = 100L << 20;

    /// <summary>So many entries may lie unpacked before they are taken over …</summary>
    public int WaitingEntries { get; init; } = 8;

    /// <summary>… and so many bytes, or one entry.</summary>
    /// <value>256 MiB</value>
    public long WaitingBytes { get; init; } = 256L << 20;
}
