using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Fields;

/// <summary>A node or a file set that people write about.</summary>
/// <param name="Target">Null for a space, which has no fields.</param>
/// <param name="Dataset">Of a file set, where it lies; null for nodes.</param>
internal sealed record FieldSubject(Guid Id, FieldTarget? Target, string Name, Guid? Dataset, Guid? ParentId)
{
    /// <summary>The first node that it inherits from.</summary>
    public Guid? Above => Dataset ?? ParentId;

    /// <summary>Whoever changes values holds the node or file set, so that its values change one after the other.</summary>
    public static async Task<FieldSubject> RequireAsync(
        NpgsqlConnection connection, Actor actor, Guid id, bool isFileSet, Capabilities needed, bool forUpdate, CancellationToken cancellationToken)
    {
        if (isFileSet)
        {
            var set = await FileSetAccess.RequireAsync(connection, actor, id, needed, forUpdate, cancellationToken);
            return new FieldSubject(id, FieldTarget.FileSet, set.Name, set.DatasetId, null);
        }

        var node = await NodeAccess.RequireAsync(connection, actor, id, needed, forUpdate, cancellationToken);
        return new FieldSubject(id, FieldWords.Target(node.Kind), node.Name, null, node.ParentId);
    }
}
