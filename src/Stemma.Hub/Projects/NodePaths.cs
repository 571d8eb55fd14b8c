using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Where a deposit goes.</summary>
/// <param name="Dataset">Held by this transaction: it cannot be moved or trashed.</param>
/// <param name="Rest">Names that were not used up because a dataset stood in their way earlier: they become folders of the file's path.</param>
/// <param name="Created">What was made on the way, to be announced after the commit; outermost first.</param>
internal sealed record FoundDataset(NodeRow Dataset, IReadOnlyList<string> Rest, IReadOnlyList<NodeName> Created);

/// <summary>Finds the dataset that a path of names leads to, making what is missing.</summary>
public sealed class NodePaths(NodeWriter writer)
{
    /// <summary>The dataset for files whose folder's name belongs to a collection already.</summary>
    public const string FallbackDataset = "Files";

    private sealed record Step(int Depth, Guid Id, NodeKind Kind);

    /// <summary>
    /// Finds or makes <paramref name="names"/> beneath a project or collection: all but the last become collections, the last a dataset. Without names
    /// the parent must be a dataset itself. A collection that has the last name gets a dataset "Files"; a dataset that has an earlier name takes
    /// the file, and the names after it stay in the file's path.
    /// </summary>
    /// <remarks>Call it before anything else is locked in the transaction.</remarks>
    /// <exception cref="Problem">404 or 403: the parent cannot be seen or added to; 409: the parent is a space, or a project without names; 400: a bad name.</exception>
    internal async Task<FoundDataset> FindOrCreateAsync(
        NpgsqlConnection connection, Actor actor, Guid parentId, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        string[] path = [.. names.Select(NodeNames.Check)];
        if (await FindAsync(connection, actor, parentId, path, cancellationToken) is { } found)
            return found;

        // Something is missing. From here on nobody changes the shape of the tree, and only one at a time makes children of this parent.
        await TreeLock.SharedAsync(connection, cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, parentId, Capabilities.Add, forUpdate: true, cancellationToken);
        if (await FindAsync(connection, actor, parentId, path, cancellationToken) is { } foundNow)
            return foundNow;
        NodeWriter.RequireHoldsNodes(node);
        if (path.Length == 0)
            throw Problem.Conflict("not-a-dataset", $"\"{node.Name}\" is a {node.Kind.Word()}: name the dataset that the file goes to.");

        var created = new List<NodeName>();
        for (var depth = 0; node.Kind != NodeKind.Dataset; depth++)
        {
            var name = depth < path.Length ? path[depth] : FallbackDataset;
            var kind = depth < path.Length - 1 ? NodeKind.Collection : NodeKind.Dataset;
            var id = await ChildAsync(connection, node.Id, name, cancellationToken);
            if (id is null)
            {
                id = await writer.AddChildAsync(connection, actor, node, kind, name, "", cancellationToken);
                created.Add(new NodeName(id.Value, kind, name));
            }

            node = await NodeAccess.RequireAsync(connection, actor, id.Value, Capabilities.Add, forUpdate: true, cancellationToken);
            if (node.Kind == NodeKind.Dataset)
                return new FoundDataset(node, depth < path.Length ? path[(depth + 1)..] : [], created);
        }

        throw new InvalidOperationException("A path ended in no dataset.");
    }

    /// <summary>Null where something is missing.</summary>
    private static async Task<FoundDataset?> FindAsync(NpgsqlConnection connection, Actor actor, Guid parentId, string[] path, CancellationToken cancellationToken)
    {
        string[] names = [.. path, FallbackDataset];
        var end = await connection.RowAsync<Step>("""
            with recursive walk(depth, id, kind) as (
                select 0, n.id, n.kind from nodes n where n.id = @parentId and n.trashed_at is null
                union all
                select w.depth + 1, n.id, n.kind
                from walk w join nodes n on n.parent_id = w.id and n.name = (@names::text[])[w.depth + 1] and n.trashed_at is null)
            select depth, id, kind from walk order by depth desc limit 1
            """, new { parentId, names }, cancellationToken);
        if (end is not { Kind: NodeKind.Dataset })
            return null;
        // It may have been trashed in this instant: then whoever asks again finds another way.
        var dataset = await NodeAccess.RequireAsync(connection, actor, end.Id, Capabilities.Add, NodeLock.Share, cancellationToken);
        return new FoundDataset(dataset, end.Depth < path.Length ? path[end.Depth..] : [], []);
    }

    private static Task<Guid?> ChildAsync(NpgsqlConnection connection, Guid parentId, string name, CancellationToken cancellationToken) =>
        connection.RowAsync<Guid?>("select id from nodes where parent_id = @parentId and name = @name and trashed_at is null", new { parentId, name }, cancellationToken);
}
