using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Adds nodes, with their events.</summary>
public sealed class NodeWriter(EventWriter events, TimeProvider clock)
{
    private const string InsertSql = """
        insert into nodes (id, kind, parent_id, scope_id, name, description, is_demo, created_by)
        values (@Id, @Kind, @ParentId, @ScopeId, @Name, @Description, @IsDemo, @CreatedBy)
        """;

    /// <summary>Adds a project or space. Its maker owns it.</summary>
    internal async Task<Guid> AddRootAsync(
        NpgsqlConnection connection, Actor actor, NodeKind kind, string name, string description, bool isDemo, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await connection.RunAsync("insert into scopes (id) values (@id)", new { id }, cancellationToken);
        await InsertAsync(connection, actor, id, kind, null, id, name, description, isDemo, cancellationToken);
        await connection.RunAsync(
            "insert into grants (id, node_id, principal_id, capabilities, granted_by) values (@GrantId, @id, @Owner, @Capabilities, @Owner)",
            new { GrantId = Guid.CreateVersion7(), id, Owner = actor.Id, Capabilities = (int)Capabilities.All }, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("node.created", kind.Word(), id,
            new JsonObject { ["name"] = name, ["owner"] = actor.Id.ToString() }), cancellationToken);
        return id;
    }

    /// <summary>Adds a collection or dataset. The parent is held (<see cref="NodeLock.Update"/>), and the tree shared.</summary>
    /// <exception cref="Problem">409: the parent holds none, or the name is taken.</exception>
    internal async Task<Guid> AddChildAsync(
        NpgsqlConnection connection, Actor actor, NodeRow parent, NodeKind kind, string name, string description, CancellationToken cancellationToken)
    {
        if (kind.IsRoot())
            throw Problem.Invalid($"A {kind.Word()} lives in nothing else: make it with POST /{kind.Word()}s.");
        RequireHoldsNodes(parent);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await InsertAsync(connection, actor, id, kind, parent.Id, parent.ScopeId, name, description, parent.IsDemo, cancellationToken);
        }
        catch (PostgresException taken) when (NodeNames.IsTaken(taken))
        {
            throw NodeNames.Taken(name, parent.Name);
        }

        await events.WriteAsync(connection, actor, new Happening("node.created", kind.Word(), id,
            new JsonObject { ["name"] = name, ["parent"] = Describe(parent) }, parent.Id), cancellationToken);
        return id;
    }

    /// <exception cref="Problem">409: collections and datasets cannot live there.</exception>
    internal static void RequireHoldsNodes(NodeRow parent)
    {
        if (parent.Kind == NodeKind.Dataset)
            throw Problem.Conflict("dataset-is-terminal", $"\"{parent.Name}\" is a dataset and holds files only. Choose a project or a collection.");
        if (parent.Kind == NodeKind.Space)
            throw Problem.Conflict("space-holds-no-nodes", $"\"{parent.Name}\" is a space: things live in projects, and are placed in spaces. Choose a project or a collection.");
    }

    /// <summary>A node as events name it.</summary>
    internal static JsonObject Describe(NodeRow node) => new() { ["id"] = node.Id.ToString(), ["kind"] = node.Kind.Word(), ["name"] = node.Name };

    private static Task<int> InsertAsync(
        NpgsqlConnection connection, Actor actor, Guid id, NodeKind kind, Guid? parentId, Guid scopeId, string name, string description, bool isDemo,
        CancellationToken cancellationToken) =>
        connection.RunAsync(InsertSql, new
        {
            Id = id, Kind = kind.Word(), ParentId = parentId, ScopeId = scopeId, Name = name, Description = description, IsDemo = isDemo, CreatedBy = actor.Id,
        }, cancellationToken);
}
