using System.Text.Json;
using Stemma.Hub.Live;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

internal static class NodeNotices
{
    private sealed record Notice(Guid Id, Guid? ParentId, string Change);

    /// <summary>Tells open pages that a node was created, changed, moved or removed. After the commit.</summary>
    public static void Node(this LiveEvents live, Guid id, Guid? parentId, string change) =>
        live.Publish(new LiveEvent("node", parentId ?? id, JsonSerializer.Serialize(new Notice(id, parentId, change), WireJson.Options)));
}
