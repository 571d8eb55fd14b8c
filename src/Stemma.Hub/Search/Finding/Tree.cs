namespace Stemma.Hub.Search.Finding;

/// <summary>What lies in what, of all nodes that are not in the trash, by their numbers. What is placed in a space lies in it as well.</summary>
internal sealed class Tree
{
    private readonly Dictionary<int, Node> _nodes;

    private sealed record Node(int Number, bool IsDataset, Guid Scope)
    {
        public List<Node> Contents { get; } = [];
        public List<Node> Holders { get; } = [];
    }

    /// <param name="nodes">Number, whether it is a dataset, scope.</param>
    /// <param name="contents">Number of a project, collection or space, and of something in it.</param>
    public Tree(IEnumerable<(int Number, bool IsDataset, Guid Scope)> nodes, IEnumerable<(int In, int Number)> contents)
    {
        _nodes = nodes.ToDictionary(node => node.Number, node => new Node(node.Number, node.IsDataset, node.Scope));
        foreach (var (place, number) in contents)
            if (_nodes.TryGetValue(place, out var holder) && _nodes.TryGetValue(number, out var node))
            {
                holder.Contents.Add(node);
                node.Holders.Add(holder);
            }
    }

    /// <summary>Datasets among some nodes, and in them, each once.</summary>
    /// <param name="sees">Of a scope: the others of the nodes count for nothing. Whoever sees a node sees all below it.</param>
    public int[] DatasetsIn(IEnumerable<int> numbers, Predicate<Guid> sees)
    {
        var found = new List<int>();
        var met = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var left = new Stack<Node>(numbers.Select(number => _nodes.GetValueOrDefault(number)).OfType<Node>().Where(node => sees(node.Scope)));
        while (left.TryPop(out var node))
            if (met.Add(node))
            {
                if (node.IsDataset)
                    found.Add(node.Number);
                foreach (var content in node.Contents)
                    left.Push(content);
            }

        return [.. found];
    }

    /// <summary>A node and all that it lies in, as far as that is seen, by their numbers.</summary>
    /// <param name="sees">Of a scope.</param>
    public IEnumerable<int> Above(int number, Predicate<Guid> sees)
    {
        if (!_nodes.TryGetValue(number, out var start))
            yield break;
        var met = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var left = new Stack<Node>([start]);
        while (left.TryPop(out var node))
            if (sees(node.Scope) && met.Add(node))
            {
                yield return node.Number;
                foreach (var holder in node.Holders)
                    left.Push(holder);
            }
    }
}
