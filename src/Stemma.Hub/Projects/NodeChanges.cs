using System.Text.Json.Nodes;
using Npgsql;
using Stemma.Hub.Accounts;
using Stemma.Hub.Database;
using Stemma.Hub.Live;
using Stemma.Hub.Records;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Projects;

/// <summary>Making, describing and moving nodes.</summary>
internal sealed class NodeChanges(NpgsqlDataSource database, NodeWriter writer, EventWriter events, LiveEvents live, TimeProvider clock)
{
    private const int MaxDescription = 100_000;
    private const int MaxTags = 100;
    private const int MaxTerm = 1000;

    public async Task<Node> CreateRootAsync(Actor actor, NodeKind kind, NewRoot asked, CancellationToken cancellationToken)
    {
        var name = NodeNames.Check(asked.Name);
        var description = CheckDescription(asked.Description ?? "");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await writer.AddRootAsync(connection, actor, kind, name, description, isDemo: false, cancellationToken);
        var node = await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(id, null, "created");
        return node;
    }

    public async Task<Node> CreateChildAsync(Actor actor, Guid parentId, NewChild asked, CancellationToken cancellationToken)
    {
        var name = NodeNames.Check(asked.Name);
        var description = CheckDescription(asked.Description ?? "");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.SharedAsync(connection, cancellationToken);
        var parent = await NodeAccess.RequireAsync(connection, actor, parentId, Capabilities.Add, forUpdate: true, cancellationToken);
        var kind = asked.Kind == ChildKind.Collection ? NodeKind.Collection : NodeKind.Dataset;
        var id = await writer.AddChildAsync(connection, actor, parent, kind, name, description, cancellationToken);
        var node = await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(id, parentId, "created");
        return node;
    }

    public async Task<Node> ChangeAsync(Actor actor, Guid id, NodePatch patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await NodeAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, before.Version);
        var after = Apply(before, patch);
        var changes = Compare(before, after, out var termsChange);
        if (termsChange)
            NodeAccess.Check(before, Capabilities.Manage);
        if (changes.Count == 0)
            return await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        try
        {
            await connection.RunAsync("""
                update nodes set name = @Name, description = @Description, tags = @Tags, licence = @Licence, rights_holder = @RightsHolder,
                    embargo_until = @EmbargoUntil, retain_until = @RetainUntil, legal_hold = @LegalHold, modified_at = @Now, version = version + 1
                where id = @Id
                """, new
            {
                after.Id, after.Name, after.Description, after.Tags, after.Licence, after.RightsHolder, after.EmbargoUntil, after.RetainUntil, after.LegalHold,
                Now = clock.GetUtcNow(),
            }, cancellationToken);
        }
        catch (PostgresException taken) when (NodeNames.IsTaken(taken))
        {
            throw NodeNames.Taken(after.Name, "The place it is in");
        }

        await events.WriteAsync(connection, actor, new Happening("node.changed", before.Kind.Word(), id,
            new JsonObject { ["name"] = before.Name, ["changes"] = changes }), cancellationToken);
        var node = await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(id, node.ParentId, "changed");
        return node;
    }

    /// <summary>Puts a collection or dataset into another project or collection.</summary>
    /// <remarks>
    /// A node takes over what its new place grants and loses what its old one granted. So where the two places have different grants, the mover
    /// must be able to manage both: nobody with less can show or hide things by moving them. Within one scope, edit and add suffice,
    /// unless the node would shake off a duty of the place it leaves: <see cref="MoveDuties"/>.
    /// </remarks>
    public async Task<Node> MoveAsync(Actor actor, Guid id, Guid targetId, long? expectedVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TreeLock.ExclusiveAsync(connection, cancellationToken);
        var node = await NodeAccess.RequireAsync(connection, actor, id, Capabilities.Edit, forUpdate: true, cancellationToken);
        ETags.Check(expectedVersion, node.Version);
        if (node.ParentId is not { } sourceId)
            throw Problem.Conflict("not-movable", $"A {node.Kind.Word()} lives in nothing else and cannot be moved.");
        var target = await NodeAccess.RequireAsync(connection, actor, targetId, Capabilities.Add, forUpdate: true, cancellationToken);
        NodeWriter.RequireHoldsNodes(target);
        if (sourceId == targetId)
            return await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        if (await IsWithinAsync(connection, targetId, id, cancellationToken))
            throw Problem.Conflict("cycle", $"\"{target.Name}\" is \"{node.Name}\" itself or lies beneath it. Choose a place outside of it.");

        var source = (await connection.RowAsync<NodeRow>($"""
            select {NodeRow.Columns}, capabilities_on(@Id, @Mask, n.scope_id) as capabilities from nodes n where n.id = @sourceId
            """, new { sourceId, actor.Id, actor.Mask }, cancellationToken))!;
        if (source.ScopeId != target.ScopeId && !(source.Capabilities & target.Capabilities).HasFlag(Capabilities.Manage))
            throw new Problem(403, "move-changes-access", "Not allowed",
                $"Others have access to \"{target.Name}\" than to the place where \"{node.Name}\" is now, so this move would change who sees it. Only who may manage both places may do that.");
        await MoveDuties.CheckAsync(connection, actor, node.Name, node.RetainUntil, node.EmbargoUntil, source, target, clock.GetUtcNow(), cancellationToken);
        try
        {
            await connection.RunAsync("update nodes set parent_id = @targetId, modified_at = @Now, version = version + 1 where id = @id",
                new { id, targetId, Now = clock.GetUtcNow() }, cancellationToken);
        }
        catch (PostgresException taken) when (NodeNames.IsTaken(taken))
        {
            throw NodeNames.Taken(node.Name, target.Name);
        }

        await ScopeTree.MoveAsync(connection, node, target.ScopeId, cancellationToken);
        await events.WriteAsync(connection, actor, new Happening("node.moved", node.Kind.Word(), id, new JsonObject
        {
            ["name"] = node.Name, ["from"] = NodeWriter.Describe(source), ["to"] = NodeWriter.Describe(target),
        }, sourceId, targetId), cancellationToken);
        var moved = await NodeQueries.GetAsync(connection, actor, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Node(id, sourceId, "removed");
        live.Node(id, targetId, "moved");
        return moved;
    }

    private static Task<bool> IsWithinAsync(NpgsqlConnection connection, Guid nodeId, Guid ancestorId, CancellationToken cancellationToken) =>
        connection.RowAsync<bool>("""
            with recursive up as (
                select n.id, n.parent_id from nodes n where n.id = @nodeId
                union all
                select n.id, n.parent_id from up join nodes n on n.id = up.parent_id)
            select exists (select from up where id = @ancestorId)
            """, new { nodeId, ancestorId }, cancellationToken);

    private static NodeRow Apply(NodeRow node, NodePatch patch) => node with
    {
        Name = patch.Has(nameof(patch.Name)) ? NodeNames.Check(patch.Name) : node.Name,
        Description = patch.Has(nameof(patch.Description)) ? CheckDescription(patch.Description) : node.Description,
        Tags = patch.Has(nameof(patch.Tags)) ? CheckTags(patch.Tags) : node.Tags,
        Licence = patch.Has(nameof(patch.Licence)) ? CheckTerm("licence", patch.Licence) : node.Licence,
        RightsHolder = patch.Has(nameof(patch.RightsHolder)) ? CheckTerm("rightsHolder", patch.RightsHolder) : node.RightsHolder,
        EmbargoUntil = patch.Has(nameof(patch.EmbargoUntil)) ? patch.EmbargoUntil?.InMicroseconds().UtcDateTime : node.EmbargoUntil,
        RetainUntil = patch.Has(nameof(patch.RetainUntil)) ? patch.RetainUntil?.InMicroseconds().UtcDateTime : node.RetainUntil,
        LegalHold = patch.Has(nameof(patch.LegalHold)) ? patch.LegalHold : node.LegalHold,
    };

    /// <summary>What differs, as events keep it: member → {from, to}.</summary>
    private static JsonObject Compare(NodeRow before, NodeRow after, out bool termsChange)
    {
        var changes = new JsonObject();
        void Add(string member, JsonNode? from, JsonNode? to)
        {
            if (!JsonNode.DeepEquals(from, to))
                changes[member] = new JsonObject { ["from"] = from, ["to"] = to };
        }

        Add("name", before.Name, after.Name);
        Add("description", before.Description, after.Description);
        Add("tags", EventText.Words(before.Tags), EventText.Words(after.Tags));
        var described = changes.Count;
        Add("licence", before.Licence, after.Licence);
        Add("rightsHolder", before.RightsHolder, after.RightsHolder);
        Add("embargoUntil", EventText.Time(before.EmbargoUntil), EventText.Time(after.EmbargoUntil));
        Add("retainUntil", EventText.Time(before.RetainUntil), EventText.Time(after.RetainUntil));
        Add("legalHold", before.LegalHold, after.LegalHold);
        termsChange = changes.Count > described;
        return changes;
    }

    internal static string CheckDescription(string description) =>
        description.Length <= MaxDescription
            ? SqlText.Clean(description)
            : throw Problem.Invalid($"A description has at most {MaxDescription} characters, but this one has {description.Length}. Put long texts into a file.");

    internal static string? CheckTerm(string member, string? words)
    {
        var trimmed = SqlText.Clean(words?.Trim());
        return trimmed switch
        {
            null or "" => null,
            { Length: > MaxTerm } => throw Problem.Invalid($"{member} has at most {MaxTerm} characters, but has {trimmed.Length} here."),
            _ => trimmed,
        };
    }

    internal static string[] CheckTags(IReadOnlyList<string> tags)
    {
        string[] clean = [.. tags.Select(tag => SqlText.Clean((tag ?? "").Trim())).Where(tag => tag.Length > 0).Distinct(StringComparer.Ordinal)];
        if (clean.Length > MaxTags)
            throw Problem.Invalid($"There can be at most {MaxTags} tags, but these are {clean.Length}.");
        return clean.FirstOrDefault(tag => tag.Length > 100) is { } tooLong
            ? throw Problem.Invalid($"A tag has at most 100 characters, but \"{tooLong[..40]}…\" has {tooLong.Length}.")
            : clean;
    }
}
