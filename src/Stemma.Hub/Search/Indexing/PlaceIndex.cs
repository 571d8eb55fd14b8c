using Npgsql;
using NpgsqlTypes;
using Stemma.Hub.Database;
using Stemma.Hub.Search.Fields;

namespace Stemma.Hub.Search.Indexing;

/// <summary>Indexes the words of nodes, and to which project they belong.</summary>
internal sealed class PlaceIndex(Numbering numbering)
{
    private sealed record NodeRow
    {
        public Guid Id { get; init; }
        public int Number { get; init; }
        public Guid? ParentId { get; init; }
        public int Depth { get; init; }
        public string Name { get; init; } = "";
        public string Description { get; init; } = "";
        public string[] Tags { get; init; } = [];
        public bool IsTrashed { get; init; }
        public string[]? Remarks { get; init; }
        public string? Fields { get; init; }
    }

    /// <summary>A node with the chain of those above it, root first.</summary>
    private sealed record Chain(NodeRow Node, Chain? Above)
    {
        public NodeRow Root => Above?.Root ?? Node;
    }

    /// <summary>The given nodes and all below them, which belong to another project when one was moved. Within a transaction of which there is one at a time.</summary>
    /// <param name="byNameOnly">Nothing else that is known of them is taken in.</param>
    public async Task WriteAsync(NpgsqlConnection connection, Guid[] ids, bool byNameOnly, CancellationToken cancellationToken)
    {
        var above = await connection.RowsAsync<NodeRow>("""
            with recursive up(id, parent_id) as (
                select n.id, n.parent_id from nodes n where n.id = any (@ids)
                union
                select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select n.id, n.number, n.parent_id, n.name, n.description, n.tags, n.trashed_at is not null as is_trashed from up join nodes n using (id)
            """, new { ids }, cancellationToken);
        var below = await connection.RowsAsync<NodeRow>($"""
            with recursive down(id, depth) as (
                select n.id, 0 from nodes n where n.id = any (@ids)
                union
                select c.id, d.depth + 1 from down d join nodes c on c.parent_id = d.id)
            select n.id, n.number, n.parent_id, n.name, n.description, n.tags, n.trashed_at is not null as is_trashed, max(d.depth) as depth, {PeopleWords.Sql("n.id")}
            from down d join nodes n using (id) group by n.id order by max(d.depth)
            """, new { ids }, cancellationToken);
        if (byNameOnly)
            below = below.ConvertAll(row => row with { Description = "", Tags = [], Remarks = null, Fields = null });
        var rows = below.Concat(above).DistinctBy(row => row.Id).ToDictionary(row => row.Id);
        var chains = new Dictionary<Guid, Chain>();
        Chain Of(NodeRow row) => chains.TryGetValue(row.Id, out var chain) ? chain
            : chains[row.Id] = new Chain(row, row.ParentId is { } parent && rows.TryGetValue(parent, out var up) ? Of(up) : null);

        var all = below.ConvertAll(Of);
        // Keys of original metadata are known by project: files that came to another one are taken in anew.
        await connection.RunAsync("""
            with gone as (delete from search_places where number = any (@numbers) returning node_id, project)
            insert into search_changes (object_id, is_node)
            select s.id, false from gone join unnest(@ids, @projects) as now (id, project) on now.id = gone.node_id and now.project <> gone.project join file_sets s on s.dataset_id = gone.node_id
            where s.trashed_at is null
            """, new { numbers = all.ConvertAll(chain => chain.Node.Number), ids = all.ConvertAll(chain => chain.Node.Id), projects = all.ConvertAll(chain => chain.Root.Number) }, cancellationToken);
        all.RemoveAll(chain => chain.Node.IsTrashed);
        var codes = await numbering.ValuesAsync(connection, all.SelectMany(chain => chain.Node.Tags).Distinct().Select(tag => (SearchFields.Tag, tag)), cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync("copy search_places (number, node_id, project, tags, words) from stdin (format binary)", cancellationToken);
        foreach (var chain in all)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(chain.Node.Number, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(chain.Node.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(chain.Root.Number, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(chain.Node.Tags.Select(tag => codes[(SearchFields.Tag, Folding.FoldValue(tag))]).Distinct().ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(Vector(chain.Node), NpgsqlDbType.Bytea, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static byte[] Vector(NodeRow node)
    {
        var words = new WordVector();
        words.AddText(node.Name, "n/");
        foreach (var tag in node.Tags)
        {
            words.AddExact($"tag={Folding.FoldValue(tag)}");
            words.AddText(tag, "tag/");
        }

        words.AddText(node.Description);
        PeopleWords.Add(words, node.Remarks, node.Fields);
        return words.ToBytes();
    }
}
