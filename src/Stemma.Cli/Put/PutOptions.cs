namespace Stemma.Cli.Put;

/// <param name="Levels">How many first folders of a path become collections, the last of them a dataset; null for the hub's default.</param>
/// <param name="Dataset">Dataset for files without a folder; null for the hub's default.</param>
/// <param name="Parallel">Requests on their way at once; small files go several in one.</param>
internal sealed record PutOptions(int? Levels, string? Dataset, int Parallel, bool Unpack, bool Json)
{
    /// <summary>Whether the hub is to deposit the entries of this file beside it.</summary>
    public bool Unpacks(string path) => Unpack && path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>How long to wait for a hub that is gone before giving a file up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}
