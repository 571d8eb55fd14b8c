using Stemma.Cli.CommandLine;
using Stemma.Client;

namespace Stemma.Cli.Connection;

/// <summary>Finds nodes by what people type: an id, or names from the project down, <c>Project/Collection/Dataset</c>.</summary>
internal static class NodeAddress
{
    /// <summary>Walks down as far as there are nodes.</summary>
    /// <returns>The deepest node, and the rest of the path below it; empty when all of it is nodes.</returns>
    /// <exception cref="CommandException">There is no such project.</exception>
    public static async Task<(Node Node, string Remainder)> FindAsync(StemmaClient client, string address, CancellationToken cancellationToken)
    {
        var names = address.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
            throw new CommandException(ExitCode.Usage, "The name of a project is needed.");
        var node = await FindProjectAsync(client, names[0], cancellationToken).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.Refused, $"There is no project \"{names[0]}\", or you may not see it. List projects with: stemma ls");
        var depth = 1;
        for (; depth < names.Length && node.Kind != "dataset"; depth++)
        {
            if (await FindChildAsync(client, node.Id, names[depth], cancellationToken).ConfigureAwait(false) is not { } child)
                break;
            node = child;
        }

        return (node, string.Join('/', names.Skip(depth)));
    }

    /// <summary>Why there is nothing at an address, and how to see what is.</summary>
    /// <param name="rest">What <see cref="FindAsync"/> found nothing for.</param>
    public static CommandException Missing(string address, Node node, string rest)
    {
        var names = address.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var there = string.Join('/', names.SkipLast(rest.Split('/').Length));
        return new CommandException(ExitCode.Refused, $"There is no \"{rest}\" in \"{node.Name}\", or you may not see it. Look what is there with: stemma ls \"{there}\"");
    }

    /// <summary>A project or space by id or by exact name; null where there is none.</summary>
    /// <exception cref="CommandException">Several have that name.</exception>
    public static async Task<Node?> FindProjectAsync(StemmaClient client, string nameOrId, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(nameOrId, out var id))
            return await OrNullAsync(() => client.Nodes.GetAsync(id, cancellationToken)).ConfigureAwait(false);
        var found = new List<Node>();
        await foreach (var node in client.Nodes.ProjectsAsync(cancellationToken).ConfigureAwait(false))
            if (node.Name == nameOrId)
                found.Add(node);
        return found.Count switch
        {
            0 => null,
            1 => found[0],
            _ => throw new CommandException(ExitCode.Usage, $"{found.Count} projects are named \"{nameOrId}\". Say which by its id, which stemma ls -l shows: {string.Join(", ", found.Select(node => node.Id))}"),
        };
    }

    public static async Task<Node?> FindChildAsync(StemmaClient client, Guid parent, string name, CancellationToken cancellationToken)
    {
        await foreach (var node in client.Nodes.ChildrenAsync(parent, cancellationToken).ConfigureAwait(false))
            if (node.Name == name)
                return node;
        return null;
    }

    /// <summary>Finds where files are to go, making what is missing where asked to.</summary>
    /// <param name="into">Collections, and perhaps a dataset, below the project; null for the project itself.</param>
    public static async Task<Node> DestinationAsync(StemmaClient client, string project, string? into, bool create, CancellationToken cancellationToken)
    {
        var node = await FindProjectAsync(client, project, cancellationToken).ConfigureAwait(false);
        if (node is null && create && !Guid.TryParse(project, out _))
            node = await client.Nodes.CreateProjectAsync(project, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (node is null)
            throw new CommandException(ExitCode.Refused, $"There is no project \"{project}\", or you may not see it. List projects with: stemma ls; or make it with: --create");
        foreach (var name in (into ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var child = await FindChildAsync(client, node.Id, name, cancellationToken).ConfigureAwait(false);
            if (child is null && create)
                child = await client.Nodes.CreateChildAsync(node.Id, "collection", name, cancellationToken).ConfigureAwait(false);
            node = child ?? throw new CommandException(ExitCode.Refused, $"There is no \"{name}\" in \"{node.Name}\", or you may not see it. Make it with: --create");
        }

        return node;
    }

    public static async Task<T?> OrNullAsync<T>(Func<Task<T>> get) where T : class
    {
        try
        {
            return await get().ConfigureAwait(false);
        }
        catch (StemmaProblemException problem) when (problem.Status == 404)
        {
            return null;
        }
    }
}
