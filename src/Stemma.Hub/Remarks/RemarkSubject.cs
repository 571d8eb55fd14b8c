using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Files;
using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;

namespace Stemma.Hub.Remarks;

/// <summary>What a remark is about, as an actor finds it.</summary>
/// <param name="Kind"><see cref="Node"/> or <see cref="FileSet"/>.</param>
/// <param name="NodeId">The node itself, or the dataset of the file set: where watchers are told.</param>
/// <param name="Capabilities">What the actor may do with it.</param>
internal sealed record RemarkSubject(Guid Id, string Kind, string Name, Guid NodeId, Capabilities Capabilities)
{
    public const string Node = "node";
    public const string FileSet = "file-set";

    /// <exception cref="Web.Problem">404: there is none that the actor can see. 403: it can be seen, but not that.</exception>
    public static async Task<RemarkSubject> RequireAsync(NpgsqlConnection connection, Actor actor, string kind, Guid id, Capabilities needed, CancellationToken cancellationToken)
    {
        if (kind == FileSet)
        {
            var set = await FileSetAccess.RequireAsync(connection, actor, id, needed, forUpdate: false, cancellationToken);
            return new RemarkSubject(id, kind, set.Name, set.DatasetId, set.Capabilities);
        }

        var node = await NodeAccess.RequireAsync(connection, actor, id, needed, NodeLock.None, cancellationToken);
        return new RemarkSubject(id, kind, node.Name, id, node.Capabilities);
    }
}
