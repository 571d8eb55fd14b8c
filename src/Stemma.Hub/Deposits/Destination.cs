using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits;

/// <summary>
/// Where a file is to go: a node and a path below it. In a dataset the path is the file's path. In a project or collection the first folders,
/// at most <see cref="Levels"/>, are collections and the last of them a dataset; the rest is the path in that dataset.
/// </summary>
public sealed record Destination
{
    public const int DefaultLevels = 1;
    public const int MaxLevels = 16;
    public const string DefaultDataset = "Files";

    public Destination(Guid nodeId, RelativePath path, int levels = DefaultLevels, string dataset = DefaultDataset)
    {
        if (levels is < 0 or > MaxLevels)
            throw Problem.Invalid($"levels must be between 0 and {MaxLevels}, but is {levels}.");
        if (RelativePath.Parse(dataset).Segments.Count != 1)
            throw Problem.Invalid($"dataset must be the name of one dataset, but \"{dataset}\" holds a slash.");
        (NodeId, Path, Levels, Dataset) = (nodeId, path, levels, dataset);
        var folders = path.Segments.SkipLast(1).TakeWhile(folder => !FileSetGrouping.IsWholeFolder(folder)).Take(levels).ToArray();
        Consumed = folders.Length;
        // The name after the last folder serves where that folder turns out to be a collection already.
        Names = [.. folders, dataset];
    }

    public Guid NodeId { get; }

    public RelativePath Path { get; }

    public int Levels { get; }

    /// <summary>The dataset that takes files without a folder.</summary>
    public string Dataset { get; }

    /// <summary>Names of nodes to walk down from a project or collection, until a dataset.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The names in one: below the same node, files with the same folder come to the same dataset.</summary>
    internal string Folder => string.Join('/', Names);

    /// <summary>How many segments of the path become nodes, at most.</summary>
    internal int Consumed { get; }

    /// <summary>The names of nodes still to be made below the deepest that stands; the last is a dataset.</summary>
    /// <remarks>
    /// A path with fewer folders than levels ends in a collection, which <see cref="Dataset"/> is made in: whichever file comes first, the same nodes come of it.
    /// </remarks>
    internal string[] Missing(int depth) => Consumed < Levels || depth == Consumed ? [.. Names.Skip(depth)] : [.. Names.Skip(depth).Take(Consumed - depth)];
}
